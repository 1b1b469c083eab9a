"""What comes after a verdict: whatever the queue would show first at that moment, on whatever screen one is."""

import re

import pytest
from playwright.sync_api import Page, expect

from deploy.demo.people import wait_for
from tests.browser.desk_gallery import NewDesk, case_opened, sent_by
from tests.browser.desk_steps import say_that_nothing_can_be_told
from tests.flows.conftest import People


def first_of_the_queue(people: People) -> str:
    return people.expert("anna").get("/queue?view=open")["items"][0]["id"]


def urgent(people: People, *, make: str = "Urgent") -> str:
    """A case that comes before all others."""
    case_id = sent_by(people.client(), make=make)
    people.expert("anna").wait_until(case_id, "queued")
    people.expert("lead").call("PUT", f"/cases/{case_id}/priority", {"urgent": True})
    return case_id


def calm(people: People, *cases: str) -> None:
    for case_id in cases:
        people.expert("lead").call("PUT", f"/cases/{case_id}/priority", {"urgent": False})


def test_what_became_urgent_meanwhile_is_next_and_what_somebody_took_is_not(
    new_desk: NewDesk, people: People
) -> None:
    client = people.client()
    mine = sent_by(client)
    people.expert("anna").wait_until(mine, "queued")
    people.expert("anna").claim(mine)
    page = case_opened(new_desk("anna"), mine)

    taken, free = urgent(people), urgent(people)
    people.expert("boris").claim(taken)
    expected = first_of_the_queue(people)
    assert expected not in {mine, taken}
    page.wait_for_timeout(2_000)  # the queue is not on the screen, and news of it come all the same
    say_that_nothing_can_be_told(page)
    page.wait_for_url(f"**/cases/{expected}")
    client.wait_until(mine, "answered")
    people.expert("boris").call("DELETE", f"/cases/{taken}/lease")
    calm(people, taken, free)


def test_what_was_answered_long_ago_never_comes_back(new_desk: NewDesk, people: People) -> None:
    client = people.client()
    cases = [urgent(people), sent_by(client), sent_by(client)]
    for case_id in cases:
        people.expert("anna").wait_until(case_id, "queued")
    first = first_of_the_queue(people)
    people.expert("anna").claim(first)
    for case_id in cases[1:]:
        people.expert("anna").claim(case_id)
    desk = new_desk("anna")
    page = desk.page
    desk.open()
    page.get_by_role("button", name=re.compile(r"^All\b")).click()
    page.locator(f"a[href='/cases/{first}']").click()
    say_that_nothing_can_be_told(page)
    # Nobody goes by the queue for longer than it is remembered that it was answered.
    page.wait_for_url(lambda url: first not in url)
    people.expert("anna").wait_until(first, "answered")
    page.wait_for_timeout(11_000)
    to(page, people.expert("anna").case(cases[1])["number"], cases[1])
    say_that_nothing_can_be_told(page)
    page.wait_for_url(lambda url: cases[1] not in url)
    assert first not in page.url
    client.wait_until(cases[1], "answered")
    people.expert("anna").call("DELETE", f"/cases/{cases[2]}/lease")
    calm(people, *({cases[0]} - {first}))


def test_what_was_taken_with_a_verdict_goes_back_with_it(new_desk: NewDesk, people: People) -> None:
    anna = people.expert("anna")
    mine = sent_by(people.client())
    anna.wait_until(mine, "queued")
    anna.claim(mine)
    following = urgent(people)
    page = case_opened(new_desk("anna"), mine)
    say_that_nothing_can_be_told(page)
    page.wait_for_url(f"**/cases/{following}")
    assert anna.case(following)["holder"]["expert_id"] == anna.case(mine)["holder"]["expert_id"]

    page.keyboard.press("Control+z")
    page.wait_for_url(f"**/cases/{mine}")
    wait_for(lambda: anna.case(following)["holder"] is None or None, "the case to be given back")
    assert anna.case(mine)["state"] == "in_work"
    # What one had in hand before stays there.
    anna.claim(following)
    say_that_nothing_can_be_told(page)
    page.wait_for_url(f"**/cases/{following}")
    page.keyboard.press("Control+z")
    page.wait_for_url(f"**/cases/{mine}")
    page.wait_for_timeout(1_000)
    assert anna.case(following)["holder"] is not None
    for case_id in (mine, following):
        anna.call("DELETE", f"/cases/{case_id}/lease")
    calm(people, following)


@pytest.mark.parametrize("goes_on", [False, True], ids=["at the queue", "at something else"])
def test_a_next_case_that_could_not_be_taken_comes_with_the_verdict(
    new_desk: NewDesk, people: People, *, goes_on: bool
) -> None:
    client, anna = people.client(), people.expert("anna")
    mine = sent_by(client)
    anna.wait_until(mine, "queued")
    anna.claim(mine)
    following = urgent(people)
    page = case_opened(new_desk("anna"), mine)
    page.route("**/api/v1/queue/next", lambda route: route.abort())
    say_that_nothing_can_be_told(page)
    page.wait_for_url(lambda url: url.endswith("/"))
    if goes_on:
        page.get_by_role("link", name="Reference base").click()
    else:
        page.wait_for_url(f"**/cases/{following}")
        expect(page.get_by_text("You hold it")).to_be_visible()
    client.wait_until(mine, "answered")
    # Whoever began something else takes nothing.
    assert (anna.case(following)["holder"] is None) == goes_on
    if not goes_on:
        anna.call("DELETE", f"/cases/{following}/lease")
    calm(people, following)


def to(page: Page, number: str, case_id: str) -> None:
    page.keyboard.press("Control+k")
    page.locator("input[role=combobox]").fill(number)
    page.get_by_role("option", name=f"Case {number}").click()
    page.wait_for_url(f"**/cases/{case_id}")
