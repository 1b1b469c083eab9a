"""What changes shows at once on the screens that are open, and after a cut nothing is missed or shown twice."""

from collections.abc import Callable

from deploy.demo.people import Client
from tests.flows.conftest import People
from tests.flows.screens import about, screen

Send = Callable[[Client], str]


def test_a_new_case_shows_on_the_desk_and_the_claim_on_the_phone(people: People, send: Send) -> None:
    client, expert = people.client(), people.expert("anna")
    with screen(expert) as desk, screen(client) as phone:
        inspection_id = send(client)
        [opened] = about(desk, inspection_id, 1)
        assert expert.case(inspection_id)["state"] == "queued"
        assert int(opened["id"]) > 0
        expert.claim(inspection_id)
        kinds: list[str] = []
        while "claimed" not in kinds:
            kinds += [event["kind"] for event in about(phone, inspection_id, 1)]
    assert client.inspection(inspection_id)["state"] == "in_work"


def test_after_a_cut_the_screen_gets_what_it_missed_once(people: People, send: Send) -> None:
    client, expert = people.client(), people.expert("anna")
    inspection_id = send(client)
    expert.wait_until(inspection_id, "queued")
    with screen(expert) as desk:
        expert.claim(inspection_id)
        [claimed] = about(desk, inspection_id, 1)
    for number in range(3):
        expert.call("POST", f"/cases/{inspection_id}/notes", {"text": f"note {number}"})
    with screen(expert, last_event_id=claimed["id"]) as desk:
        missed = about(desk, inspection_id, 3)
        expert.call("POST", f"/cases/{inspection_id}/notes", {"text": "one more"})
        [fresh] = about(desk, inspection_id, 1)
    ids = [int(claimed["id"]), *(int(event["id"]) for event in missed), int(fresh["id"])]
    assert ids == sorted(set(ids))


def test_nobody_hears_of_other_peoples_inspections(people: People, send: Send) -> None:
    client, stranger = people.client(), people.client()
    with screen(stranger) as phone:
        send(client)
        own = send(stranger)
        first = next(phone)
    assert first["subject_id"] == own
