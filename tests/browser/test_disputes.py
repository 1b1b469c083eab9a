"""Objecting to an answer: words, findings and photos that are kept until they are sent; what the desk sees."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import expect

from deploy.demo.people import Json
from tests.browser.answering import FINDING, answered
from tests.browser.desk_gallery import NewDesk, case_opened
from tests.browser.phone import Language, Look, Phone, file_of
from tests.factories.photos import stamped_number
from tests.flows.conftest import People

REASON: Final = "Номер набит заново законно / re-stamped by law"
WORDS: Final = {
    "ru": {
        "open": "Не согласен с ответом",
        "reason": "Опишите, с чем вы не согласны",
        "send": "Отправить возражение",
        "remove": "Убрать.*снимок 2",
        "waits": "Возражение уйдёт само, когда появится связь",
        "runs": "Возражение смотрит другой эксперт",
        "changes": "Что изменилось",
        "before": "Было",
        "after": "Стало",
    },
    "en": {
        "open": "I do not agree with the answer",
        "reason": "Describe what you do not agree with",
        "send": "Send the objection",
        "remove": "Remove.*photo 2",
        "waits": "The objection goes by itself once there is a connection",
        "runs": "Another expert looks at your objection",
        "changes": "What changed",
        "before": "Before",
        "after": "Now",
    },
}


def amended(people: People, inspection: str, reason: str) -> None:
    senior = people.expert("vera")
    senior.claim(inspection)
    case = senior.case(inspection)
    body: Json = {
        "preliminary": False,
        "verdict": "insufficient_data",
        "summary": "The certificate has to be seen",
        "finding_ids": [one["finding_id"] for one in case["findings"]],
        "not_covered": ["The certificate"],
        "reason": reason,
    }
    version = senior.case(inspection)["version"]
    senior.call("POST", f"/cases/{inspection}/amendments", body, if_match=f'"{version}"')


@pytest.mark.parametrize("language", ["ru", "en"])
def test_an_objection_with_a_finding_and_a_photo_survives_until_it_is_sent(
    new_phone: Callable[..., Phone], people: People, tmp_path: Path, language: Language
) -> None:
    phone, words = new_phone(Look(width=390, height=844, language=language)), WORDS[language]
    phone.sign_in()
    inspection = answered(people, phone, "anna")
    page = phone.page
    phone.open(f"/inspections/{inspection}")
    page.get_by_role("link", name=words["open"]).tap()
    expect(page.get_by_role("button", name=words["send"])).to_be_disabled()
    page.get_by_label(words["reason"]).fill(REASON)
    page.get_by_role("checkbox", name=re.compile(FINDING)).check()
    page.locator("input[multiple]").set_input_files(
        [file_of(tmp_path, stamped_number()), file_of(tmp_path, stamped_number())]
    )
    page.get_by_role("button", name=re.compile(words["remove"])).tap()
    expect(page.locator("main ul img")).to_have_count(1)
    page.reload()
    expect(page.get_by_label(words["reason"])).to_have_value(REASON)
    expect(page.get_by_role("checkbox", name=re.compile(FINDING))).to_be_checked()
    expect(page.locator("main ul img")).to_have_count(1)
    # Nothing of it is with the experts before it is sent.
    assert len(people.expert("vera").case(inspection)["evidence"]) == 1
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.context.set_offline(True)
    page.get_by_role("button", name=words["send"]).tap()
    expect(page.get_by_text(words["waits"])).to_be_visible()
    phone.context.set_offline(False)

    case = people.expert("vera").wait_until(inspection, "disputed")
    [opened] = case["disputes"]
    [shown] = [one for one in case["evidence"] if one["evidence_id"] in opened["evidence_ids"]]
    assert (opened["reason"], shown["shot"]) == (REASON, "other")
    assert opened["finding_ids"] == [case["findings"][0]["finding_id"]]
    expect(page.get_by_role("heading", level=1, name=words["runs"])).to_be_visible()
    phone.open(f"/inspections/{inspection}/dispute")
    expect(page.get_by_text(REASON)).to_be_visible()
    expect(page.get_by_text(FINDING)).to_be_visible()

    amended(people, inspection, "A certificate was named")
    people.as_on(phone.token()).wait_until(inspection, "answered")
    phone.open(f"/inspections/{inspection}")
    page.get_by_role("link", name=words["changes"], exact=True).tap()
    table = page.get_by_role("table")
    for side in ("before", "after"):
        expect(table.get_by_role("columnheader", name=words[side], exact=True)).to_be_visible()
    expect(table).to_contain_text("Do not pay yet")
    expect(table).to_contain_text("The certificate has to be seen")


def test_the_desk_sees_what_is_doubted_and_the_author_is_told_that_it_is_not_theirs(
    phone: Phone, new_desk: NewDesk, people: People
) -> None:
    phone.sign_in()
    inspection = answered(people, phone, "vera")
    client = people.as_on(phone.token())
    finding = client.inspection(inspection)["decision"]["findings"][0]["finding_id"]
    photo = client.upload(inspection, "other", stamped_number())["id"]
    body: Json = {"reason": REASON, "finding_ids": [finding], "evidence_ids": [photo]}
    client.call("POST", f"/inspections/{inspection}/disputes", body)
    people.expert("vera").wait_until(inspection, "disputed")

    author = case_opened(new_desk("vera"), inspection)
    expect(
        author.get_by_text("You gave this answer, so somebody else looks at the objection.")
    ).to_be_visible()
    expect(author.get_by_role("button", name=re.compile("^Take"))).to_have_count(0)
    assert "claim" not in people.expert("vera").case(inspection)["acts"]

    other = case_opened(new_desk("anna"), inspection)
    expect(other.get_by_text(REASON)).to_be_visible()
    expect(other.locator(".disputes")).to_contain_text(FINDING)
    expect(other.locator(".disputes").get_by_text("new", exact=True)).to_be_visible()
    expect(other.get_by_text("A senior expert takes this objection and replies.")).to_be_visible()
    expect(other.get_by_role("button", name=re.compile("^Take"))).to_have_count(0)
    other.locator(".disputes").get_by_role("button", name="photo 2").click()
