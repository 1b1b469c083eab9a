"""The case's screen: its photo first, the stages of the work beside it, and every act by keys on any layout."""

import re
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk_gallery import PLACE, WORDS, NewDesk, a_case, case_opened, sent_by
from tests.browser.phone import Look, until
from tests.flows.conftest import People

WORTH_LOOKING_AT: Final = 0.65


def in_hand(people: People) -> tuple[str, str]:
    """A case of Anna's, and the words of the first check of its stamped number."""
    check = people.check(shot="vin_stamped", required=False)
    case_id = sent_by(people.client())
    people.expert("anna").wait_until(case_id, "queued")
    people.expert("anna").claim(case_id)
    return case_id, check


def outcomes(people: People, case_id: str, check: str) -> list[str | None]:
    return [one["outcome"] for one in people.expert("anna").case(case_id)["checks"] if one["text"] == check]


@pytest.mark.parametrize("look", [Look(1440, 900), Look(1280, 720)], ids=str)
def test_the_photo_has_two_thirds_of_the_screen(new_desk: NewDesk, people: People, look: Look) -> None:
    case_id = a_case(people, WORDS["en"])
    page = case_opened(new_desk("anna", look), case_id)
    box = page.locator(".viewer").bounding_box()
    assert box
    assert box["width"] * box["height"] >= WORTH_LOOKING_AT * look.width * look.height
    until(page, "document.documentElement.scrollHeight <= innerHeight")

    page.keyboard.press("h")
    until(page, "document.querySelector('.viewer').clientHeight === innerHeight")
    expect(page.get_by_text("Left ")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("toolbar")).to_be_visible()
    people.expert("anna").call("DELETE", f"/cases/{case_id}/lease")


def test_a_digit_answers_the_check_and_the_last_act_is_undone(new_desk: NewDesk, people: People) -> None:
    case_id, check = in_hand(people)
    page = case_opened(new_desk("anna"), case_id)
    line = page.get_by_role("listitem").filter(has_text=check)
    page.keyboard.press("3")
    expect(line.locator(".tag")).to_have_text("Cannot tell")
    until_said(page, people, case_id, check, "impossible")
    page.keyboard.press("Control+z")
    expect(line).to_contain_text("not said")
    until_said(page, people, case_id, check, None)
    people.expert("anna").call("DELETE", f"/cases/{case_id}/lease")


def until_said(page: Page, people: People, case_id: str, check: str, outcome: str | None) -> None:
    for _ in range(400):
        if outcomes(people, case_id, check) == [outcome]:
            return
        page.wait_for_timeout(100)
    raise AssertionError(outcomes(people, case_id, check))


def test_the_rest_is_fine_only_once_the_photo_was_looked_at(new_desk: NewDesk, people: People) -> None:
    case_id, check = in_hand(people)
    desk = new_desk("anna")
    desk.page.add_init_script(
        "const wait = setTimeout;"
        "setTimeout = (what, time, ...more) => (time === 1500 ? 0 : wait(what, time, ...more));"
    )
    page = case_opened(desk, case_id)
    page.keyboard.press("4")
    expect(page.get_by_text("Look at the photo first")).to_be_visible()
    assert outcomes(people, case_id, check) == [None]
    page.keyboard.press("w")
    expect(page.get_by_text("Look at the photo first")).to_have_count(0)
    page.keyboard.press("4")
    until_said(page, people, case_id, check, "ok")
    page.keyboard.press("Control+z")
    until_said(page, people, case_id, check, None)
    people.expert("anna").call("DELETE", f"/cases/{case_id}/lease")


def test_what_is_odd_becomes_a_finding_in_several_places(new_desk: NewDesk, people: People) -> None:
    case_id, _ = in_hand(people)
    page, anna = case_opened(new_desk("anna"), case_id), people.expert("anna")
    page.keyboard.press("2")
    page.get_by_label("What is here").fill("The last characters stand lower")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Go on with the finding").click()
    page.keyboard.press("f")
    expect(page.get_by_role("application")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Drop place 2")).to_be_visible()
    page.get_by_role("button", name="Drop place 1").click()
    expect(page.get_by_role("button", name="Drop place 2")).to_have_count(0)
    page.locator("h1").focus()
    page.keyboard.press("1")
    expect(page.get_by_role("radio", name="Contradiction")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Found on the photo")).to_be_visible()
    [finding] = anna.case(case_id)["findings"]
    assert (finding["severity"], len(finding["places"])) == ("contradiction", 1)
    assert finding["places"][0]["region"]

    page.keyboard.press("Control+z")
    expect(page.get_by_text("Found on the photo")).to_have_count(0)
    assert anna.case(case_id)["findings"] == []
    anna.call("DELETE", f"/cases/{case_id}/lease")


def test_a_finding_is_changed_and_withdrawn_and_comes_back(new_desk: NewDesk, people: People) -> None:
    case_id, _ = in_hand(people)
    anna = people.expert("anna")
    place = {"evidence_id": anna.case(case_id)["evidence"][0]["evidence_id"], "region": PLACE}
    anna.find(case_id, "A scratch", severity="unusual", places=[place])
    page = case_opened(new_desk("anna"), case_id)
    page.get_by_role("button", name="Findings 1").click()
    page.get_by_role("button", name=re.compile("Change ?: A scratch")).click()
    expect(page.get_by_label("What is here")).to_have_value("A scratch")
    page.get_by_label("What is here").fill("Two scratches")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name=re.compile("Change ?: Two scratches"))).to_be_visible()

    page.get_by_role("button", name=re.compile("Withdraw ?: Two scratches")).click()
    expect(page.get_by_text("Withdrawn findings: 1")).to_be_visible()
    page.locator("h1").focus()
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name=re.compile("Change ?: Two scratches"))).to_be_visible()
    [finding] = anna.case(case_id)["findings"]
    assert (finding["text"], finding["severity"], finding["places"][0]["region"]) == (
        "Two scratches",
        "unusual",
        PLACE,
    )
    anna.call("DELETE", f"/cases/{case_id}/lease")


def test_an_answered_case_shows_its_answer(new_desk: NewDesk, people: People) -> None:
    case_id, _ = in_hand(people)
    people.expert("anna").decide(
        case_id, "insufficient_data", "Nothing can be made out.", not_covered=["the glass"]
    )
    page = case_opened(new_desk("boris"), case_id)
    expect(page.get_by_role("heading", name="Not enough to tell")).to_be_visible()
    expect(page.get_by_text("Nothing can be made out.")).to_be_visible()
    expect(page.get_by_text("version 1")).to_contain_text("Анна Белова")
    expect(page.get_by_text("Not covered: the glass")).to_be_visible()
