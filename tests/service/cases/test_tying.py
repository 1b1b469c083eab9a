"""Two open cases of one car, tied: said on both, told to whom it concerns; nothing goes from one to the other."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from bpa_service.cases.core.errors import CaseErased, WrongCaseState
from bpa_service.cases.holding import service as holding
from bpa_service.cases.known.queries import known
from bpa_service.cases.tying import queries, service
from bpa_service.cases.tying.errors import TiedToItself, TooManyTies
from bpa_service.experts.domain import Role
from service_kit.http.problems import NotFound
from shared_schemas.events import cabinet_v1 as cabinet
from tests.service.cases.conftest import START, Desk, at
from tests.service.cases.queued import rows
from tests.support.experts import sign_in


async def pair(desk: Desk) -> tuple[UUID, UUID]:
    return await desk.opened("A-0000001"), await desk.opened("A-0000002")


async def tied(desk: Desk, case_id: UUID) -> dict[UUID, str]:
    """By whom the case is tied to others."""
    async with desk.ports.backbone.database.reading() as session:
        found = await known(session, case_id)
    assert found is not None
    return {one.case.id: one.tie.by_name for one in found.others if one.tie}


async def told(desk: Desk) -> list[tuple[UUID, UUID]]:
    async with desk.ports.backbone.database.reading() as session:
        found = await session.fetch("SELECT expert_id, case_id FROM notifications WHERE kind = 'tied'")
    return [(row["expert_id"], row["case_id"]) for row in found]


async def test_both_cases_say_so_and_the_holder_of_the_other_is_told(desk: Desk) -> None:
    mine, other = await pair(desk)
    await desk.claim(mine, desk.anna)
    await desk.claim(other, desk.boris)
    before = (await desk.case(mine), await desk.case(other))

    await desk.do(service.tie, mine, other, by=desk.anna)

    assert (await tied(desk, mine), await tied(desk, other)) == (
        {other: desk.anna.display_name},
        {mine: desk.anna.display_name},
    )
    assert await told(desk) == [(desk.boris.id, other)]
    for case in before:
        assert (await desk.trail(case.id))[-1] == "case_tied"
        after = await desk.case(case.id)
        assert after.version == case.version + 1
        assert (after.state, after.holder_id, after.claim, after.client) == (
            case.state,
            case.holder_id,
            case.claim,
            case.client,
        )
    assert {row.id: row.known.tied for row in await rows(desk)} == {mine: True, other: True}


async def test_tied_twice_from_either_side_it_is_one_tie(desk: Desk) -> None:
    mine, other = await pair(desk)
    first = await desk.do(service.tie, mine, other, by=desk.anna)
    again = await desk.do(service.tie, other, mine, by=desk.boris, now=at(1))

    assert (again.tied_by, again.tied_at) == (first.tied_by, first.tied_at) == (desk.anna.id, START)
    assert (await desk.trail(mine)).count("case_tied") == 1


async def test_it_is_undone_from_either_side_whatever_became_of_them(desk: Desk) -> None:
    mine, other = await pair(desk)
    await desk.do(service.tie, mine, other, by=desk.lead)
    await desk.hear(cabinet.InspectionCancelledV1(inspection_id=mine, reason=None, cancelled_at=START))

    for _ in range(2):
        await desk.do(service.untie, other, mine, by=desk.boris)

    assert (await tied(desk, mine), await tied(desk, other)) == ({}, {})
    assert (await desk.trail(other)).count("case_untied") == 1


async def test_only_two_open_cases_are_tied(desk: Desk) -> None:
    mine, over = await pair(desk)
    await desk.hear(cabinet.InspectionCancelledV1(inspection_id=over, reason=None, cancelled_at=START))

    for one, other in ((mine, over), (over, mine)):
        with pytest.raises(WrongCaseState):
            await desk.do(service.tie, one, other, by=desk.anna)
    with pytest.raises(TiedToItself):
        await desk.do(service.tie, mine, mine, by=desk.anna)
    with pytest.raises(NotFound):
        await desk.do(service.tie, mine, uuid4(), by=desk.anna)
    assert await tied(desk, mine) == {}


async def test_an_erasure_leaves_no_tie(desk: Desk) -> None:
    mine, other = await pair(desk)
    await desk.do(service.tie, mine, other, by=desk.anna)
    await desk.hear(cabinet.InspectionErasedV1(inspection_id=other, erased_at=START))

    assert await tied(desk, mine) == {}
    assert not next(row for row in await rows(desk) if row.id == mine).known.tied
    with pytest.raises(CaseErased):
        await desk.do(service.tie, mine, other, by=desk.anna)


async def test_a_case_has_so_many_ties_and_no_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST", 1)
    mine, other = await pair(desk)
    third = await desk.opened("A-0000003")
    await desk.do(service.tie, mine, other, by=desk.anna)

    for one, two in ((mine, third), (third, other)):
        with pytest.raises(TooManyTies):
            await desk.do(service.tie, one, two, by=desk.anna)
    await desk.do(service.tie, other, mine, by=desk.anna)


async def test_who_ties_them_from_both_sides_at_once_waits_in_no_circle(desk: Desk) -> None:
    """Each locks two cases, and so do those who claim them meanwhile."""
    mine, other = await pair(desk)
    acts: list[Any] = []
    for _ in range(4):
        acts += [
            desk.do(service.tie, mine, other, by=desk.anna),
            desk.do(service.tie, other, mine, by=desk.boris),
            desk.do(service.untie, mine, other, by=desk.lead),
            desk.do(holding.claim, other, by=desk.boris),
            desk.do(holding.claim, mine, by=desk.anna),
        ]
    await asyncio.gather(*acts)

    assert (await tied(desk, mine)).keys() in ({other}, set())
    trails = [[act for act in await desk.trail(one) if "tied" in act] for one in (mine, other)]
    assert trails[0] == trails[1]


async def test_over_http_within_the_walls_of_who_is_signed_in(desk: Desk, bpa_api: httpx.AsyncClient) -> None:
    olga = await sign_in(desk.ports, Role.EXPERT, "olga")
    mine, other = await pair(desk)
    path = f"/api/v1/cases/{mine}/ties/{other}"

    answers = [await bpa_api.put(path, headers=olga.headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["case_id"] == str(other)
    assert answers[0].json()["by"]["display_name"] == olga.expert.display_name
    seen = (await bpa_api.get(f"/api/v1/cases/{other}/known", headers=olga.headers)).json()
    assert [(one["case_id"], one["tie"]["by"]) for one in seen["cases"] if one["tie"]] == [
        (str(mine), answers[0].json()["by"])
    ]
    gone = await bpa_api.delete(path, headers=olga.headers)
    assert gone.status_code == 204
    assert await tied(desk, mine) == {}
    itself = await bpa_api.put(f"/api/v1/cases/{mine}/ties/{mine}", headers=olga.headers)
    assert (itself.status_code, itself.json()["code"]) == (422, "tied_to_itself")
