"""Consents: words in versions, given and taken back, and what depends on them."""

from collections.abc import Mapping
from typing import Any, Final, cast

import httpx
import pytest

from cabinet_service.api_ports import ApiPorts
from cabinet_service.consents import documents
from cabinet_service.consents.documents import IN_FORCE, Document
from tests.factories.photos import jpeg
from tests.service.inspections.conftest import Person
from tests.support import clients
from tests.support.delivery import announced

# Whoever changes words that somebody may have agreed to fails here: a change is a new version.
DIGESTS: Final[Mapping[tuple[Document, int, str], str]] = {
    (Document.PERSONAL_DATA, 1, "ru"): "eea34895530a314391f7d4d55990814d7bc614bed797f2365655326f9fe47060",
    (Document.PERSONAL_DATA, 1, "en"): "bea686b7a3c1a61bb029ca937a9d09910ca90f81bcd456383d6ad49eafd9a540",
}


@pytest.fixture
async def newcomer(cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts) -> Person:
    """A client who has not agreed to anything yet, with a draft that is complete."""
    return Person(cabinet_api, await clients.sign_in(cabinet_ports, "new@example.com", consents=False))


async def complete_draft(client: Person) -> str:
    draft = await client.start()
    assert (await client.send_file(draft["id"], jpeg())).status_code == 201
    inspection_id: str = draft["id"]
    return inspection_id


def agreement(version: int = 1) -> dict[str, Any]:
    return {"document": "personal_data", "version": version, "language": "ru"}


async def is_given(client: Person) -> bool:
    given: bool = (await client.get("/consents")).json()["documents"][0]["given"]
    return given


def test_words_that_were_in_force_never_change() -> None:
    for document, newest in IN_FORCE.items():
        for version in range(1, newest + 1):
            for wording in documents.wordings(document, version):
                assert wording.sha256.hex() == DIGESTS[document, version, wording.language]


async def test_nothing_is_sent_without_consent_and_nothing_is_lost(
    newcomer: Person, cabinet_ports: ApiPorts
) -> None:
    draft = await complete_draft(newcomer)
    refused = await newcomer.post(f"/inspections/{draft}/submit", key="the-same-key")
    assert refused.status_code == 409
    assert refused.json()["code"] == "consent_required"
    assert refused.json()["params"] == {"document": "personal_data", "version": 1}
    assert (await newcomer.inspection(draft))["state"] == "draft"
    assert await announced(cabinet_ports.backbone) == []

    assert not await is_given(newcomer)
    given = await newcomer.post("/consents", agreement())
    assert given.status_code == 201
    assert await is_given(newcomer)
    sent = await newcomer.post(f"/inspections/{draft}/submit", key="the-same-key")
    assert sent.status_code == 200
    assert sent.json()["state"] == "submitted"


async def test_a_record_names_the_words_by_their_digest(newcomer: Person) -> None:
    shown = (await newcomer.get("/consents")).json()["documents"][0]
    given = (await newcomer.post("/consents", agreement())).json()
    [words] = [one for one in shown["wordings"] if one["language"] == "ru"]
    assert given["sha256"] == words["sha256"]
    assert given["act"] == "given"
    again = (await newcomer.post("/consents", agreement())).json()
    assert again == given
    assert (await newcomer.get("/consents")).json()["records"] == [given]


async def test_after_a_withdrawal_nothing_new_is_sent_and_what_was_sent_goes_on(client: Person) -> None:
    sent = await complete_draft(client)
    assert (await client.post(f"/inspections/{sent}/submit")).status_code == 200
    draft = await complete_draft(client)

    withdrawn = await client.post("/consents/personal_data/withdrawal")
    assert withdrawn.status_code == 201
    assert withdrawn.json()["act"] == "withdrawn"
    assert (await client.post(f"/inspections/{draft}/submit")).json()["code"] == "consent_required"
    assert (await client.post(f"/inspections/{sent}/messages", {"text": "Still here."})).status_code == 201

    twice = await client.post("/consents/personal_data/withdrawal")
    assert twice.json()["code"] == "consent_not_given"
    acts = [record["act"] for record in (await client.get("/consents")).json()["records"]]
    assert acts == ["given", "withdrawn"]


async def test_a_newer_version_is_asked_for_at_the_next_submit(
    client: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = await complete_draft(client)
    assert (await client.post(f"/inspections/{sent}/submit")).status_code == 200
    draft = await complete_draft(client)
    words = documents.wording(Document.PERSONAL_DATA, 1, "ru")

    def newer(*_: object) -> documents.Wording:
        return words

    monkeypatch.setattr(documents, "wording", newer)
    monkeypatch.setitem(cast("dict[Document, int]", IN_FORCE), Document.PERSONAL_DATA, 2)

    assert (await client.post(f"/inspections/{sent}/messages", {"text": "Hello."})).status_code == 201
    refused = await client.post(f"/inspections/{draft}/submit")
    assert refused.json()["params"] == {"document": "personal_data", "version": 2}
    assert (await client.post("/consents", agreement(1))).json()["code"] == "consent_outdated"
    assert (await client.post("/consents", agreement(2))).status_code == 201
    assert (await client.post(f"/inspections/{draft}/submit")).status_code == 200
