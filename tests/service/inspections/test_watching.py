"""Cars that people watch: what they are told of, how often, and what nobody is told."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from cabinet_service.accounts.models import CompanyMembership
from cabinet_service.api_ports import ApiPorts
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.notifications.models import Notification
from cabinet_service.privacy import erasing
from cabinet_service.watching import looking, service
from cabinet_service.watching.models import Watch
from cabinet_service.watching.work import LookAtWatched
from service_kit.db import database_now
from service_kit.http.peer import PeerUnavailable
from shared_schemas.rest.previews import BlockCount, PreviewState, VehiclePreview
from tests.service.inspections.conftest import Bpa, Case, Company, Json, Person, Submitted
from tests.support.delivery import waiting_work


class Files:
    """bpa's side of the wire: how many records its files have of whatever car it is asked for."""

    def __init__(self, ports: ApiPorts) -> None:
        self.ports = ports
        self.counts: dict[str, int] = {"gibdd": 2}
        self.trouble: Exception | None = None
        self.asked: list[str] = []
        self._ahead = timedelta()

    async def get(self, target: str, body: Any) -> Any:
        self.asked.append(target)
        if self.trouble:
            raise self.trouble
        blocks = tuple(
            BlockCount(source=source, kind="service", records=count) for source, count in self.counts.items()
        )
        return body.model_validate(VehiclePreview(state=PreviewState.KNOWN, blocks=blocks).model_dump())

    async def look(self, *, later: timedelta = timedelta()) -> None:
        """What the worker does that much later than the last time: each car whose turn it is."""
        self._ahead += later
        database = self.ports.backbone.database
        done = {one.event_id for one in await waiting_work(self.ports.backbone)}
        async with database.writing() as session:
            await looking.have_looked_at(session, await database_now(session) + self._ahead)
        handler = partial(looking.on_look_at_watched, peer=self)  # type: ignore[arg-type] - it is asked for one thing
        inbox = self.ports.backbone.inbox({LookAtWatched: handler})
        for one in await waiting_work(self.ports.backbone):
            if one.type == LookAtWatched.TYPE and one.event_id not in done:
                await inbox.receive_in_transaction(database, one)

    async def told(self, person: Person) -> list[tuple[str, UUID]]:
        """The news of watched cars that the person is told of, in their order."""
        kinds = ("car_news", "watch_ended")
        async with self.ports.backbone.database.reading() as session:
            rows = await session.scalars(
                select(Notification)
                .where(Notification.person_id == person.account_id, Notification.kind.in_(kinds))
                .where(Notification.withdrawn_at.is_(None))
                .order_by(Notification.id)
            )
            return [(one.kind, one.subject_id) for one in rows]


DAY = timedelta(days=1, minutes=1)
Answered = Callable[..., Awaitable[Case]]


@pytest.fixture
def files(cabinet_ports: ApiPorts) -> Files:
    return Files(cabinet_ports)


@pytest.fixture
def answered(client: Person, bpa: Bpa, submitted: Submitted) -> Answered:
    async def answer(person: Person = client, **body: Any) -> Case:
        case = Case(bpa, await submitted(person, **body))
        await case.queue()
        await case.claim()
        await case.decide()
        return case

    return answer


async def begin(person: Person, case: Case) -> Json:
    answer = await person.send("PUT", f"{case.path}/watch")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def listed(person: Person) -> list[Json]:
    return (await person.get("/watches")).json()


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
    first, second = await answered(), await answered()
    await begin(client, first)
    answer = await client.send("PUT", f"{second.path}/watch")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_watched")
    await begin(client, first)
    await client.delete(f"{first.path}/watch")
    await begin(client, second)


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
    # A count that falls, because an import was undone, is no news.
    files.counts = {"gibdd": 1}
    await files.look(later=DAY)
    assert len(await files.told(client)) == 1


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


async def test_a_colleagues_check_is_told_in_the_branch_and_nowhere_else(
    client: Person, company: Company, answered: Answered, files: Files
) -> None:
    north, south = company.agents
    of_north = {"company_id": str(company.id), "branch_id": str(company.branches[0])}
    mine = await answered()
    theirs = await answered(north, **of_north)
    elsewhere = await answered(south, company_id=str(company.id), branch_id=str(company.branches[1]))
    for person, case in ((client, mine), (north, theirs), (south, elsewhere), (company.admin, theirs)):
        await begin(person, case)
    await files.look()

    await answered(north, **of_north)
    await files.look(later=DAY)
    assert await files.told(company.admin) == [("car_news", theirs.id)]
    assert (await listed(company.admin))[0]["news"] == ["check"]
    # Whoever ordered it was told of its answer; others learn nothing of it.
    for person in (client, north, south):
        assert await files.told(person) == []
    await files.look(later=DAY)
    assert len(await files.told(company.admin)) == 1


async def test_whoever_leaves_the_company_watches_nothing_of_it(
    company: Company, answered: Answered, files: Files, cabinet_ports: ApiPorts
) -> None:
    north, _ = company.agents
    case = await answered(north, company_id=str(company.id), branch_id=str(company.branches[0]))
    await begin(north, case)
    await files.look()
    async with cabinet_ports.backbone.database.writing() as session:
        await session.execute(
            delete(CompanyMembership).where(CompanyMembership.account_id == north.account_id)
        )
    assert await listed(north) == []
    files.counts["gibdd"] += 1
    await files.look(later=DAY)
    assert await files.told(north) == []
    async with cabinet_ports.backbone.database.reading() as session:
        assert (await session.scalars(select(Watch))).all() == []


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
