"""Which cars are watched: by whom, how many, and until when."""

from uuid import UUID

import pytest
from sqlalchemy import select, update

from cabinet_service.api_ports import ApiPorts
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.privacy import erasing
from cabinet_service.watching import service
from cabinet_service.watching.models import Watch
from service_kit.db import database_now
from tests.service.inspections.conftest import Company, Person, Submitted
from tests.service.inspections.watching.watched import DAY, PLATE, Answered, Files, begin, leave, listed


async def test_a_car_is_watched_for_a_year_and_no_longer(client: Person, answered: Answered) -> None:
    case = await answered()
    assert (await client.get(f"{case.path}/watch")).json() is None
    watch = await begin(client, case)

    assert (watch["inspection_id"], watch["news"], watch["looked_at"]) == (str(case.id), [], None)
    assert watch["ends_at"][:4] == str(int(watch["started_at"][:4]) + 1)
    assert await listed(client) == [watch]
    assert (await client.get(f"{case.path}/watch")).json() == watch
    assert (await begin(client, case))["started_at"] == watch["started_at"]
    for _ in range(2):
        assert (await client.delete(f"{case.path}/watch")).status_code == 204
    assert await listed(client) == []


async def test_what_is_not_answered_or_has_no_whole_number_is_not_watched(
    client: Person, answered: Answered, submitted: Submitted, cabinet_ports: ApiPorts
) -> None:
    open_one = await submitted()
    answer = await client.send("PUT", f"/inspections/{open_one['id']}/watch")
    assert (answer.status_code, answer.json()["code"]) == (409, "inspection_not_answered")
    case = await answered()
    async with cabinet_ports.backbone.database.writing() as session:
        await session.execute(
            update(Inspection).where(Inspection.id == case.id).values(identifier_typed="11111111111111111")
        )
    answer = await client.send("PUT", f"{case.path}/watch")
    assert (answer.status_code, answer.json()["code"]) == (409, "car_not_named")


async def test_there_is_a_most(client: Person, answered: Answered, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST", 1)
    first, second = await answered(), await answered(claim=PLATE)
    await begin(client, first)
    answer = await client.send("PUT", f"{second.path}/watch")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_watched")
    await begin(client, first)
    await client.delete(f"{first.path}/watch")
    await begin(client, second)


async def test_what_one_may_no_longer_see_takes_no_place(
    company: Company, answered: Answered, cabinet_ports: ApiPorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST", 1)
    north, _ = company.agents
    await begin(north, await answered(north, company_id=str(company.id), branch_id=str(company.branches[0])))
    mine = await answered(north, claim=PLATE)
    assert (await north.send("PUT", f"{mine.path}/watch")).status_code == 409
    await leave(cabinet_ports, north)
    await begin(north, mine)
    assert [one["inspection_id"] for one in await listed(north)] == [str(mine.id)]


async def test_a_car_that_is_checked_again_is_watched_by_that_and_told_of_once(
    client: Person, answered: Answered, files: Files
) -> None:
    first, second = await answered(), await answered()
    await begin(client, first)
    await files.look()
    files.counts["gibdd"] += 1
    await files.look(later=DAY)
    assert await files.told(client) == [("car_news", first.id)]

    files.counts["gibdd"] += 1
    watch = await begin(client, second)
    assert (watch["inspection_id"], watch["news"]) == (str(second.id), ["records"])
    assert await listed(client) == [watch]
    assert await files.told(client) == []
    await files.look(later=DAY)
    assert await files.told(client) == [("car_news", second.id)]
    assert (await client.get(f"{first.path}/watch")).json() is None


async def test_whoever_stops_is_told_nothing_more(client: Person, answered: Answered, files: Files) -> None:
    case = await answered()
    await begin(client, case)
    await files.look()
    files.counts["gibdd"] += 1
    await files.look(later=DAY)
    await client.delete(f"{case.path}/watch")
    assert await files.told(client) == []
    files.counts["gibdd"] += 1
    await files.look(later=DAY)
    assert await files.told(client) == []


async def test_nobody_watches_what_is_somebody_elses(
    client: Person, stranger: Person, answered: Answered
) -> None:
    case = await answered()
    await begin(client, case)
    assert await listed(stranger) == []
    for method in ("GET", "PUT"):
        assert (await stranger.send(method, f"{case.path}/watch")).status_code == 404
    assert (await stranger.delete(f"{case.path}/watch")).status_code == 204
    assert len(await listed(client)) == 1


async def test_an_erasure_leaves_no_watch(
    client: Person, company: Company, answered: Answered, cabinet_ports: ApiPorts
) -> None:
    north, _ = company.agents
    case = await answered(north, company_id=str(company.id), branch_id=str(company.branches[0]))
    await begin(north, case)
    await begin(company.admin, case)
    mine = await answered()
    await begin(client, mine)

    async def watchers() -> set[UUID]:
        async with cabinet_ports.backbone.database.reading() as session:
            return set((await session.scalars(select(Watch.account_id))).all())

    assert await watchers() == {north.account_id, company.admin.account_id, client.account_id}
    async with cabinet_ports.backbone.database.writing() as session:
        await service.erase(session, north.account_id)
        now = await database_now(session)
        await erasing.erase_inspection(session, mine.id, now=now, files=cabinet_ports.files)
    assert await watchers() == {company.admin.account_id}
