"""One account, and one company, may do much and not everything."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from cabinet_service.accounts.domain import Role
from cabinet_service.api_ports import ApiPorts
from cabinet_service.entrypoints.app import create_app
from cabinet_service.settings import Settings
from service_kit.http.problems import TooManyRequests
from tests.factories.photos import jpeg
from tests.service.inspections.conftest import Person
from tests.support import clients
from tests.support.api import running

Act = Callable[[Person, str, int], Awaitable[httpx.Response]]

CLAIM = {"claim": {"identifier": "SAL1A2A40SA606662"}}


async def draft(person: Person, _id: str, _n: int) -> httpx.Response:
    return await person.post("/inspections", {})


async def photo(person: Person, inspection_id: str, n: int) -> httpx.Response:
    return await person.send_file(inspection_id, jpeg(320 + n, 240))


async def message(person: Person, inspection_id: str, n: int) -> httpx.Response:
    return await person.post(f"/inspections/{inspection_id}/messages", {"text": str(n)})


async def archive(person: Person, _id: str, _n: int) -> httpx.Response:
    return await person.post("/exports")


@asynccontextmanager
async def house(settings: Settings, **limits: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with running(create_app(settings.model_copy(update=limits))) as api:
        yield api


async def submitted(person: Person) -> str:
    started = (await person.post("/inspections", CLAIM)).json()["id"]
    await person.send_file(started, jpeg(640, 480))
    sent = await person.post(f"/inspections/{started}/submit")
    assert sent.status_code == 200, sent.text
    return str(started)


@pytest.mark.parametrize(
    ("limit", "act"),
    [
        ("drafts_per_account", draft),
        ("photos_per_account", photo),
        ("messages_per_account", message),
        ("archives_per_account", archive),
    ],
)
async def test_an_account_may_do_so_much_and_another_one_as_much_again(
    cabinet_settings: Settings, cabinet_ports: ApiPorts, limit: str, act: Act
) -> None:
    async with house(cabinet_settings, **{limit: "3/minute;100/day"}) as api:
        anna, boris = [
            Person(api, await clients.sign_in(cabinet_ports, f"{name}@example.com"))
            for name in ("anna", "boris")
        ]
        # What the others need to have uses up one of some.
        mine = await submitted(anna) if act in (photo, message) else ""
        answers = [await act(anna, mine, n) for n in range(4)]
        theirs = await submitted(boris) if act in (photo, message) else ""
        other = await act(boris, theirs, 0)

    refused = next(answer for answer in answers if answer.status_code == 429)
    assert answers[0].is_success
    assert other.is_success
    assert refused.json()["code"] == "too_many_requests"
    assert 0 < int(refused.headers["retry-after"]) <= 60


async def test_sending_is_limited_by_account_and_what_is_refused_stays_a_draft(
    cabinet_settings: Settings, cabinet_ports: ApiPorts
) -> None:
    async with house(cabinet_settings, submits_per_account="1/day") as api:
        anna = Person(api, await clients.sign_in(cabinet_ports, "anna@example.com"))
        await submitted(anna)
        second = (await anna.post("/inspections", CLAIM)).json()["id"]
        await anna.send_file(second, jpeg(640, 480))

        refused = await anna.post(f"/inspections/{second}/submit")

        assert refused.status_code == 429
        assert refused.json()["detail"] == "Too many attempts. Try again in 24 h."
        assert (await anna.get(f"/inspections/{second}")).json()["state"] == "draft"


async def test_a_company_is_limited_whoever_of_its_people_it_is(
    cabinet_settings: Settings, cabinet_ports: ApiPorts
) -> None:
    firm = await clients.found_company(cabinet_ports)
    people = ("boss@example.com", "agent@example.com")
    for contact in people:
        await clients.join(cabinet_ports, firm, contact, Role.PARTNER_ADMIN)
    async with house(cabinet_settings, drafts_per_company="2/day") as api:
        signed_in = [Person(api, await clients.sign_in(cabinet_ports, contact)) for contact in people]
        of_firm: dict[str, Any] = {"company_id": str(firm.company_id), "branch_id": str(firm.first_branch)}
        answers = [await person.post("/inspections", of_firm) for person in (*signed_in, signed_in[0])]
        of_ones_own = await signed_in[0].post("/inspections", {})

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert of_ones_own.status_code == 201


async def test_an_answer_that_is_asked_for_again_is_not_counted(
    cabinet_settings: Settings, cabinet_ports: ApiPorts
) -> None:
    async with house(cabinet_settings, drafts_per_account="1/day") as api:
        anna = Person(api, await clients.sign_in(cabinet_ports, "anna@example.com"))
        answers = [await anna.post("/inspections", {}, key="the-same-one") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 201]


@pytest.mark.parametrize(
    ("seconds", "en", "ru"),
    [
        (1, "1 s", "1 с"),
        (119, "119 s", "119 с"),
        (120, "2 min", "2 мин"),
        (3600, "60 min", "60 мин"),
        (7141, "2 h", "2 ч"),
        (86400, "24 h", "24 ч"),
    ],
)
def test_the_wait_is_said_as_people_say_it_and_never_too_short(seconds: int, en: str, ru: str) -> None:
    problem = TooManyRequests(retry_after=seconds)

    assert problem.text("en").endswith(f"in {en}.")
    assert problem.text("ru").endswith(f"через {ru}.")
