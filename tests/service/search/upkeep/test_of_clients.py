"""What clients sent is found by its words, is theirs, and leaves nothing once it is erased."""

from uuid import UUID

import pytest

from cabinet_service.search.documents import Inspections
from service_kit.search.documents import Document, NameKind, TextField
from shared_schemas.search_words import STATES
from shared_schemas.words import InspectionState
from tests.service.privacy.conftest import Crowd, crowd, services
from tests.service.search.upkeep.conftest import Keeper
from tests.support.both_services import BothServices

__all__ = ["crowd", "services"]


@pytest.fixture
def keeper(services: BothServices) -> Keeper:
    keeper = Keeper(services.cabinet.backbone, Inspections())
    services.sides[0].upkeep = keeper.upkeep
    return keeper


async def kept(keeper: Keeper) -> dict[UUID, Document]:
    await keeper.catch_up()
    return keeper.index.documents


async def test_what_was_sent_is_found_by_whoever_sent_it(crowd: Crowd, keeper: Keeper) -> None:
    await keeper.catch_up()
    one, other = await crowd.client(), await crowd.client()
    documents = await kept(keeper)
    cancelled, disputed, running, draft = one.inspection_ids
    assert set(documents) == {*one.inspection_ids, *other.inspection_ids} - {draft, other.inspection_ids[3]}
    for client in (one, other):
        for inspection_id in client.inspection_ids[:3]:
            document = documents[inspection_id]
            assert document.owner == str(client.person.account_id)
            assert client.mark in document.texts[TextField.ABOUT]
            assert f"Worry of {client.mark}" in document.texts[TextField.MESSAGES]
            assert f"Message of {client.mark}" in document.texts[TextField.MESSAGES]
            kinds = {name.kind for name in document.names}
            assert kinds == {NameKind.NUMBER, NameKind.PLATE, NameKind.CASE}
    assert STATES[InspectionState.CANCELLED] in documents[cancelled].texts[TextField.ABOUT]
    assert STATES[InspectionState.IN_WORK] in documents[running].texts[TextField.ABOUT]
    assert one.mark in documents[disputed].texts[TextField.ANSWER]
    assert {one.facets["company"] for one in documents.values()} == {frozenset({"-"})}
    assert (await keeper.compare()).count == 0


async def test_of_who_wants_to_be_forgotten_nothing_is_left(
    crowd: Crowd, keeper: Keeper, services: BothServices
) -> None:
    one, other = await crowd.client(), await crowd.client()
    await keeper.catch_up()
    bpa = Keeper(services.bpa.backbone)
    services.sides[1].upkeep = bpa.upkeep
    await bpa.catch_up()
    assert one.mark in str(bpa.index.kept)
    answer = await one.person.post("/me/erasure")
    assert answer.status_code < 300, answer.text
    await services.settle()
    for index in (keeper, bpa):
        documents = await kept(index)
        assert set(documents) == set(other.inspection_ids[:3])
        assert not [word for word in one.words if word in str(index.index.kept).lower()]
        assert (await index.compare()).count == 0
