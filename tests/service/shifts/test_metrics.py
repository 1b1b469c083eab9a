"""Whether clients get their answers in time, as Prometheus is told."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bpa_service.cases.deciding import service as deciding
from bpa_service.opening_hours import OpenHours
from bpa_service.shifts import metrics, service
from tests.service.cases.answers import NOTHING_SEEN
from tests.service.cases.conftest import Desk


async def figures(desk: Desk, hours: OpenHours | None = None) -> dict[str, float]:
    text = (await metrics.collect(desk.ports.backbone.database, hours)).decode()
    lines = (
        line.removeprefix("autodetective_").rsplit(" ", 1) for line in text.splitlines() if line[0] != "#"
    )
    return {name: float(value) for name, value in lines}


async def test_nothing_is_wrong_where_nothing_is_to_do(desk: Desk) -> None:
    assert await figures(desk) == {
        "cases_breached": 0,
        "cases_free_oldest_seconds": 0,
        "open": 1,
        "experts_on_shift": 0,
        "answers_lately": 0,
        "answers_in_time_lately": 0,
    }


async def test_it_is_said_when_nobody_has_to_be_there(desk: Desk) -> None:
    now = datetime.now(UTC)
    for since, until, is_open in ((-1, 1, 1), (1, 2, 0), (-3, -2, 0)):
        opens, closes = (
            (now + timedelta(hours=hours)).time().replace(tzinfo=None) for hours in (since, until)
        )
        assert (await figures(desk, OpenHours(opens, closes, ZoneInfo("UTC"))))["open"] == is_open


async def test_a_case_that_nobody_takes_and_one_whose_time_is_over_are_seen(desk: Desk) -> None:
    begun = datetime.now(UTC) - timedelta(minutes=30)
    await desk.opened("A-0000001", at=begun, now=begun)
    held = await desk.opened("A-0000002", at=begun, now=begun)
    await desk.claim(held, desk.anna, now=begun)
    async with desk.ports.backbone.database.writing() as session:
        await service.start(session, by=desk.boris, now=begun)
    await desk.tick(begun + timedelta(minutes=1))

    seen = await figures(desk)

    assert (seen['cases_open{state="queued"}'], seen['cases_open{state="in_work"}']) == (1, 1)
    assert (seen["cases_breached"], seen["experts_on_shift"]) == (0, 1)
    assert 1_800 <= seen["cases_free_oldest_seconds"] < 7_200

    await desk.tick(begun + timedelta(minutes=29))
    assert (await figures(desk))["cases_breached"] == 2


async def test_answers_of_the_last_hour_are_told_with_their_times(desk: Desk) -> None:
    now = datetime.now(UTC)
    for number, begun, minutes in (("A-0000001", 40, 10), ("A-0000002", 40, 30), ("A-0000003", 100, 10)):
        at = now - timedelta(minutes=begun)
        case_id = await desk.opened(number, at=at, now=at)
        answered = at + timedelta(minutes=minutes)
        await desk.claim(case_id, desk.anna, now=answered)
        version = (await desk.case(case_id)).version
        await desk.do(deciding.decide, case_id, draft=NOTHING_SEEN, by=desk.anna, seen=version, now=answered)

    seen = await figures(desk)

    assert (seen["answers_lately"], seen["answers_in_time_lately"]) == (2, 1)
    assert seen['answer_seconds_lately{quantile="0.5"}'] == 20 * 60
    assert seen['answer_seconds_lately{quantile="0.9"}'] == 28 * 60
