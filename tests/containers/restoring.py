"""The worst day: all that the containers held is destroyed, and comes back from a backup (docs/backups.md)."""

import os
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx

from deploy.backup import sealing
from deploy.demo.people import TIMEOUT, Client, Expert, Json, Person, wait_for
from tests.containers.compose import ENGINES, SERVICES, Compose
from tests.containers.job import Job
from tests.containers.looks import look_for_what_is_left
from tests.containers.rolling import Traffic
from tests.containers.steps import NotAsPromised, say

USER: Final = 10001


@dataclass(frozen=True)
class Backup:
    """Where it lies for the container, and the file that opens it."""

    folder: str
    key: Path


@dataclass(frozen=True)
class Sessions:
    """Of clients and an expert: they outlive what the services run on, as their rows do."""

    clients: tuple[str, ...]
    expert: str


def back_up(compose: Compose, folder: Path) -> Backup:
    """While everything runs."""
    backups, key = folder / "backups", folder / "backup.key"
    backups.mkdir()
    os.chown(backups, USER, USER)
    compose.settings["BACKUPS"] = str(backups)
    public = sealing.make_key(key)
    said = compose.call("run", "--rm", "-T", "backup", "take", "/backups", "--key", public)
    [made] = backups.iterdir()
    say(_last_line(said))
    return Backup(f"/backups/{made.name}", key)


def destroy(compose: Compose) -> None:
    """Nothing is left but the secrets and the backup."""
    compose.call("down", "-v", "--remove-orphans")
    look_for_what_is_left(compose)


def restore(compose: Compose, backup: Backup) -> None:
    """As docs/backups.md says it: the engines, what they held, and then the services."""
    compose.up(*ENGINES)
    words = ("run", "--rm", "-T", "backup", "restore", backup.folder, "--key", "/dev/stdin")
    said = compose.call(*words, given=backup.key.read_text())
    say(_last_line(said).partition(". ")[0])
    compose.up()
    for service in SERVICES:
        compose.command(f"{service}-api", "resync")


def sessions(traffic: Traffic) -> Sessions:
    """As they are now: they last for some minutes."""
    return Sessions(
        clients=tuple(_token(buyer.client) for buyer in traffic.buyers),
        expert=_token(traffic.judges[0].expert),
    )


def _token(person: Person) -> str:
    return person.headers["Authorization"].removeprefix("Bearer ")


def answers(job: Job, sessions: Sessions) -> dict[str, Json]:
    """Each answered case by its id: what its client has of it, what the desk has, and every file."""
    seen: dict[str, Json] = {}
    with Expert(job.urls["bpa"]) as expert:
        expert.use_token(sessions.expert)
        for token in sessions.clients:
            with Client(job.urls["cabinet"]) as client:
                client.use_token(token)
                for row in _answered(client):
                    seen[row["id"]] = _as_client(client, row["id"]) | _at_desk(expert, row["id"])
    return seen


def _at_desk(expert: Expert, case_id: str) -> Json:
    case = expert.case(case_id)
    del case["reckoning"]["at"]  # when it was asked for
    return {"desk": case}


def _answered(client: Client) -> list[Json]:
    rows: list[Json] = client.get("/inspections?limit=100")["items"]
    return [row for row in rows if row["state"] == "answered"]


def _as_client(client: Client, case_id: str) -> Json:
    path = f"/inspections/{case_id}"
    inspection, report = client.inspection(case_id), f"{path}/reports/1"
    photos = [f"{path}/evidence/{photo['id']}/original" for photo in inspection["evidence"]]
    return {
        "client": inspection,
        "timeline": client.get(f"{path}/timeline?limit=200"),
        "report": client.get(report),
        "files": {file: _digest(client, file) for file in (*photos, f"{report}/pdf")},
    }


def _digest(client: Client, path: str) -> str:
    """Of a file; a PDF that is being made is waited for."""

    def made() -> bytes | None:
        answer = httpx.get(f"{client.base_url}{path}", headers=client.headers, timeout=TIMEOUT)
        return answer.raise_for_status().content if answer.status_code == HTTPStatus.OK else None

    return sha256(wait_for(made, path)).hexdigest()


def hold_against(before: dict[str, Json], after: dict[str, Json]) -> None:
    """Raises NotAsPromised unless they are the same, and there are some."""
    if not before:
        raise NotAsPromised("no case was answered: nothing can be compared")
    if differing := [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]:
        first = differing[0]
        raise NotAsPromised(
            f"{len(differing)} cases are not what they were:\n{before.get(first)}\n{after.get(first)}"
        )
    files = sum(len(one["files"]) for one in before.values())
    say(f"{len(before)} answered cases and {files} files of theirs are what they were, on both sides")


def _last_line(said: str) -> str:
    return said.strip().splitlines()[-1]
