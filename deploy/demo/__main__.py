"""`make demo`: the main job from end to end, through the public APIs of a running `make run`.

A buyer photographs a car's marks and sends an inspection; an expert claims it, asks for a better photo, gets
it, and answers. Every step is printed as it happens, and at the end the inspection's timeline and its clock.
"""

import json
import os
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

import httpx
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deploy.demo import photos, vehicles
from deploy.demo.people import Client, Expert, Json, Refused, wait_for

ROOT: Final = Path(__file__).resolve().parents[2]
REAL_PHOTOS: Final = ROOT.parent / "shared" / "photos"
STAMPED_VIN: Final = "SAL1A2A40SA606662"
CLOSE_UP: Final = (2016, 1512)

console = Console()


class NotRunning(Exception):
    """There is no `make run` to talk to."""


def running_stack() -> Json:
    """What `make run` wrote about itself. Raises NotRunning."""
    try:
        run: Json = json.loads((_data() / "run.json").read_text(encoding="utf-8"))
        httpx.get(f"{run['cabinet_url']}/livez", timeout=3).raise_for_status()
        httpx.get(f"{run['bpa_url']}/livez", timeout=3).raise_for_status()
    except (OSError, ValueError, KeyError, httpx.HTTPError) as error:
        raise NotRunning(
            "Autodetective is not running here. Start it with `make run` in another terminal."
        ) from error
    return run


def _data() -> Path:
    """The folder of `make run`."""
    return Path(os.environ.get("AUTODETECTIVE_DATA", ROOT / ".data"))


def pictures() -> list[tuple[str, str, bytes]]:
    """The photos to send: (shot, what it is, bytes). Real ones where they lie beside the checkout."""
    real = sorted(REAL_PHOTOS.glob("yard-*.jpg"))
    stamped = REAL_PHOTOS / f"vin-stamped-{STAMPED_VIN}.jpg"
    if real and stamped.exists():
        return [
            ("vin_stamped", "the stamped number (a real photo)", stamped.read_bytes()),
            ("front", "the front (a real photo)", real[0].read_bytes()),
            ("rear", "the rear (a real photo)", real[1].read_bytes()),
        ]
    return [
        ("vin_stamped", "the stamped number (rendered)", photos.stamped_number(STAMPED_VIN)),
        ("vin_plate", "the plate (rendered, blurred)", photos.blurred(STAMPED_VIN)),
        ("front", "a photo that came out dark (rendered)", photos.dark(STAMPED_VIN)),
    ]


@contextmanager
def step(text: str) -> Generator[None]:
    """Print what is being done, and how long it took."""
    started = time.monotonic()
    console.print(f"  {text} …", end=" ", highlight=False, soft_wrap=True)
    yield
    console.print(f"[green]done[/] [dim]{(time.monotonic() - started) * 1000:.0f} ms[/]", highlight=False)


def main() -> int:
    try:
        play(running_stack())
    except (NotRunning, TimeoutError, Refused, httpx.HTTPError) as error:
        console.print(f"\n[red]{escape(str(error))}[/]", highlight=False)
        return 1
    return 0


def play(run: Json) -> None:
    """The whole story."""
    contact = f"buyer-{uuid4().hex[:8]}@example.com"
    expert_sign_in = next(person for person in run["people"] if person["role"] == "expert")
    login: str = expert_sign_in["login"]
    vehicles.dropped(_data() / "drop", STAMPED_VIN)
    with Client(run["cabinet_url"]) as buyer, Expert(run["bpa_url"]) as expert:
        console.print("[bold]The buyer, at a car yard[/]")
        with step(f"signs in as {contact} with a code"):
            buyer.sign_in(contact)
        inspection_id = send_inspection(buyer)
        console.print("[bold]The expert, at the desk[/]")
        with step(f"signs in as {login} with a password and a code"):
            expert.sign_in(login, expert_sign_in["password"], expert_sign_in["totp_secret"])
        case = work_on_case(buyer, expert, inspection_id)
        console.print("[bold]The buyer again[/]")
        with step("gets the answer"):
            answered = buyer.wait_until(inspection_id, "answered")
        show_answer(answered, case)
        show_timeline(buyer.get(f"/inspections/{inspection_id}/timeline?limit=200")["items"])
        show_clock(buyer.get(f"/inspections/{inspection_id}/clock"))
    console.print(
        "\nFour sources have delivered files about a car with this number; they are imported within two minutes. "
        f"What is known of it then: {run['bpa_url']}/vehicles/vin/{STAMPED_VIN}",
        highlight=False,
        soft_wrap=True,
    )


def send_inspection(buyer: Client) -> str:
    with step(f"types the number as it is often typed: {_typed(STAMPED_VIN)}"):
        draft = buyer.start(
            {"identifier": _typed(STAMPED_VIN), "make": "Land Rover", "year": 2025},
            worry="The seller says it was never repaired. The digits look uneven to me.",
        )
    inspection_id: str = draft["id"]
    with step("looks for the marks (photos of the demo are read, or rendered where there are none)"):
        taken = pictures()
    for shot, what, picture in taken:
        with step(f"photographs {what}, {len(picture) / 1024:.0f} KB"):
            buyer.upload(inspection_id, shot, picture)
    with step("sends the inspection"):
        sent = buyer.submit(inspection_id)
    console.print(f"  It is [bold]{sent['number']}[/]; the clock of 20 minutes runs.", highlight=False)
    return inspection_id


