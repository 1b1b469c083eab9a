"""Watched cars, when they are looked at: what of their records is told, and how often."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cabinet_service.api_ports import ApiPorts
from cabinet_service.watching import looking
from cabinet_service.watching.models import Watch
from cabinet_service.watching.work import LookAtWatched
from service_kit.chores import Chore, perform
from service_kit.db import database_now
from service_kit.http.peer import PeerUnavailable
from tests.service.inspections.conftest import Person
from tests.service.inspections.watching.watched import DAY, PLATE, Answered, Files, begin, listed
from tests.support.delivery import waiting_work


async def test_new_records_are_told_once_and_not_those_that_were_there(
    client: Person, answered: Answered, files: Files
) -> None:
    case = await answered()
    await begin(client, case)
    await files.look()
    await files.look(later=DAY)
    assert await files.told(client) == []
    assert (await listed(client))[0]["looked_at"] is not None

    files.counts = {"gibdd": 2, "nsis": 1}
    await files.look(later=DAY)
    await files.look(later=DAY)
    assert await files.told(client) == [("car_news", case.id)]
    [watch] = await listed(client)
    assert watch["news"] == ["records"]
    # A count that falls, because an import is done anew, is no news, and none when it is back.
    for counts in ({"gibdd": 1}, {"gibdd": 2, "nsis": 1}):
        files.counts = counts
        await files.look(later=DAY)
    assert len(await files.told(client)) == 1
    files.counts = {"gibdd": 3}
    await files.look(later=DAY)
    assert len(await files.told(client)) == 2


async def test_it_is_looked_at_once_a_day(client: Person, answered: Answered, files: Files) -> None:
    await begin(client, await answered())
    for later in (0, 1, 22):
        await files.look(later=timedelta(hours=later))
    assert len(files.asked) == 1
    await files.look(later=DAY)
    assert len(files.asked) == 2
    assert all("SAL1A2A40SA606662" in target for target in files.asked)


async def test_while_the_experts_side_is_away_nothing_is_missed(
    client: Person, answered: Answered, files: Files
) -> None:
    case = await answered()
    await begin(client, case)
    await files.look()
    files.counts["gibdd"] += 1
    files.trouble = PeerUnavailable("away")
    await files.look(later=DAY)
    assert await files.told(client) == []
    files.trouble = None
    await files.look(later=timedelta(hours=2))
    assert await files.told(client) == [("car_news", case.id)]


async def test_the_experts_side_is_not_waited_for_long(
    client: Person, answered: Answered, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begin(client, await answered())
    monkeypatch.setattr(looking, "PATIENCE", timedelta(0))
    files.is_slow = True
    await files.look()
    assert (await listed(client))[0]["looked_at"] is None
    files.is_slow = False
    monkeypatch.undo()
    await files.look(later=timedelta(hours=2))
    assert (await listed(client))[0]["looked_at"] is not None


async def test_cars_are_looked_at_a_few_at_once_and_at_times_of_their_own(
    client: Person,
    answered: Answered,
    files: Files,
    cabinet_ports: ApiPorts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for claim in (None, PLATE):
        await begin(client, await answered(claim=claim))
    monkeypatch.setattr(looking, "AT_ONCE", 1)
    database = cabinet_ports.backbone.database
    await perform(database, Chore("looked_at", looking.DUE_EVERY, looking.have_looked_at))
    waiting = await waiting_work(cabinet_ports.backbone)
    assert [one.type for one in waiting].count(LookAtWatched.TYPE) == 1

    monkeypatch.undo()
    await files.look(later=DAY)
    async with database.reading() as session:
        moments = (await session.scalars(select(Watch.look_at))).all()
    assert len(set(moments)) == 2
    assert max(moments) - min(moments) < looking.SPREAD


async def test_a_year_later_it_ends_with_a_word_of_that(
    client: Person, answered: Answered, files: Files, cabinet_ports: ApiPorts
) -> None:
    case = await answered()
    await begin(client, case)
    async with cabinet_ports.backbone.database.writing() as session:
        await session.execute(update(Watch).values(ends_at=await database_now(session)))
    await files.look()
    assert await files.told(client) == [("watch_ended", case.id)]
    assert await listed(client) == []
