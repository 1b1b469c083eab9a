"""The unit files of deploy/systemd, as systemd reads them."""

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from service_kit.entry import PROCESSES

UNITS = sorted((Path(__file__).parents[2] / "deploy" / "systemd").glob("*.service"))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_understands_the_unit(unit: Path, tmp_path: Path) -> None:
    here = unit.read_text(encoding="utf-8").replace("/opt/autodetective/.venv/bin/python", sys.executable)
    (tmp_path / unit.name).write_text(here, encoding="utf-8")
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit.name)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize("service", ["cabinet", "bpa"])
def test_there_is_a_unit_for_every_service_and_what_it_starts_is_there(service: str) -> None:
    [unit] = [unit for unit in UNITS if unit.stem == f"autodetective-{service}@"]
    assert f"python -m {service}_service %i\n" in unit.read_text(encoding="utf-8")
    assert find_spec(f"{service}_service.__main__") is not None
    instances = set(re.findall(r"@(\w+)[, .]", unit.read_text(encoding="utf-8")))
    assert instances == set(PROCESSES) - {"background"}
