"""An answer becomes a report, through both running services; amended, the new one stands beside the old."""

from collections.abc import Callable

from deploy.demo.people import Client, Json, wait_for
from tests.flows.answering import answer
from tests.flows.conftest import People

Send = Callable[[Client], str]


def report_of(client: Client, inspection_id: str, version: int) -> Json:
    """The list of reports, once that version is among them."""

    def there() -> list[Json] | None:
        listed: list[Json] = client.get(f"/inspections/{inspection_id}/reports")
        return listed if version in {one["version"] for one in listed} else None

    listed = wait_for(there, f"report {version}")
    [one] = [one for one in listed if one["version"] == version]
    return one


def read(client: Client, inspection_id: str, version: int, query: str = "") -> Json:
    return client.get(f"/inspections/{inspection_id}/reports/{version}{query}")


def test_an_answer_becomes_a_report_and_an_amendment_another(people: People, send: Send) -> None:
    client, expert, senior = people.client(), people.expert("anna"), people.expert("vera")
    inspection_id = send(client)
    expert.wait_until(inspection_id, "queued")
    expert.claim(inspection_id)
    answer(expert, inspection_id)

    first = report_of(client, inspection_id, 1)

    assert (first["replaces"], first["is_newest"]) == (None, True)
    [at_the_desk] = expert.get(f"/cases/{inspection_id}/reports")
    assert (at_the_desk["sha256"], at_the_desk["report_id"]) == (first["sha256"], first["report_id"])
    told = read(client, inspection_id, 1, "?language=en")["presented"]
    assert told["masthead"]["verdict"] == "forgery_signs"
    assert "Signs of alteration." in str(told)
    assert "The last digits stand lower." in str(told)

    seen = senior.case(inspection_id)
    body = {
        "verdict": "insufficient_data",
        "summary": "It cannot be told.",
        "reason": "A certificate was shown.",
        "not_covered": ["the stamped number"],
        "left_out": [
            {"finding_id": finding["finding_id"], "reason": "A reflection."} for finding in seen["findings"]
        ],
    }
    before = senior.call("POST", f"/cases/{inspection_id}/report/preview?language=en", body)
    senior.call("POST", f"/cases/{inspection_id}/amendments", body, if_match=f'"{seen["version"]}"')

    second = report_of(client, inspection_id, 2)

    assert (second["replaces"], second["is_newest"]) == (1, True)
    assert report_of(client, inspection_id, 1) == first | {"is_newest": False}
    new = read(client, inspection_id, 2, "?language=en")
    assert new["presented"]["sections"][0]["id"] == "changes"
    assert before["sections"][0] == new["presented"]["sections"][0]
    assert "A certificate was shown." in str(new["presented"])