def work_on_case(buyer: Client, expert: Expert, inspection_id: str) -> Json:
    """From the queue to the decision; returns the case as it is in the end."""
    with step("sees it in the queue"):
        wait_for(lambda: _row(expert, inspection_id), "the case in the queue")
    with step("claims it"):
        expert.claim(inspection_id)
    with step("opens the photos over signed links"):
        evidence = expert.case(inspection_id)["evidence"]
        for photo in evidence:
            expert.open_photo(inspection_id, photo["evidence_id"], "original")
    place: Json = {
        "evidence_id": evidence[0]["evidence_id"],
        "region": {"x": 0.55, "y": 0.3, "width": 0.3, "height": 0.4},
    }
    with step("asks for a closer photo; once the buyer was told, the clock stands still"):
        task = expert.ask(
            inspection_id,
            "Please photograph the last four digits from 20 cm.",
            shot="vin_stamped",
            place=place,
        )
        expert.wait_until(inspection_id, "waiting_client")
    with step("(the buyer reads the mail and photographs it again)"):
        buyer.wait_until(inspection_id, "waiting_client")
        closer = photos.stamped_number(STAMPED_VIN, size=CLOSE_UP)
        again = buyer.upload(inspection_id, "vin_stamped", closer, info_task_id=task["task_id"])
        buyer.fulfil(inspection_id, task["task_id"], {"evidence_ids": [again["id"]]})
    with step("sees the new photo; the clock runs again"):
        expert.wait_until(inspection_id, "in_work")
    with step("marks what is wrong, on the photo"):
        finding = expert.find(
            inspection_id,
            "The last four digits stand lower and closer than the others.",
            severity="anomaly",
            places=[place, {"evidence_id": again["id"]}],
        )
    with step("decides"):
        expert.decide(
            inspection_id,
            "forgery_signs",
            "The stamped number shows signs of alteration.",
            advice="Do not pay a deposit. Ask the seller for the certificate of re-marking.",
            finding_ids=[finding["finding_id"]],
            not_covered=["history of the car: no source was asked"],
        )
    return expert.case(inspection_id)


def _typed(vin: str) -> str:
    """A VIN with spaces, in small letters and with a Cyrillic А, as people type it."""
    return f"{vin[:3]} {vin[3:9]} {vin[9:]}".lower().replace("a", "а", 1)


def _row(expert: Expert, case_id: str) -> Json | None:
    rows: list[Json] = expert.get("/queue?view=all&limit=200")["items"]
    return next((row for row in rows if row["id"] == case_id), None)


def show_answer(inspection: Json, case: Json) -> None:
    decision = inspection["decision"]
    console.print()
    console.print(f"[bold]{inspection['number']}: {decision['verdict']}[/] — {escape(decision['summary'])}")
    console.print(f"What to do now: {escape(decision['advice'] or '')}")
    for finding in decision["findings"]:
        places = len(finding["places"])
        console.print(
            f"  • {finding['severity']}: {escape(finding['text'])} [dim]({places} places marked)[/]"
        )
        if finding["explanation"]:
            console.print(f"    explained: {escape(finding['explanation'])}")
    console.print(f"Not covered: {escape('; '.join(decision['not_covered']))}")
    console.print(f"[dim]The case has {len(case['evidence'])} photos and is at version {case['version']}.[/]")


def show_timeline(entries: list[Json]) -> None:
    table = Table(title="Timeline", title_justify="left", box=None, padding=(0, 2))
    for heading in ("at", "who", "what"):
        table.add_column(heading, style="dim" if heading == "at" else "")
    for entry in sorted(entries, key=lambda entry: entry["at"]):
        at = datetime.fromisoformat(entry["at"]).astimezone()
        table.add_row(f"{at:%H:%M:%S.%f}"[:-3], escape(entry["who"]), escape(entry["kind"]))
    console.print()
    console.print(table)


def show_clock(answer: Json) -> None:
    """The itemised account, and what its lines add up to."""
    lines: list[Json] = answer["lines"]
    table = Table(title="Clock", title_justify="left", box=None, padding=(0, 2), show_header=False)
    table.add_column(overflow="fold")
    table.add_column(justify="right")
    for line in lines:
        label = f"paused, {line['cause']}: {line['asked']}" if line["cause"] else "ran"
        table.add_row(escape(label), _length(line["seconds"]))
    paused = sum(line["seconds"] for line in lines if line["cause"])
    wall = sum(line["seconds"] for line in lines)
    table.add_section()
    table.add_row("used", f"{_length(wall - paused)} of {_length(answer['clock']['budget_seconds'])}")
    table.add_row("paused", _length(paused))
    table.add_row("on the wall", _length(wall))
    console.print()
    console.print(table)


def _length(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}:{rest:02}"


if __name__ == "__main__":
    sys.exit(main())
