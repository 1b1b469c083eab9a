"""The queue: the least time left first, and a long page at the price of a short one."""

from typing import Any
from uuid import UUID

import pytest

from bpa_service.cases.arranging.domain import View
from bpa_service.cases.holding import service as prioritising
from bpa_service.cases.incidents import service as incidents
from bpa_service.cases.queue import page as queue
from bpa_service.cases.queue import queries
from bpa_service.cases.queue.schemas import QueueRow
from bpa_service.cases.second_opinions import service as second_opinions
from bpa_service.experts.domain import Expert
from service_kit.paging import Page, PageOf
from shared_schemas.events import cabinet_v1 as cabinet
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.words import IdentifierKind, InspectionState, Original
from tests.service.cases.answers import answered, dispute
from tests.service.cases.conftest import START, Desk, at, photo, submitted
from tests.service.cases.queued import preview, rows
from tests.support.statements import statements_sent


async def looked(
    desk: Desk, view: View = View.ALL, by: Expert | None = None, page: Page | None = None
) -> list[UUID]:
    page = page or Page(after=None, limit=50)
    async with desk.ports.backbone.database.reading() as session:
        lines = await queue.lines(session, view, page, viewer_id=(by or desk.anna).id)
    return [line.id for line in lines]


async def test_the_least_time_left_comes_first_and_what_stands_still_last(desk: Desk) -> None:
    fresh = await desk.opened("A-0000001", at=at(5), now=at(5))
    waiting_long = await desk.in_work("A-0000002")  # since 12:00
    await desk.notified(waiting_long, await desk.ask(waiting_long), at(6))
    waiting_late = await desk.opened("A-0000003", at=at(1), now=at(6))
    await desk.claim(waiting_late, desk.anna)
    await desk.notified(waiting_late, await desk.ask(waiting_late), at(15))
    urgent = await desk.opened("A-0000004", at=at(-30), now=at(15))  # long overdue

    assert await looked(desk) == [urgent, fresh, waiting_late, waiting_long]


async def test_a_reply_brings_a_case_back_to_its_place(desk: Desk) -> None:
    first, second = await desk.in_work("A-0000001"), await desk.opened("A-0000002", at=at(1), now=at(1))
    task_id = await desk.ask(first, now=at(1))
    await desk.notified(first, task_id, at(2))
    assert await looked(desk) == [second, first]

    await desk.fulfilled(first, task_id, at(2.5))
    assert await looked(desk) == [first, second]
    # Half a minute of waiting is not held against it, but is not lost either.
    row = next(row for row in await rows(desk) if row.id == first)
    assert row.reckoning.due_at == at(20.5)


