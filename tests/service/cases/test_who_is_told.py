"""Whom the news of a case concern, and that they reach them."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import func, select, update

from bpa_service.api_ports import ApiPorts
from bpa_service.cases.second_opinions import service as second_opinions
from bpa_service.entrypoints.app import create_app
from bpa_service.experts import scopes
from bpa_service.experts.domain import Expert
from bpa_service.experts.models import ExpertRow
from bpa_service.notifications.models import Delivery, Notification
from bpa_service.notifications.notices import notices
from bpa_service.shifts import service as shifts
from bpa_service.wiring import sender
from service_kit.db import database_now
from service_kit.ids import new_id
from service_kit.notifying import metrics
from service_kit.notifying.channels import Manners, Message, MessageDeferred
from service_kit.notifying.rules import TOLD_ALONE
from shared_schemas.events import cabinet_v1 as cabinet
from tests.service.cases.answers import answered, dispute
from tests.service.cases.conftest import START, Desk, at
from tests.support.api import running


@dataclass
class Screens:
    """A channel that shows everything everywhere."""

    shown: list[Message] = field(default_factory=list[Message])

    async def send(self, message: Message) -> None:
        self.shown.append(message)

    def on(self, screen: str) -> list[str]:
        """The kinds of what was shown there."""
        return [message.kind for message in self.shown if message.to == screen]


@pytest.fixture
async def told(desk: Desk) -> Desk:
    """Anna and Vera are on shift, Boris is not."""
    async with desk.ports.backbone.database.writing() as session:
        for one in (desk.anna, desk.vera):
            await shifts.start(session, by=one, now=await database_now(session))
    return desk


async def send(ports: ApiPorts) -> None:
    """Tell what the tests' clock says to be long past as if it were new."""
    async with ports.backbone.database.writing() as session:
        await session.execute(update(Notification).values(created_at=func.now()))
    await sender(ports).send_due()


async def heard(desk: Desk, of: Expert) -> list[str]:
    """What somebody is told, in that order, and was not withdrawn since."""
    async with desk.ports.backbone.database.reading(scopes.of(of)) as session:
        mine = select(Notification).where(
            Notification.person_id == of.id, Notification.withdrawn_at.is_(None)
        )
        return [str(row.kind) for row in await session.scalars(mine.order_by(Notification.created_at))]


async def test_a_new_case_is_told_to_those_on_shift_with_empty_hands_until_it_is_taken(told: Desk) -> None:
    busy = await told.opened("A-0000001")
    assert await heard(told, told.anna) == ["new_case"]
    await told.claim(busy, told.anna)
    assert await heard(told, told.anna) == []
    await told.opened("A-0000002")
    assert await heard(told, told.anna) == [], "she has one in hand"
    assert await heard(told, told.vera) == ["new_case"]
    assert await heard(told, told.boris) == [], "he is not on shift"
    assert await heard(told, told.lead) == [], "leads take no cases"


async def test_what_the_client_does_is_told_to_the_holder_alone(told: Desk) -> None:
    case_id = await told.in_work()
    task_id = await told.ask(case_id)
    await told.notified(case_id, task_id, at(1))
    await told.fulfilled(case_id, task_id, at(2))
    written = cabinet.InspectionMessagePostedV1(
        inspection_id=case_id, message_id=new_id(), text="Hello?", posted_at=at(3)
    )
    await told.hear(written, at(3))
    assert await heard(told, told.anna) == ["client_replied", "client_wrote"]
    assert await heard(told, told.vera) == []


async def test_the_clock_calls_ever_more_people(told: Desk) -> None:
    await told.in_work()
    for minute in (10, 15, 18, 20):
        await told.tick(at(minute))
    assert (await heard(told, told.vera)).count("at_risk") == 1, "the second expert, at 90 %"
    assert await heard(told, told.lead) == ["at_risk", "at_risk", "breached"]


async def test_a_case_that_nobody_takes_is_told_to_the_lead_as_well(told: Desk) -> None:
    await told.opened()
    await told.tick(at(3))
    assert await heard(told, told.lead) == ["unclaimed"]
    assert await heard(told, told.anna) == ["new_case", "unclaimed"]


