"""No key, password, token, code or contact is in a log, a span or an answer that refuses, whatever goes wrong."""

import asyncio
from typing import Final
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest

from deploy.demo.people import Client, Json, Person, Refused, wait_for
from deploy.embedded.stack import Stack
from tests.factories.photos import jpeg
from tests.flows import traces
from tests.flows.conftest import VIN, People
from tests.support.collector import Collector, Seen

CONTACT = "nobody-tells-this@example.com"
UNLUCKY = "nor-this-one@example.com"
PASSWORD = "a password that nobody tells"
TURN: Final = 4  # it stops the database
SETTINGS: Final = traces.SETTINGS


def test_no_log_no_span_and_no_refusal_tells_a_secret(
    people: People, stack: Stack, collector: Collector
) -> None:
    client, expert = people.client(CONTACT), people.expert("anna")
    inspection_id: str = client.start({"identifier": VIN})["id"]
    client.upload(inspection_id, "vin_stamped", jpeg(333, 240))
    client.submit(inspection_id)
    expert.wait_until(inspection_id, "queued")
    secrets = _keys_and_passwords(stack) | {
        "contact": CONTACT,
        "unlucky": UNLUCKY,
        "password": PASSWORD,
        "client's token": _bearer(client),
        "expert's token": _bearer(expert),
        "code": next(mail["code"] for mail in client.mails_to(CONTACT) if mail.get("code")),
    }

    refusals = [*_refused(stack, client), _refused_by_the_database(stack)]
    if "postgres" in stack.processes:  # or else the server is not ours to stop
        stack.processes["postgres"].stop()
        refusals += _refused(stack, client)

    said = {path.name: path.read_text(errors="replace") for path in stack.data.logs.iterdir()}
    assert "CheckViolationError" in said["cabinet-api.log"]  # it was told of, without the contact
    said["the refusals"] = "\n".join(refusals)
    wait_for(lambda: _refused_in_spans(collector), "the spans of what was refused")
    said["the spans"] = "\n".join(span.text for span in collector.spans)
    told = [
        (what, where) for where, text in said.items() for what, secret in secrets.items() if secret in text
    ]
    assert told == []


def _refused_in_spans(collector: Collector) -> Seen | None:
    return next((span for span in collector.spans if span.facts.get("error.type") == "500"), None)


def _keys_and_passwords(stack: Stack) -> dict[str, str]:
    found: dict[str, str] = {}
    for service in (stack.cabinet, stack.bpa):
        for name, value in stack.environment_of(service).items():
            if name.endswith(("_KEYS", "_PASSWORD")):
                found[name] = value
            elif name.endswith("_URL") and (password := urlsplit(value).password):
                found[name] = password
    assert len(found) >= 8
    return found


def _bearer(person: Person) -> str:
    return person.headers["Authorization"].removeprefix("Bearer ")


def _refused(stack: Stack, client: Client) -> list[str]:
    """What the services answer to secrets in the wrong places."""
    token = _bearer(client)
    by_code: Json = {"challenge_id": VIN, "code": PASSWORD, "carrier": CONTACT}
    by_password: Json = {"login": "anna", "password": PASSWORD, "carrier": "bearer"}
    asked: list[tuple[str, str, Json]] = [
        (stack.cabinet.url, "/auth/codes", {"contact": f"{CONTACT} {PASSWORD}"}),
        (stack.cabinet.url, "/auth/codes", {"contact": [CONTACT], "language": PASSWORD}),
        (stack.cabinet.url, "/auth/sessions", by_code),
        (stack.cabinet.url, "/auth/tokens", {"refresh_token": token}),
        (stack.cabinet.url, "/inspections", {"claim": {"identifier": CONTACT * 100}, "worry": [token]}),
        (stack.bpa.url, "/auth/sessions", by_password),
        (stack.bpa.url, "/auth/sessions", by_password | {"password": [PASSWORD], "carrier": PASSWORD}),
        (stack.bpa.url, "/auth/tokens", {"refresh_token": token}),
        (stack.bpa.url, f"/cases/{VIN}/claim?token={token}", {}),
    ]
    headers = {"Authorization": f"Bearer {token}", "Cookie": f"autodetective_client={token}x"}
    answers = [
        httpx.post(f"{url}/api/v1{path}", json=body, headers=headers, timeout=60) for url, path, body in asked
    ]
    assert all(answer.is_error for answer in answers)
    return [f"{answer.headers}\n{answer.text}" for answer in answers]


def _refused_by_the_database(stack: Stack) -> str:
    """What cabinet answers when a statement with a contact in it fails as nobody foresaw."""

    async def forbid() -> None:
        connection = await asyncpg.connect(stack.superuser_url_of(stack.cabinet))
        await connection.execute(
            f"ALTER TABLE account_contacts ADD CONSTRAINT unforeseen CHECK (value <> '{UNLUCKY}')"
        )
        await connection.close()

    asyncio.run(forbid())
    with Client(stack.cabinet.url) as unlucky, pytest.raises(Refused) as refused:
        unlucky.sign_in(UNLUCKY)
    assert refused.value.status == 500
    return str(refused.value)
