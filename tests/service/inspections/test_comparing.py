"""An answer beside that of the check of the same car before it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from cabinet_service.api_ports import ApiPorts
from shared_schemas.events.bpa_v1 import DecisionAmendedV1
from shared_schemas.words import Verdict
from tests.service.inspections.conftest import VIN, Bpa, Case, Company, Json, Person, Submitted
from tests.service.inspections.reports_of_bpa import Experts, report

Answered = Callable[..., Awaitable[Case]]
PLATE = {"plate": "А123ВС77"}


@pytest.fixture
def experts(cabinet_ports: ApiPorts, bpa: Bpa) -> Experts:
    return Experts(cabinet_ports, bpa)


@pytest.fixture
def answered(client: Person, bpa: Bpa, submitted: Submitted, experts: Experts) -> Answered:
    async def answer(person: Person = client, *, with_report: bool = True, **body: Any) -> Case:
        case = Case(bpa, await submitted(person, **body))
        await case.queue()
        await case.claim()
        await case.decide()
        if with_report:
            await experts.announce(case, report(case).body())
            await experts.work()
        return case

    return answer


async def comparison(person: Person, case: Case, *, language: str = "en") -> Json | None:
    answer = await person.get(f"{case.path}/comparison", language=language)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def earlier_of(person: Person, case: Case) -> str | None:
    found = await comparison(person, case)
    return found["earlier"]["inspection_id"] if found else None


async def test_the_later_answer_is_compared_with_the_newest_before_it(
    client: Person, answered: Answered
) -> None:
    first, second, third = [await answered() for _ in range(3)]
    found = await comparison(client, third)
    assert found is not None
    assert found["earlier"] == {
        "inspection_id": str(second.id),
        "number": "A-1000001",
        "verdict": "doubts",
        "decided_at": "2026-11-30T12:00:00Z",
    }
    assert (found["section"]["id"], found["section"]["title"]) == ("since", "Since the last check")
    assert "The verdict is the same" in str(found["section"])
    assert await earlier_of(client, second) == str(first.id)
    assert await comparison(client, first) is None


async def test_it_is_told_in_the_language_that_is_asked_for(client: Person, answered: Answered) -> None:
    await answered()
    found = await comparison(client, await answered(), language="ru")
    assert found is not None
    assert found["section"]["title"] == "С прошлой проверки"


async def test_of_several_versions_it_is_the_newest(
    client: Person, answered: Answered, experts: Experts
) -> None:
    first, second = await answered(), await answered()
    await first.decide(DecisionAmendedV1, version=2, verdict=Verdict.CLEAN)
    decision = report(first, 2).decision
    assert decision is not None
    amended = decision.model_copy(update={"verdict": Verdict.CLEAN})
    await experts.announce(first, report(first, 2, decision=amended).body())
    await experts.work()

    found = await comparison(client, second)
    assert found is not None
    assert found["earlier"]["verdict"] == "clean"
    assert "The verdict is the same" not in str(found["section"])


async def test_the_report_of_the_earlier_ones_newest_answer_is_waited_for_as_well(
    client: Person, answered: Answered
) -> None:
    first, second = await answered(), await answered()
    await first.decide(DecisionAmendedV1, version=2, verdict=Verdict.CLEAN)
    answer = await client.get(f"{second.path}/comparison")
    assert (answer.status_code, answer.json()["code"]) == (404, "report_not_ready")


async def test_an_earlier_answer_that_is_disputed_is_called_so(client: Person, answered: Answered) -> None:
    first, second = await answered(), await answered()
    assert "disputed" not in str(await comparison(client, second))
    await client.post(f"{first.path}/disputes", {"reason": "Look again"})
    assert "That answer is disputed now" in str(await comparison(client, second))


async def test_before_there_is_an_answer_there_is_nothing_to_compare(
    client: Person, answered: Answered, case: Case
) -> None:
    del case  # of the same car, and not answered
    open_one = await answered(with_report=False)
    assert await comparison(client, open_one) is None


async def test_an_answer_whose_report_is_on_its_way_is_waited_for(client: Person, answered: Answered) -> None:
    await answered()
    case = await answered(with_report=False)
    answer = await client.get(f"{case.path}/comparison")
    assert (answer.status_code, answer.json()["code"]) == (404, "report_not_ready")


async def test_another_car_is_not_compared_and_a_plate_alone_names_one(
    client: Person, answered: Answered
) -> None:
    await answered()
    await answered(claim=PLATE | {"identifier": VIN})
    by_plate = await answered(claim=PLATE)
    assert await comparison(client, by_plate) is None
    assert await earlier_of(client, await answered(claim=PLATE)) == str(by_plate.id)


async def test_a_number_that_is_nobodys_names_no_car(client: Person, answered: Answered) -> None:
    nobodys = PLATE | {"identifier": "11111111111111111"}
    await answered(claim=nobodys)
    assert await comparison(client, await answered(claim=nobodys)) is None


async def test_what_somebody_else_ordered_is_not_there(
    client: Person, stranger: Person, answered: Answered
) -> None:
    theirs = await answered()
    mine = await answered(stranger)
    assert await comparison(stranger, mine) is None
    assert (await stranger.get(f"{theirs.path}/comparison")).status_code == 404
    assert (await client.get(f"{mine.path}/comparison")).status_code == 404


async def test_a_companys_check_is_compared_with_the_companys_as_far_as_one_sees(
    company: Company, answered: Answered
) -> None:
    north, south = company.agents
    names = [{"company_id": str(company.id), "branch_id": str(branch)} for branch in company.branches]
    await answered(north)  # their own
    first = await answered(north, **names[0])
    second = await answered(south, **names[1])
    third = await answered(north, **names[0])

    assert await comparison(north, first) is None
    assert await comparison(south, second) is None
    assert await earlier_of(company.admin, second) == str(first.id)
    assert await earlier_of(company.admin, third) == str(second.id)
    assert await earlier_of(north, third) == str(first.id)
