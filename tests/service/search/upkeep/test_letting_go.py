"""What was erased is waited for as long as a copy of the index may hold it, and that is said."""

from datetime import timedelta
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from service_kit.bus import RetryLater
from service_kit.db import database_now
from service_kit.inbox import Incoming
from service_kit.search.keeping import letting_go
from tests.service.cases.conftest import Desk
from tests.service.search.upkeep.conftest import Keeper


@pytest.mark.parametrize("is_long", [False, True], ids=["just now", "for more than a minute"])
async def test_it_is_said_once_it_takes_long(desk: Desk, keeper: Keeper, *, is_long: bool) -> None:
    case_id = await desk.opened()
    async with keeper.database.reading() as session:
        now = await database_now(session)
        since = now - letting_go.WORTH_SAYING - timedelta(seconds=1) if is_long else now
        with capture_logs() as said, pytest.raises(RetryLater):
            await letting_go.wait_for(session, [case_id], Incoming(uuid4(), since, now))
    assert [one["event"] for one in said] == (["erasure_waits_for_index"] if is_long else [])


async def test_only_what_waits_itself_is_waited_for(desk: Desk, keeper: Keeper) -> None:
    case_id, other_id = await desk.opened(), await desk.opened(number="A-0000002")
    await keeper.catch_up()
    await keeper.run("SELECT search_raise($1)", other_id)
    async with keeper.database.reading() as session:
        assert not await letting_go.may_hold(session, [case_id, uuid4()])
        assert await letting_go.may_hold(session, [case_id, other_id])
