"""Sources are asked when an order comes, by the worker: who answers is heard, and who hangs delays nobody."""

import json
from collections.abc import Callable, Iterator
from typing import Final

import httpx
import pytest

from deploy.demo.people import Client, Expert, Json, wait_for
from deploy.embedded.processes import free_port
from tests.flows.conftest import VIN_CLAIM, People
from tests.support.limits import UNLIMITED_ENVIRONMENT
from tests.support.played_source import HANGS, PlayedSource, answer, played_beside

PATIENCE: Final = 60.0
PLATE: Final = "AB123C"
OTHER_PLATE: Final = "XZ987D"
PORT: Final = free_port()
ADDRESS: Final = f"http://127.0.0.1:{PORT}"
SETTINGS: Final = UNLIMITED_ENVIRONMENT | {
    "BPA_SOURCES": "rdw,dvsa_mot_api",
    "BPA_SOURCE_ADDRESSES": json.dumps({"rdw": ADDRESS, "dvsa_mot_api": ADDRESS}),
    "BPA_SOURCE_HEADERS": json.dumps({"rdw": {"X-App-Token": "known-to-two"}}),
}
REGISTERED: Final[list[Json]] = [
    {"kenteken": PLATE, "voertuigsoort": "Personenauto", "merk": "OPEL", "tellerstandoordeel": "Logisch"}
]


@pytest.fixture(scope="module")
def source() -> Iterator[PlayedSource]:
    with played_beside(PORT) as played:
        played.answers[f"/resource/m9d7-ebf2.json?kenteken={PLATE}"] = answer(REGISTERED)
        played.answers[f"/v1/trade/vehicles/registration/{PLATE}"] = HANGS
        played.answers[f"/resource/m9d7-ebf2.json?kenteken={OTHER_PLATE}"] = answer(REGISTERED)
        played.answers[f"/v1/trade/vehicles/registration/{OTHER_PLATE}"] = answer([])
        yield played


def ordered(client: Client, photo: bytes) -> str:
    inspection_id: str = client.start({**VIN_CLAIM, "plate": PLATE})["id"]
    client.upload(inspection_id, "vin_stamped", photo)
    client.submit(inspection_id)
    return inspection_id


def asked(expert: Expert, case_id: str, source: str) -> Json:
    """What came of asking a source."""
    enquiries = expert.get(f"/cases/{case_id}/vehicle/enquiries")["enquiries"]
    return next(one for one in enquiries if one["source"] == source)


def answered(expert: Expert, case_id: str) -> Json:
    """What the one that answers has answered."""

    def found() -> Json | None:
        one = asked(expert, case_id, "rdw")
        return one if one["records"] else None

    return wait_for(found, "the answer of the source", PATIENCE)


def test_who_answers_is_heard_and_who_hangs_delays_nobody(
    source: PlayedSource, people: People, photo: Callable[[], bytes]
) -> None:
    client, expert = people.client(), people.expert("anna")
    case_id = ordered(client, photo())
    expert.wait_until(case_id, "queued", patience=PATIENCE)
    expert.claim(case_id)

    first = answered(expert, case_id)
    assert (first["records"], first["asked_by"], first["cached"]) == (1, "plate", False)
    hanging = asked(expert, case_id, "dvsa_mot_api")
    assert {one["state"] for one in hanging["blocks"]} <= {"running", "failed"}

    second = ordered(client, photo())
    expert.wait_until(second, "queued", patience=PATIENCE)
    again = answered(expert, second)
    assert (again["cached"], again["asked_at"]) == (True, first["asked_at"])
    assert source.asked[f"/resource/m9d7-ebf2.json?kenteken={PLATE}"] == 1


def test_a_history_is_made_without_an_inspection(source: PlayedSource, people: People) -> None:
    client = people.client()
    order = client.call("POST", "/histories", {"text": OTHER_PLATE, "kind": "plate"})
    path = f"/histories/{order['id']}"

    def made() -> Json | None:
        found: Json = client.get(path)
        return found if found["made_at"] else None

    wait_for(made, "the report of the history", PATIENCE)
    report = client.get(f"{path}/report")
    assert report["presented"]["masthead"]["verdict"] is None
    assert "RDW" in str(report["presented"]["sections"])
    share = client.call("POST", f"{path}/shares", {})
    token = share["url"].partition("#")[2]
    with httpx.Client() as stranger:
        assert stranger.get(f"{client.base_url}/shared/{token}").json()["is_newest"] is True
        told = stranger.get(f"{client.base_url}/verify/{report['code']}").json()
    assert told["state"] == "genuine"
    assert source.asked[f"/v1/trade/vehicles/registration/{OTHER_PLATE}"] == 1
