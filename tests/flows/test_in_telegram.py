"""The job in a chat, through both running services: told, asked and answered there, and ordered there alone."""

from collections.abc import Callable, Iterator
from typing import Final

import httpx
import pytest

from deploy.demo.people import Client, wait_for
from deploy.embedded.processes import free_port
from tests.flows.answering import answer, clock_of
from tests.flows.chats import PATIENCE, heard
from tests.flows.conftest import VIN, People
from tests.support.limits import UNLIMITED_ENVIRONMENT
from tests.support.telegram.fake import BOT_NAME, TOKEN, FakeTelegram
from tests.support.telegram.people import Person

PORT: Final = free_port()
SETTINGS: Final = UNLIMITED_ENVIRONMENT | {
    "CABINET_TELEGRAM_TOKEN": TOKEN,
    "CABINET_TELEGRAM_BOT": BOT_NAME,
    "CABINET_TELEGRAM_API_URL": f"http://127.0.0.1:{PORT}",
}


@pytest.fixture(scope="module")
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram(PORT).running() as telegram:
        yield telegram


@pytest.fixture
def anna(telegram: FakeTelegram, people: People) -> Person:
    del people  # the services are up
    return Person(telegram, telegram.number(), language_code="en")


def bind(client: Client, person: Person) -> None:
    link: str = client.call("POST", "/me/telegram")["link"]
    person.writes(f"/start {link.partition('start=')[2]}")
    wait_for(lambda: client.get("/me/telegram")["chats"] or None, "the chat to be tied", PATIENCE)


def test_a_question_is_answered_in_the_chat(
    people: People, anna: Person, send: Callable[[Client], str], photo: Callable[[], bytes]
) -> None:
    client, expert = people.client(), people.expert("anna")
    client.call("PATCH", "/me", {"language": "en"})
    bind(client, anna)
    inspection_id = send(client)
    expert.wait_until(inspection_id, "queued", patience=PATIENCE)
    expert.claim(inspection_id)
    expert.ask(inspection_id, "The engine number, please.", shot="engine_number")
    question = heard(anna, "The engine number, please.")
    assert not question.is_silent
    expert.wait_until(inspection_id, "waiting_client", patience=PATIENCE)
    status = heard(anna, "waits for your reply")
    anna.sends(**anna.file(photo()))
    case = expert.wait_until(inspection_id, "in_work", patience=PATIENCE)
    assert "engine_number" in [one["shot"] for one in case["evidence"]]
    client.wait_until(inspection_id, "in_work", patience=PATIENCE)
    assert clock_of(client, inspection_id)["clock"]["pauses"][0]["ended_at"]
    answer(expert, inspection_id)
    client.wait_until(inspection_id, "answered", patience=PATIENCE)
    wait_for(lambda: "Signs of alteration." in status.text or None, "the answer in the status", PATIENCE)
    assert not heard(anna, "Signs of altered markings", but=status).is_silent


def test_a_whole_check_is_ordered_in_the_chat(
    people: People, anna: Person, photo: Callable[[], bytes]
) -> None:
    expert = people.expert("anna")
    anna.writes("/start")
    heard(anna, "your consent")
    heard(anna, "connect Telegram in your profile")
    anna.presses("I agree")
    heard(anna, "Begin a check")
    anna.writes("/new")
    heard(anna, "Where does it stand?")
    anna.presses("Plate with the number")
    heard(anna, "Now send the photo")
    anna.sends(**anna.photo(photo()))
    heard(anna, "Write the number")
    anna.writes(VIN)
    heard(anna, "It can be sent")
    anna.presses("Send to the experts")
    status = heard(anna, VIN)
    number = status.text.split()[0]

    def queued() -> str | None:
        found = [one for one in expert.get("/queue")["items"] if one["number"] == number]
        return str(found[0]["id"]) if found else None

    case_id = wait_for(queued, "the case at the desk", PATIENCE)
    expert.claim(case_id)
    wait_for(lambda: "looks at the photos" in status.text or None, "the expert in the status", PATIENCE)
    answer(expert, case_id)
    wait_for(lambda: "Signs of alteration." in status.text or None, "the answer in the status", PATIENCE)

    anna.writes("/signin")
    token = heard(anna, "/sign-in/link#").text.rpartition("#")[2]
    with httpx.Client(base_url=people.stack.cabinet.url) as browser:
        body = {"token": token, "carrier": "bearer"}
        signed_in = browser.post("/api/v1/auth/link-sessions", json=body)
        assert signed_in.status_code == 201, signed_in.text
    on_the_site = people.as_on(signed_in.json()["token"])
    assert on_the_site.inspection(case_id)["number"] == number
