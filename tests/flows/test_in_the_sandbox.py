"""A partner's whole program in a sandbox: no person answers, the numbers say what becomes of each car."""

import csv
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from deploy.demo.people import Json, wait_for
from shared_schemas import vin
from tests.flows.partners import EXAMPLES, Partner, packages, partner
from tests.support.limits import UNLIMITED_ENVIRONMENT

__all__ = ["packages", "partner"]

pytestmark = pytest.mark.busless
SETTINGS: Final = UNLIMITED_ENVIRONMENT | {"CABINET_SANDBOX": "true", "BPA_SANDBOX": "true"}
OUTCOMES: Final = {
    "CLEAN": "clean",
    "MAYBE": "doubts",
    "FAKED": "forgery_signs",
    "VAGUE": "insufficient_data",
    "LATER": "clean",
    "ASKED": "insufficient_data",  # what is asked for is declined
    "BREAK": "clean",
    "ARGUE": "doubts",
}
EACH: Final = 2
LISTED: Final = "/inspections?limit=50"
PATIENCE: Final = 300.0
OVER_THE_TIME: Final = 25 * 60


def test_a_program_alone_sees_each_thing_that_may_become_of_a_car(
    partner: Partner, packages: Path, photo: Callable[[], bytes], tmp_path: Path
) -> None:
    cars, photos, reports = tmp_path / "cars.csv", tmp_path / "photos", tmp_path / "reports"
    photos.mkdir()
    reports.mkdir()
    with cars.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("reference", "vin"))
        for word in OUTCOMES:
            for serial in range(EACH):
                table.writerow((f"{word}{serial}", number(word, serial)))
                (photos / f"{word}{serial}.jpg").write_bytes(photo())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    told = {"HOOK_URL": f"http://127.0.0.1:{port}/hooks", "HOOK_PORT": port}
    paths = os.pathsep.join((str(packages / "python"), str(EXAMPLES)))
    with subprocess.Popen(
        [sys.executable, str(EXAMPLES / "whole_program.py"), str(cars), str(photos), str(reports)],
        env=partner.environment | told | {"PYTHONPATH": paths},
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        moved = set[str]()
        give_up = time.monotonic() + PATIENCE
        try:
            while program.poll() is None and time.monotonic() < give_up:
                for one in partner.admin.get(LISTED)["items"]:
                    help_along(partner, one, moved)
                time.sleep(0.5)
        finally:
            program.kill()
        _, wrong = program.communicate()
    assert program.returncode == 0, wrong or partner.admin.get(LISTED)

    kept = [json.loads(one.read_text(encoding="utf-8")) for one in reports.iterdir()]
    assert len(kept) == EACH * len(OUTCOMES)
    answered = partner.admin.get(LISTED)["items"]
    assert all(one["is_test"] for one in answered)
    assert sorted(map(outcome, answered)) == sorted(EACH * [*OUTCOMES.items()])
    assert len(moved) == EACH

    argued = next(one for one in answered if word_of(one) == "ARGUE")
    partner.admin.call(
        "POST", f"/inspections/{argued['id']}/disputes", {"reason": "It is as it left the works."}
    )

    def amended() -> Json | None:
        decision: Json = partner.admin.inspection(argued["id"])["decision"]
        return decision if decision["version"] > 1 else None

    assert wait_for(amended, "the amendment")["verdict"] == "clean"


def help_along(partner: Partner, inspection: Json, moved: set[str]) -> None:
    """What only the partner can do: let time pass where nobody takes the car, and say no to what is asked."""
    word, at = word_of(inspection), f"/inspections/{inspection['id']}"
    if word == "LATER" and inspection["state"] == "queued" and inspection["id"] not in moved:
        partner.admin.call("POST", f"{at}/time-advances", {"seconds": OVER_THE_TIME})
        moved.add(inspection["id"])
    if word == "ASKED" and inspection["state"] == "waiting_client":
        [asked] = partner.admin.get(at)["info_tasks"]
        if asked["state"] == "open":  # it stays in that state until the experts' side has heard of the no
            partner.admin.refuse(inspection["id"], asked["id"], {"reason": "no_access"})


def number(word: str, serial: int) -> str:
    """A number of the sandbox, with the check digit that belongs there."""
    draft = f"0AD{word}0R{serial:07d}"
    return f"{draft[:8]}{vin.compute_check_digit(draft)}{draft[9:]}"


def word_of(inspection: Json) -> str:
    return str(inspection["identifier"]).replace(" ", "")[3:8]


def outcome(inspection: Json) -> tuple[str, Any]:
    return word_of(inspection), inspection["verdict"]