async def test_seniors_are_told_that_they_are_asked_and_not_whoever_asks(told: Desk) -> None:
    case_id = await told.in_work()
    await told.do(second_opinions.ask, case_id, question="Is the 4 genuine?", by=told.anna, now=at(1))
    assert await heard(told, told.vera) == ["second_opinion_asked"]
    assert "second_opinion_asked" not in await heard(told, told.anna)


async def test_a_dispute_is_told_to_who_may_answer_it(told: Desk) -> None:
    case_id = await answered(told)
    await dispute(told, case_id, 100)
    await told.tick(at(104))
    assert "dispute" in await heard(told, told.vera)
    assert "unclaimed" in await heard(told, told.vera)
    for other in (told.anna, told.boris):
        assert {"dispute", "unclaimed"}.isdisjoint(await heard(told, other))
    assert await heard(told, told.lead) == ["unclaimed"], "a senior can look"


async def test_a_dispute_that_no_senior_may_answer_is_told_to_the_leads(told: Desk) -> None:
    case_id = await answered(told, told.vera)
    await dispute(told, case_id, 100)
    assert "dispute" not in await heard(told, told.vera)
    assert await heard(told, told.lead) == ["dispute"]


async def test_a_dispute_that_comes_too_late_calls_nobody(told: Desk) -> None:
    case_id = await told.in_work()
    await dispute(told, case_id, 5)
    assert "dispute" not in await heard(told, told.vera)


async def test_it_comes_to_every_screen_in_the_persons_language_with_no_word_about_the_car(
    told: Desk, bpa_ports: ApiPorts
) -> None:
    screens = Screens()
    ports = replace(bpa_ports, channels={"push": (screens, Manners(to_all=True))})
    async with ports.backbone.database.writing() as session:
        await session.execute(update(ExpertRow).where(ExpertRow.id == told.vera.id).values(language="en"))
        for screen in ("desk", "phone"):
            await notices.bind(session, told.vera.id, "push", screen, device=screen, now=START)
        await notices.bind(session, told.anna.id, "push", "annas", device="desk", now=START)
    case_id = await told.opened()
    await send(ports)
    assert screens.on("desk") == screens.on("phone") == screens.on("annas") == ["new_case"]
    [english] = [message.wording for message in screens.shown if message.to == "desk"]
    assert english.title == "A-0000001: a new case"
    assert english.link == f"{ports.settings.public_url}/cases/{case_id}"
    [russian] = [message.wording for message in screens.shown if message.to == "annas"]
    assert russian.title == "A-0000001: новое дело"
    assert "SAL1A2A40SA606662" not in english.short + russian.short


async def test_nobody_is_called_to_a_case_that_was_taken_before_the_call_went_out(
    told: Desk, bpa_ports: ApiPorts
) -> None:
    screens = Screens()
    ports = replace(bpa_ports, channels={"push": (screens, Manners())})
    async with ports.backbone.database.writing() as session:
        await notices.bind(session, told.vera.id, "push", "vera", device="desk", now=START)
    case_id = await told.opened()
    await told.claim(case_id, told.anna)
    await send(ports)
    assert screens.shown == []


async def test_only_ones_own_is_seen(told: Desk) -> None:
    await told.opened()
    async with told.ports.backbone.database.writing(scopes.of(told.vera)) as session:
        assert len(await notices.see(session, told.vera.id, now=START)) == 1
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with told.ports.backbone.database.writing(scopes.of(told.vera)) as session:
            await notices.see(session, told.anna.id, now=START)


async def figures(desk: Desk) -> dict[str, float]:
    """What Prometheus is told of notifications."""
    text = (await metrics.collect(desk.ports.backbone.database, notices)).decode()
    lines = [line.split() for line in text.splitlines() if not line.startswith("#")]
    return {name.removeprefix("autodetective_notifications_"): float(value) for name, value in lines}


