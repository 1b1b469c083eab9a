"""An expert's part of the job in a chat, through both running services: told, taken, and warned there."""

from collections.abc import Callable, Iterator
from typing import Final
from uuid import UUID

import pytest

from deploy.demo.people import Client, wait_for
from deploy.embedded.processes import free_port
from deploy.embedded.stack import Stack
from tests.flows.answering import answer
from tests.flows.chats import PATIENCE, heard
from tests.flows.conftest import VIN, People, in_database
from tests.support.limits import UNLIMITED_ENVIRONMENT
from tests.support.telegram.fake import BOT_NAME, TOKEN, FakeTelegram
from tests.support.telegram.people import Person

PORT: Final = free_port()
SETTINGS: Final = UNLIMITED_ENVIRONMENT | {
    "BPA_TELEGRAM_TOKEN": TOKEN,
    "BPA_TELEGRAM_BOT": BOT_NAME,
    "BPA_TELEGRAM_API_URL": f"http://127.0.0.1:{PORT}",
    "BPA_LEASE_SECONDS": "600",
}


@pytest.fixture(scope="module")
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram(PORT).running() as telegram:
        yield telegram


def pass_time(stack: Stack, case_id: str, seconds: int) -> None:
    """Let everything on the case's clock have happened so much earlier."""
    earlier = "UPDATE clock_entries SET at = at - make_interval(secs => $2) WHERE case_id = $1"
    in_database(stack, stack.bpa, earlier, UUID(case_id), float(seconds))
    in_database(stack, stack.bpa, "UPDATE cases SET next_tick_at = now() WHERE id = $1", UUID(case_id))


@pytest.fixture
def anna(telegram: FakeTelegram, people: People) -> Person:
    """On shift, with her chat tied to her account."""
    person = Person(telegram, telegram.number(), language_code="en")
    expert = people.expert("anna")
    link: str = expert.call("POST", "/me/telegram")["link"]
    person.writes(f"/start {link.partition('start=')[2]}")
    wait_for(lambda: expert.get("/me/telegram")["chats"] or None, "the chat to be tied", PATIENCE)
    person.writes("/language")
    heard(person, "Which language?")
    person.presses("English")
    heard(person, "English it is.")
    person.writes("/shift on")
    heard(person, "You are on shift")
    return person


def test_a_case_is_taken_in_the_chat_and_goes_on_being_told_of(
    people: People, anna: Person, send: Callable[[Client], str]
) -> None:
    client, expert = people.client(), people.expert("anna")
    inspection_id = send(client)
    news = heard(anna, "a new case")
    assert "Take" in news.labels
    anna.presses("Take")
    wait_for(lambda: "you have it" in news.text or None, "the news to say so", PATIENCE)
    case = expert.wait_until(inspection_id, "in_work", patience=PATIENCE)
    assert case["holder"]["expert_id"] == expert.get("/me")["id"]

    task_id = expert.ask(inspection_id, "Which year was it bought?")["task_id"]
    client.wait_until(inspection_id, "waiting_client", patience=PATIENCE)
    path = f"/inspections/{inspection_id}/info-tasks/{task_id}/fulfilment"
    client.call("POST", path, {"answer": "In 2019."})
    heard(anna, "the client replied to a question")

    expert.wait_until(inspection_id, "in_work", patience=PATIENCE)
    for seconds, percent in ((610, 50), (300, 75), (180, 90)):
        pass_time(people.stack, inspection_id, seconds)
        heard(anna, f"{percent} % of the time is used")
    anna.writes("/status")
    heard(anna, f"{case['number']}: ")
    answer(expert, inspection_id)
    client.wait_until(inspection_id, "answered", patience=PATIENCE)

    said = "\n".join(version for one in anna.read for version in one.texts)
    assert not [word for word in (VIN, "2019", "digits genuine", "alteration", "forgery") if word in said]
    for percent in (50, 75, 90):
        assert len([one for one in anna.read if f"{percent} % of the time is used" in one.text]) == 1