async def test_each_view_shows_its_part(desk: Desk) -> None:
    free = await desk.opened("A-0000001")
    mine = await desk.in_work("A-0000002")
    others = await desk.opened("A-0000003")
    await desk.claim(others, desk.boris)
    waiting = await desk.in_work("A-0000004")
    await desk.notified(waiting, await desk.ask(waiting), START)
    asking = await desk.in_work("A-0000005")
    await desk.do(second_opinions.ask, asking, question="?", by=desk.anna)
    over = await desk.opened("A-0000006")
    await desk.hear(cabinet.InspectionCancelledV1(inspection_id=over, reason=None, cancelled_at=START))

    assert await looked(desk, View.OPEN) == [free]
    assert set(await looked(desk, View.MINE)) == {mine, waiting, asking}
    assert await looked(desk, View.MINE, desk.boris) == [others]
    assert await looked(desk, View.WAITING) == [waiting]
    assert await looked(desk, View.SECOND_OPINION) == [asking]
    assert set(await looked(desk, View.ALL)) == {free, mine, others, waiting, asking}


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
async def test_pages_show_each_case_once(desk: Desk, limit: int) -> None:
    # Four at the same instant: the place alone does not tell them apart.
    expected = [await desk.opened(f"A-{n:07}", at=at(n // 4), now=at(10)) for n in range(8)]
    seen: list[UUID] = []
    after: tuple[Any, ...] | None = None
    while True:
        async with desk.ports.backbone.database.reading() as session:
            found = await queue.lines(session, View.ALL, Page(after, limit), viewer_id=desk.anna.id)
        seen += [line.id for line in found[:limit]]
        if len(found) <= limit:
            break
        after = (found[limit - 1].queue_place, found[limit - 1].id)

    assert seen == expected


async def test_a_row_tells_what_a_glance_needs(desk: Desk) -> None:
    case_id = await desk.in_work()
    await desk.hear(cabinet.InspectionEvidenceAddedV1(inspection_id=case_id, evidence=photo()))
    await desk.ask(case_id, now=at(1))

    [row] = await rows(desk, at(5))

    assert (row.number, row.identifier, row.state) == (
        "A-0000001",
        "SAL 1A2A40 SA606662",
        InspectionState.IN_WORK,
    )
    assert (row.photos, row.open_tasks) == (2, 1)
    assert (row.reckoning.used_seconds, row.reckoning.due_at) == (300, at(20))
    assert row.next_threshold is not None
    assert (row.next_threshold.percent, row.next_threshold.at) == (50, at(10))
    # The lease ran out at 2:30, whether or not that was recorded.
    assert row.holder is None


async def test_a_long_page_costs_no_more_queries_than_a_short_one(desk: Desk) -> None:
    for n in range(12):
        await desk.in_work(f"A-{n:07}")

    with statements_sent() as short:
        await looked(desk, page=Page(None, 1))
    with statements_sent() as long:
        await looked(desk, page=Page(None, 50))

    assert len(short) == len(long) == 1  # for whom is said with BEGIN


async def test_a_row_says_how_soon_it_should_be_claimed(desk: Desk) -> None:
    case_id = await desk.opened()

    async def row() -> QueueRow:
        [wanted] = [one for one in await rows(desk) if one.id == case_id]
        return wanted

    desk.now = at(0.5)
    assert (await row()).claim_in_seconds == 90
    await desk.claim(case_id, desk.anna, now=at(1))
    assert (await row()).claim_in_seconds is None


async def test_the_page_is_what_whole_cases_say(desk: Desk) -> None:
    """Byte by byte, for cases of every kind, in every view and on every page."""
    free = await desk.opened("A-0000001")
    asked = await desk.in_work("A-0000002", evidence=(photo(), photo()))
    await desk.notified(asked, await desk.ask(asked, now=at(1)), at(2))
    back = await desk.in_work("A-0000003")
    task_id = await desk.ask(back, now=at(1))
    await desk.notified(back, task_id, at(3))
    await desk.fulfilled(back, task_id, at(5))
    opinion = await desk.in_work("A-0000004")
    await desk.do(second_opinions.ask, opinion, question="?", by=desk.anna)
    disputed = await answered(desk)
    await dispute(desk, disputed, 7)
    await desk.do(prioritising.prioritise, free, urgent=True, by=desk.lead)
    await desk.tick(at(8))
    late = await desk.opened("A-0000005", at=at(-60), now=at(8))
    incident = await desk.do(incidents.start, note="!", by=desk.lead)
    await desk.do(incidents.end, incident.id, by=desk.lead, now=at(9))
    await desk.do(incidents.start, note="!", by=desk.lead, now=at(10))
    await desk.claim(late, desk.boris, now=at(11))

    assert {row.id for row in await rows(desk)} == {free, asked, back, opinion, disputed, late}
    for view in View:
        for limit in (2, 50):
            after: tuple[Any, ...] | None = None
            while True:
                page = Page(after, limit)
                async with desk.ports.backbone.database.reading() as session:
                    fast = await queue.lines(session, view, page, viewer_id=desk.anna.id)
                    slow = await queries.queue(session, view, page, viewer_id=desk.anna.id)
                said = [QueueRow.of(row, desk.policy, at(11.5), preview) for row in slow]
                sent = queue.page_of(fast, None, desk.policy, at(11.5), preview)
                assert sent.decode() == PageOf(items=said, next_cursor=None).model_dump_json()
                assert [line.queue_place for line in fast] == [row.case.queue_place for row in slow]
                if len(fast) <= limit:
                    break
                after = (fast[limit - 1].queue_place, fast[limit - 1].id)


async def test_a_row_shows_the_first_photos_and_what_the_client_worries_about(desk: Desk) -> None:
    sent = tuple(photo() for _ in range(4))
    await desk.opened(evidence=sent)

    [row] = await rows(desk)

    first = sorted(one.evidence_id for one in sent)[:3]
    assert row.worry == "Are the digits genuine?"
    assert [(one.evidence_id, one.preview) for one in row.shots] == [(one, preview(one)) for one in first]


async def test_a_row_says_what_is_known_of_the_car(desk: Desk) -> None:
    number, other = "SV30-0169266", "SV31-0169266"
    unlike, awaited = {"sha256": "cd" * 32}, {"sha256": "ab" * 32, "original": Original.AWAITED}

    async def opened(identifier: str, **photo_is: Any) -> UUID:
        fact = submitted(evidence=(photo().model_copy(update=photo_is),))
        claim = VehicleClaim(identifier_kind=IdentifierKind.FRAME, identifier=identifier)
        await desk.hear(fact.model_copy(update={"claim": claim}))
        return fact.inspection_id

    async def known() -> dict[UUID, tuple[int, bool]]:
        return {row.id: (row.known.other_cases, row.known.same_photo) for row in await rows(desk)}

    first = await opened(number)
    assert await known() == {first: (0, False)}
    # The hyphen makes no other car; a photo that is only announced is not known to be the same.
    same_car = await opened(number.replace("-", ""), **unlike)
    same_photo, copied = await opened(other), await opened("SV32-0169266", **awaited)
    assert await known() == {
        first: (1, True),
        same_car: (1, False),
        same_photo: (0, True),
        copied: (0, False),
    }
    # What is erased says nothing any more.
    for case_id in (same_car, same_photo):
        await desk.hear(cabinet.InspectionErasedV1(inspection_id=case_id, erased_at=START))
    assert await known() == {first: (0, False), copied: (0, False)}


async def test_a_number_that_no_car_has_makes_no_two_cars_the_same(desk: Desk) -> None:
    for _ in range(2):
        claim = VehicleClaim(identifier_kind=IdentifierKind.VIN, identifier="1" * 17)
        await desk.hear(submitted().model_copy(update={"claim": claim}))

    assert [row.known.other_cases for row in await rows(desk)] == [0, 0]