async def test_what_is_set_aside_at_the_desk_is_counted(told: Desk) -> None:
    class Stumbles(Screens):
        async def send(self, message: Message) -> None:
            if message.to == "anna":
                raise IndexError
            await super().send(message)

    async with told.ports.backbone.database.writing() as session:
        now = await database_now(session)
        for who in (told.anna, told.vera):
            await notices.bind(session, who.id, "push", who.login, device="Chrome", now=now)
    assert await figures(told) == {"waiting": 0, "oldest_seconds": 0, "set_aside": 0}
    await told.opened()
    stumbling, screens = Stumbles(), Screens()
    await send(replace(told.ports, channels={"push": (stumbling, Manners())}))
    assert stumbling.on("vera") == ["new_case"]
    counted = await figures(told)
    assert (counted["waiting"], counted["set_aside"]) == (1, 1)
    async with told.ports.backbone.database.writing() as session:
        await session.execute(update(Delivery).values(due_at=func.now()))
    await send(replace(told.ports, channels={"push": (screens, Manners())}))
    assert screens.on("anna") == ["new_case"]
    assert await figures(told) == {"waiting": 0, "oldest_seconds": 0, "set_aside": 0}


async def test_the_figures_of_the_desk_have_them(told: Desk) -> None:
    async with running(create_app(told.ports.settings)) as api:
        shown = (await api.get("/metrics")).text
    assert "autodetective_notifications_set_aside 0.0" in shown


async def flood(told: Desk, count: int, *, first: int = 1) -> None:
    for number in range(first, first + count):
        await told.opened(f"A-{number:07}")


async def test_a_flood_of_cases_is_told_in_one_message(told: Desk) -> None:
    screens = Screens()
    ports = replace(told.ports, channels={"push": (screens, Manners(to_all=True))})
    async with told.ports.backbone.database.writing() as session:
        now = await database_now(session)
        for browser in ("anna's phone", "anna's desk"):
            await notices.bind(session, told.anna.id, "push", browser, device="Chrome", now=now)
    await flood(told, TOLD_ALONE)
    await send(ports)
    assert len(screens.on("anna's phone")) == TOLD_ALONE, "few are told one by one"
    screens.shown.clear()
    await flood(told, 5, first=10)
    await send(ports)
    assert screens.shown == [], "more wait for each other"
    case_id = await told.opened("A-0000020")
    await send(ports)
    await told.claim(case_id, told.boris)
    async with told.ports.backbone.database.writing() as session:
        await session.execute(
            update(Delivery)
            .values(due_at=func.now() - timedelta(minutes=2))
            .where(Delivery.state == "queued")
        )
    await send(ports)
    for browser in ("anna's phone", "anna's desk"):
        [message] = [one for one in screens.shown if one.to == browser]
        assert message.wording.title == "Новых дел: 5", "one was taken meanwhile"
        assert message.subject_id is None
    async with told.ports.backbone.database.reading() as session:
        states = await session.scalars(select(Delivery.state).where(Delivery.person_id == told.anna.id))
        assert sorted(map(str, states)) == ["sent"] * 16 + ["withdrawn"] * 2


async def test_what_is_told_together_waits_together_while_the_channel_is_away(told: Desk) -> None:
    class Away(Screens):
        async def send(self, message: Message) -> None:
            await super().send(message)
            raise MessageDeferred("busy")

    async with told.ports.backbone.database.writing() as session:
        now = await database_now(session)
        await notices.bind(session, told.anna.id, "push", "anna", device="Chrome", now=now)
    await flood(told, 5)
    away, screens = Away(), Screens()
    await send(replace(told.ports, channels={"push": (away, Manners())}))
    assert [one.wording.title for one in away.shown] == ["Новых дел: 5"]
    async with told.ports.backbone.database.writing() as session:
        waiting = (await session.scalars(select(Delivery))).all()
        assert [(one.state, one.tries) for one in waiting] == [("queued", 1)] * 5
        await session.execute(update(Delivery).values(due_at=func.now()))
        mine = Notification.person_id == told.anna.id
        first = (await session.scalars(select(Notification.subject_id).where(mine))).all()[-1]
    await told.claim(first, told.boris)
    await send(replace(told.ports, channels={"push": (screens, Manners())}))
    assert [one.wording.title for one in screens.shown] == ["Новых дел: 4"], "nothing of it is lost"
