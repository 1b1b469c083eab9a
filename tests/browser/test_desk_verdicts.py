"""What keeps a verdict back at the desk, and what happens while one is on its way."""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from playwright.sync_api import Error, Page, Route, expect

from deploy.demo.people import Client, Json, wait_for
from tests.browser.desk_gallery import PLACE, NewDesk, case_opened, seen, sent_by
from tests.flows.conftest import People

WORDS: Final = "What to tell the client"


def in_annas_hand(people: People, client: Client, *severities: str) -> str:
    case_id = sent_by(client)
    anna = people.expert("anna")
    anna.wait_until(case_id, "queued")
    anna.claim(case_id)
    evidence_id = anna.case(case_id)["evidence"][0]["evidence_id"]
    for severity in severities:
        place: Json = {"evidence_id": evidence_id, "region": PLACE}
        anna.find(case_id, f"This is {severity}", severity=severity, places=[place])
    return case_id


def verdict_given(page: Page) -> None:
    page.keyboard.press("v")
    page.get_by_role("radio", name="There are doubts").check()
    page.get_by_label(WORDS).fill("The fourth digit leans.")
    page.get_by_role("button", name="Send and next").click()
    expect(page.get_by_text("goes out in")).to_be_visible()


def decided(people: People, case_id: str) -> Callable[[], Json | None]:
    """The newest decision, once there is one."""
    return lambda: next(reversed(people.expert("anna").case(case_id)["decisions"]), None)


def test_nothing_is_clean_before_its_contradiction_is_explained(new_desk: NewDesk, people: People) -> None:
    client = people.client()
    case_id = in_annas_hand(people, client, "confirmed", "contradiction", "unusual")
    page = case_opened(new_desk("anna"), case_id)
    page.keyboard.press("v")
    page.get_by_role("radio", name="No signs of altered markings").check()
    page.get_by_label(WORDS).fill("Nothing was altered.")
    page.get_by_role("checkbox", name="Contradiction: This is contradiction").uncheck()
    page.get_by_role("checkbox", name="Unusual: This is unusual").uncheck()
    page.get_by_role("button", name="Send and next").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("it is not said why a finding is left out")
    page.get_by_label("Why it is left out: This is contradiction").fill("It does not matter.")
    page.get_by_label("Why it is left out: This is unusual").fill("Dirt, it came off.")
    expect(alert).not_to_contain_text("left out")
    expect(alert).to_contain_text("the case has a contradiction")

    page.get_by_role("button", name=re.compile("Findings")).click()
    page.get_by_role("button", name=re.compile("Explain.*contradiction")).click()
    page.get_by_label("Why this does not speak against the car").fill(
        "Re-marked by law, the certificate is seen."
    )
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_text("Contradiction, explained")).to_be_visible()
    page.keyboard.press("v")
    page.get_by_role("checkbox", name="Contradiction: This is contradiction").check()
    page.get_by_role("button", name="Send and next").click()

    answer = client.wait_until(case_id, "answered")["decision"]
    assert answer["verdict"] == "clean"
    assert [one.get("explanation") for one in answer["findings"]] == [
        None,
        "Re-marked by law, the certificate is seen.",
    ]
    [left_out] = people.expert("anna").case(case_id)["decisions"][0]["left_out"]
    assert (left_out["finding"]["text"], left_out["reason"]) == ("This is unusual", "Dirt, it came off.")


def test_an_amendment_begins_with_the_answer_and_shows_what_it_changes(
    new_desk: NewDesk, people: People
) -> None:
    client = people.client()
    case_id = in_annas_hand(people, client, "anomaly")
    anna = people.expert("anna")
    finding_ids = [one["finding_id"] for one in anna.case(case_id)["findings"]]
    anna.decide(case_id, "forgery_signs", "Struck anew.", finding_ids=finding_ids, not_covered=["glass"])
    client.wait_until(case_id, "answered")
    page = case_opened(new_desk("vera"), case_id)
    page.keyboard.press("v")
    expect(page.get_by_role("radio", name="Signs of altered markings", exact=True)).to_be_checked()
    expect(page.get_by_label(WORDS)).to_have_value("Struck anew.")
    expect(page.get_by_label("What could not be checked")).to_have_value("glass")
    expect(page.get_by_text("Nothing yet: the answer is repeated")).to_be_visible()

    page.get_by_role("radio", name="There are doubts").check()
    expect(page.locator("del")).to_have_text(["Signs of altered markings"])
    expect(page.locator("ins")).to_have_text(["There are doubts"])
    page.get_by_label("Why the answer changes").fill("A certificate was shown.")
    page.get_by_role("button", name="Send and next").click()

    amended = wait_for(
        lambda: ((one := decided(people, case_id)()) and one["kind"] == "amendment" and one) or None,
        "the amendment",
        30,
    )
    assert (amended["verdict"], amended["summary"], amended["not_covered"]) == (
        "doubts",
        "Struck anew.",
        ["glass"],
    )


