"""A report shown to somebody without an account: decided, shared, amended, taken back."""

from collections.abc import Callable

import httpx

from deploy.demo.people import Client, Json, wait_for
from tests.flows.answering import answer
from tests.flows.conftest import People

Send = Callable[[Client], str]
PATIENCE = 30


def amended(stranger: httpx.Client, at: str) -> Json | None:
    """What the link shows, once that is the second version."""
    told: Json = stranger.get(at).json()
    return told if told["version"] == 2 else None


def test_a_link_shows_the_report_until_it_is_taken_back(people: People, send: Send) -> None:
    client, expert, senior = people.client(), people.expert("anna"), people.expert("vera")
    inspection_id = send(client)
    shares = f"/inspections/{inspection_id}/shares"
    expert.wait_until(inspection_id, "queued")
    expert.claim(inspection_id)
    answer(expert, inspection_id)
    client.wait_until(inspection_id, "answered")

    def reports(count: int) -> list[Json] | None:
        made: list[Json] = client.get(f"/inspections/{inspection_id}/reports")
        return made if len(made) == count else None

    [report] = wait_for(lambda: reports(1), "the report to be there", PATIENCE)
    share = client.call("POST", shares, {"code": "4815", "scope": {"history": False}, "reader": "seller"})
    token = share["url"].partition("#")[2]
    at = f"{client.base_url}/shared/{token}"
    with httpx.Client() as stranger:
        assert stranger.get(at).json()["code"] == "share_code_required"
        assert stranger.post(f"{at}/code", json={"code": "4815"}).status_code == 204
        opened = stranger.get(at)
        assert opened.status_code == 200, opened.text
        told = opened.json()
        assert (told["version"], told["is_newest"]) == (1, True)
        assert report["sha256"] in opened.text
        assert "The last digits stand lower." in opened.text
        assert "Are the digits genuine?" not in opened.text
        evidence_id = client.inspection(inspection_id)["evidence"][0]["id"]
        picture = stranger.get(f"{at}/photos/{evidence_id}")
        assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
        before = stranger.get(f"{at}/state")
        known = {"If-None-Match": before.headers["etag"]}
        assert stranger.get(f"{at}/state", headers=known).status_code == 304

        # A senior looks again at what the client disputes, and answers otherwise.
        client.call("POST", f"/inspections/{inspection_id}/disputes", {"reason": "It was re-marked."})
        case = senior.wait_until(inspection_id, "disputed")
        senior.claim(inspection_id)
        amendment = {
            "preliminary": False,
            "verdict": "doubts",
            "summary": "Legally re-marked; ask for the certificate.",
            "finding_ids": [finding["finding_id"] for finding in case["findings"]],
            "not_covered": [],
            "reason": "The certificate was shown.",
        }
        version = senior.case(inspection_id)["version"]
        path = f"/cases/{inspection_id}/amendments"
        senior.call("POST", path, amendment, if_match=f'"{version}"')
        client.wait_until(inspection_id, "answered")

        def is_told() -> Json | None:
            now = stranger.get(f"{at}/state", headers=known)
            return now.json() if now.status_code == 200 else None

        state = wait_for(is_told, "the open copy to be told", PATIENCE)
        new = wait_for(lambda: amended(stranger, at), "its report", PATIENCE)
        old = stranger.get(at, params={"version": 1}).json()
        assert (new["version"], new["read_before"]) == (2, 1)
        assert new["presented"]["sections"][0]["id"] == "changes"
        assert (old["is_newest"], old["newest_version"], state["newest_version"]) == (False, 2, 2)
        assert old["replaced_at"] == state["made_at"]

        [seen] = client.get(shares)
        assert (seen["views"], seen["browsers"], seen["shown"]) == (1, 1, [1, 2])
        client.call("DELETE", f"{shares}/{share['id']}")
        for path in ("", "?version=1", "/state", f"/photos/{evidence_id}"):
            assert stranger.get(f"{at}{path}").json()["code"] == "share_revoked"
