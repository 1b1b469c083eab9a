"""docker-compose.yml: what it passes on are settings, the same for both where both have to agree, and told of."""

import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from bpa_service.settings import Settings as BpaSettings
from cabinet_service.settings import Settings as CabinetSettings

ROOT: Final = Path(__file__).parents[2]
SETTINGS: Final = {"cabinet": CabinetSettings, "bpa": BpaSettings}


def environment(service: str) -> dict[str, str]:
    document: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return document[f"x-{service}"]["environment"]


@pytest.mark.parametrize("service", SETTINGS)
def test_what_it_passes_on_are_settings(service: str) -> None:
    prefix = f"{service.upper()}_"
    for name in environment(service):
        setting = name.removeprefix(prefix).lower()
        assert name.startswith(prefix)
        assert setting in SETTINGS[service].model_fields or setting == "secrets_dir", name


def test_a_sandbox_can_be_run_by_it_and_led_to() -> None:
    both = [environment(service)[f"{service.upper()}_SANDBOX"] for service in SETTINGS]
    assert both == ["${SANDBOX:-false}"] * 2
    assert environment("cabinet")["CABINET_SANDBOX_URL"] == "${SANDBOX_URL:-}"


def test_traces_of_both_go_to_one_collector_and_only_if_it_is_named() -> None:
    told = [
        (
            environment(service)[f"{service.upper()}_OTLP_URL"],
            environment(service)[f"{service.upper()}_TRACE_RATIO"],
        )
        for service in SETTINGS
    ]
    assert told == [("${OTLP_URL:-}", "${TRACE_RATIO:-0.1}")] * 2


def test_what_is_set_by_variables_is_told_of_among_them() -> None:
    told = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    table = told.partition("| variable of `docker compose` |")[2].partition("\n\n")[0]
    named = set(re.findall(r"`([A-Z_]+)`", table))
    assert {"SANDBOX", "SANDBOX_URL", "OTLP_URL", "TRACE_RATIO"} <= named