def test_what_the_client_says_meanwhile_is_shown_wherever_the_expert_is(
    new_desk: NewDesk, people: People
) -> None:
    client = people.client()
    case_id = in_annas_hand(people, client, "anomaly")
    page = case_opened(new_desk("anna"), case_id)
    verdict_given(page)
    client.call("POST", f"/inspections/{case_id}/messages", {"text": "Wait, there is more!"})
    expect(page.get_by_text("Wait, there is more!")).to_be_visible()
    page.wait_for_timeout(11_000)
    assert decided(people, case_id)() is None
    page.get_by_role("button", name="Back to the case").click()
    page.wait_for_url(f"**/cases/{case_id}")
    expect(page.get_by_text("has not gone out")).to_have_count(0)

    # The case is there, and its keys are, before one of them is pressed.
    seen(page)
    page.keyboard.press("v")
    expect(page.get_by_label(WORDS)).to_have_value("The fourth digit leans.")
    page.get_by_role("button", name="Send and next").click()
    client.call("POST", f"/inspections/{case_id}/messages", {"text": "And one more thing"})
    expect(page.get_by_text("And one more thing")).to_be_visible()
    page.get_by_role("button", name="Send it anyway").click()
    assert wait_for(decided(people, case_id), "the decision")["verdict"] == "doubts"
    expect(page.get_by_text("has not gone out")).to_have_count(0)


def test_who_takes_a_verdict_back_before_the_next_case_is_known_stays_at_theirs(
    new_desk: NewDesk, people: People
) -> None:
    case_id = in_annas_hand(people, people.client(), "anomaly")
    page = case_opened(new_desk("anna"), case_id)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/v1/queue/next", hold)
    verdict_given(page)
    page.evaluate("document.activeElement?.blur()")
    page.keyboard.press("Control+z")
    expect(page.get_by_text("goes out in")).to_have_count(0)
    [asked] = held
    with page.expect_response("**/api/v1/queue/next"):
        asked.continue_()
    page.keyboard.press("v")
    expect(page.get_by_label(WORDS)).to_have_value("The fourth digit leans.")
    page.get_by_label(WORDS).fill("The fourth digit leans, and the fifth.")
    expect(page.get_by_text("draft saved at")).to_be_visible()
    assert page.url.endswith(case_id)
    people.expert("anna").call("DELETE", f"/cases/{case_id}/lease")


def test_a_verdict_whose_page_died_before_it_went_out_is_told_of(new_desk: NewDesk, people: People) -> None:
    case_id = in_annas_hand(people, people.client(), "anomaly")
    desk = new_desk("anna")
    verdict_given(case_opened(desk, case_id))
    with suppress(Error):
        desk.page.goto("chrome://crash")
    page = desk.page = desk.another_tab()
    desk.open()
    expect(page.get_by_text("The page was left before it was taken")).to_be_visible()
    page.get_by_role("link", name="Open the case").click()
    page.wait_for_url(f"**/cases/{case_id}")
    seen(page)
    page.keyboard.press("v")
    expect(page.get_by_label(WORDS)).to_have_value("The fourth digit leans.")
    page.keyboard.press("Control+Enter")
    wait_for(decided(people, case_id), "the verdict")
    assert "verdict on its way" not in page.evaluate("Object.keys(localStorage).join()")


def test_what_changes_nothing_lets_a_verdict_pass(new_desk: NewDesk, people: People) -> None:
    client = people.client()
    case_id = in_annas_hand(people, client, "anomaly")
    page = case_opened(new_desk("anna"), case_id)
    verdict_given(page)

    people.expert("lead").call("PUT", f"/cases/{case_id}/priority", {"urgent": True})

    assert wait_for(decided(people, case_id), "the decision")["verdict"] == "doubts"
    expect(page.get_by_text("was not taken")).to_have_count(0)


def test_a_verdict_on_its_way_covers_no_button_of_the_next_one(new_desk: NewDesk, people: People) -> None:
    client = people.client()
    first, second = in_annas_hand(people, client, "anomaly"), in_annas_hand(people, client, "anomaly")
    page = case_opened(new_desk("anna"), first)
    verdict_given(page)
    page.wait_for_url(lambda url: first not in url)  # or the desk goes to the next one after we did
    # Not by loading a page: what waits goes out then.
    page.evaluate(
        "(path) => (history.pushState({}, '', path), dispatchEvent(new PopStateEvent('popstate')))",
        f"/cases/{second}",
    )
    number = people.expert("anna").call("GET", f"/cases/{second}")["number"]
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    expect(page.get_by_text("You hold it")).to_be_visible()
    page.keyboard.press("v")
    send = page.get_by_role("button", name="Send and next")
    expect(send).to_be_visible()
    expect(page.locator(".pending .note")).to_be_visible()
    send.evaluate("(one) => one.scrollIntoView({ block: 'end' })")

    covered = send.evaluate(
        """(one) => {
          const { x, y, width, height } = one.getBoundingClientRect();
          return !one.contains(document.elementFromPoint(x + width / 2, y + height - 2));
        }"""
    )

    assert not covered
    people.expert("anna").call("DELETE", f"/cases/{second}/lease")
