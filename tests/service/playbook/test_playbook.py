"""Templates and checks over the API."""

from uuid import uuid4

import httpx
import pytest

from bpa_service.api_ports import ApiPorts
from bpa_service.experts.domain import Role
from bpa_service.playbook import service
from tests.support.experts import sign_in

QUESTION = {"kind": "question", "title": "Closer", "text": "{car}: {shot} once more, please.", "shot": None}


async def headers(ports: ApiPorts, role: Role = Role.SENIOR) -> dict[str, str]:
    return (await sign_in(ports, role)).headers | {"Idempotency-Key": uuid4().hex}


async def test_a_template_is_added_changed_and_removed(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts
) -> None:
    made = await bpa_api.post("/api/v1/templates", json=QUESTION, headers=await headers(bpa_ports))
    assert made.status_code == 201, made.text
    path = f"/api/v1/templates/{made.json()['template_id']}"

    changed = await bpa_api.put(path, json=QUESTION | {"title": "Nearer"}, headers=await headers(bpa_ports))
    assert changed.json()["title"] == "Nearer"
    reader = await headers(bpa_ports, Role.EXPERT)
    assert "Nearer" in [
        one["title"] for one in (await bpa_api.get("/api/v1/templates", headers=reader)).json()["items"]
    ]

    assert (await bpa_api.delete(path, headers=await headers(bpa_ports))).status_code == 204
    assert (await bpa_api.delete(path, headers=await headers(bpa_ports))).status_code == 404


async def test_a_template_says_under_which_verdict_and_in_which_language(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts
) -> None:
    body = QUESTION | {"kind": "summary", "verdict": "clean", "language": "en"}

    made = await bpa_api.post("/api/v1/templates", json=body, headers=await headers(bpa_ports))
    assert (made.json()["verdict"], made.json()["language"]) == ("clean", "en")
    path = f"/api/v1/templates/{made.json()['template_id']}"
    changed = await bpa_api.put(path, json=QUESTION, headers=await headers(bpa_ports))

    assert (changed.json()["verdict"], changed.json()["language"]) == (None, None)
    wrong = await bpa_api.post(
        "/api/v1/templates", json=body | {"language": "fr"}, headers=await headers(bpa_ports)
    )
    assert wrong.status_code == 422
    await bpa_api.delete(path, headers=await headers(bpa_ports))


@pytest.mark.parametrize("text", ["{client}", "Dear {name}, {car}", "{}"])
async def test_what_nothing_can_be_put_in_for_is_refused(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts, text: str
) -> None:
    answer = await bpa_api.post(
        "/api/v1/templates", json=QUESTION | {"text": text}, headers=await headers(bpa_ports)
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_variable")
    assert "{number}" in answer.json()["detail"]


async def test_there_is_an_end_to_how_many_there_are(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = await bpa_api.get("/api/v1/checks", headers=await headers(bpa_ports))
    monkeypatch.setattr(service, "MAX_CHECKS", len(kept.json()["items"]))

    answer = await bpa_api.post(
        "/api/v1/checks",
        json={"shot": "vin_plate", "text": "Are the rivets original?", "required": False, "position": 1},
        headers=await headers(bpa_ports),
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "playbook_full")


async def test_checks_come_in_their_order(bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts) -> None:
    texts = [uuid4().hex for _ in range(3)]
    for position, text in zip((30, 10, 20), texts, strict=True):
        body = {"shot": "vin_plate", "text": text, "required": False, "position": position}
        made = await bpa_api.post("/api/v1/checks", json=body, headers=await headers(bpa_ports))
        assert made.status_code == 201, made.text

    listed = (await bpa_api.get("/api/v1/checks", headers=await headers(bpa_ports))).json()["items"]

    assert [one["text"] for one in listed if one["text"] in texts] == [texts[1], texts[2], texts[0]]
    for one in listed:
        gone = await bpa_api.delete(f"/api/v1/checks/{one['check_id']}", headers=await headers(bpa_ports))
        assert gone.status_code == 204
