"""Checks of watched cars that colleagues order: who is told of their answers, and who is not."""

from datetime import timedelta

from sqlalchemy import select, update

from cabinet_service.accounts.models import CompanyMembership
from cabinet_service.api_ports import ApiPorts
from cabinet_service.inspections.answers.models import Decision
from cabinet_service.watching.models import Watch
from shared_schemas.events.bpa_v1 import DecisionAmendedV1
from shared_schemas.rest.previews import PreviewState
from tests.service.inspections.conftest import Company, Person
from tests.service.inspections.watching.watched import DAY, Answered, Files, begin, leave, listed


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


async def test_where_the_experts_side_keeps_no_records_checks_are_told_of_all_the_same(
    company: Company, answered: Answered, files: Files
) -> None:
    north, _ = company.agents
    of_north = {"company_id": str(company.id), "branch_id": str(company.branches[0])}
    case = await answered(north, **of_north)
    await begin(company.admin, case)
    files.state = PreviewState.UNKNOWN
    await answered(north, **of_north)
    await files.look()
    assert await files.told(company.admin) == [("car_news", case.id)]
    assert (await listed(company.admin))[0]["looked_at"] is not None
    await files.look(later=timedelta(hours=3))
    assert len(files.asked) == 1
    # What there was before it was counted for the first time is not new.
    files.state = PreviewState.KNOWN
    await files.look(later=DAY)
    assert len(await files.told(company.admin)) == 1


async def test_an_answer_is_told_of_when_it_arrives_however_long_ago_it_was_given(
    company: Company, answered: Answered, files: Files, cabinet_ports: ApiPorts
) -> None:
    north, _ = company.agents
    of_north = {"company_id": str(company.id), "branch_id": str(company.branches[0])}
    case = await answered(north, **of_north)
    await begin(company.admin, case)
    await files.look()
    later = await answered(north, **of_north)
    async with cabinet_ports.backbone.database.writing() as session:
        await session.execute(
            update(Decision)
            .where(Decision.inspection_id == later.id)
            .values(decided_at=Decision.decided_at - timedelta(days=2))
        )
    await files.look(later=DAY)
    assert await files.told(company.admin) == [("car_news", case.id)]


async def test_a_changed_answer_to_a_colleagues_check_is_told(
    company: Company, answered: Answered, files: Files
) -> None:
    north, _ = company.agents
    case = await answered(north, company_id=str(company.id), branch_id=str(company.branches[0]))
    await begin(company.admin, case)
    await files.look()
    await case.decide(DecisionAmendedV1, version=2)
    await files.look(later=DAY)
    assert await files.told(company.admin) == [("car_news", case.id)]


async def test_whoever_was_moved_to_another_branch_hears_nothing_of_the_former(
    company: Company, answered: Answered, files: Files, cabinet_ports: ApiPorts
) -> None:
    north, south = company.agents
    of_north = {"company_id": str(company.id), "branch_id": str(company.branches[0])}
    await begin(north, await answered(north, **of_north))
    await files.look()
    async with cabinet_ports.backbone.database.writing() as session:
        for person, branch in ((north, company.branches[1]), (south, company.branches[0])):
            await session.execute(
                update(CompanyMembership)
                .where(CompanyMembership.account_id == person.account_id)
                .values(branch_id=branch)
            )
    await answered(south, **of_north)
    await files.look(later=DAY)
    assert await files.told(north) == []
    assert len(await listed(north)) == 1


async def test_whoever_leaves_the_company_watches_nothing_of_it(
    company: Company, answered: Answered, files: Files, cabinet_ports: ApiPorts
) -> None:
    north, _ = company.agents
    case = await answered(north, company_id=str(company.id), branch_id=str(company.branches[0]))
    await begin(north, case)
    await files.look()
    await leave(cabinet_ports, north)
    assert await listed(north) == []
    files.counts["gibdd"] += 1
    await files.look(later=DAY)
    assert await files.told(north) == []
    async with cabinet_ports.backbone.database.reading() as session:
        assert (await session.scalars(select(Watch))).all() == []
