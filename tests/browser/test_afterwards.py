"""What is said once the answer is there: a rating that nobody is asked for, and what came of it."""

from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import expect

from deploy.demo.people import Json, wait_for
from tests.browser.answering import answered
from tests.browser.desk_gallery import NewDesk, case_opened
from tests.browser.phone import Language, Look, Phone
from tests.flows.conftest import People

WORDS: Final = {
    "ru": {
        "title": "Оценить ответ",
        "words": "Словами, если хотите",
        "send": "Отправить оценку",
        "rated": "Ваша оценка",
        "of": "4 из 5",
        "deal": "Не купил(а)",
        "proved": "Да, подтвердила полиция",
        "tell": "Отправить",
        "waits": "Нет связи: это уйдёт само",
        "thanks": "Спасибо, вы уже рассказали",
    },
    "en": {
        "title": "Rate the answer",
        "words": "In words, if you like",
        "send": "Send the rating",
        "rated": "Your rating",
        "of": "4 of 5",
        "deal": "Did not buy it",
        "proved": "Yes, confirmed by the police",
        "tell": "Send",
        "waits": "No connection: it goes by itself",
        "thanks": "Thank you, you have told us",
    },
}
PRAISE: Final = "Быстро / quick"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_an_answer_is_rated_and_what_came_of_it_is_told(
    new_phone: Callable[..., Phone], people: People, language: Language
) -> None:
    phone, words = new_phone(Look(width=390, height=844, language=language)), WORDS[language]
    phone.sign_in()
    inspection = answered(people, phone, "anna")
    page, senior = phone.page, people.expert("vera")

    def said() -> Json:
        return senior.get(f"/cases/{inspection}/afterwards")

    phone.open(f"/inspections/{inspection}")
    expect(page.get_by_role("heading", name=words["title"])).to_be_visible()
    expect(page.get_by_label(words["words"])).to_have_count(0)
    page.get_by_role("radio", name=words["of"]).check()
    page.get_by_label(words["words"]).fill(PRAISE)
    page.reload()
    expect(page.get_by_label(words["words"])).to_have_value(PRAISE)
    page.get_by_role("button", name=words["send"]).tap()
    expect(page.get_by_role("heading", name=words["rated"])).to_be_visible()
    expect(page.get_by_text(words["of"], exact=True)).to_be_visible()
    [rating] = wait_for(lambda: said()["ratings"] or None, "the rating")
    assert (rating["stars"], rating["words"]) == (4, PRAISE)

    phone.open(f"/inspections/{inspection}/outcome")
    send = page.get_by_role("button", name=words["tell"], exact=True)
    expect(send).to_be_disabled()
    page.get_by_role("radio", name=words["deal"]).check()
    page.get_by_role("radio", name=words["proved"]).check()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.context.set_offline(True)
    send.tap()
    expect(page.get_by_text(words["waits"])).to_be_visible()
    phone.context.set_offline(False)
    outcome = wait_for(lambda: said()["outcome"], "what came of it")
    assert (outcome["deal"], outcome["proved"]) == ("not_bought", "by_police")
    expect(page.get_by_text(words["thanks"])).to_be_visible()


def test_the_desk_shows_it_on_the_case_and_in_counts(phone: Phone, new_desk: NewDesk, people: People) -> None:
    phone.sign_in()
    inspection = answered(people, phone, "anna")
    client = people.as_on(phone.token())
    client.call("PUT", f"/inspections/{inspection}/rating", {"version": 1, "stars": 2, "words": PRAISE})
    body: Json = {"version": 1, "deal": "thinking", "proved": "wrong", "words": None}
    client.call("PUT", f"/inspections/{inspection}/outcome", body)
    senior = people.expert("vera")
    wait_for(lambda: senior.get(f"/cases/{inspection}/afterwards")["outcome"], "what came of it")

    desk = new_desk("vera")
    page = case_opened(desk, inspection)
    expect(page.get_by_text("What the client said of the answer")).to_be_visible()
    expect(page.get_by_text("2 of 5, version 1.")).to_be_visible()
    expect(page.get_by_text("The answer proved wrong")).to_be_visible()
    desk.open("/statistics")
    expect(page.get_by_role("table", name="What answers proved to be, as clients say")).to_be_visible()
