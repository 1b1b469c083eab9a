"""What comes after a verdict: whatever the queue would show first at that moment, on whatever screen one is."""

from playwright.sync_api import Page

from tests.browser.desk_gallery import NewDesk, case_opened, sent_by
from tests.browser.test_desk_together import say_that_nothing_can_be_told
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
    client.wait_until(mine, "answered", patience=30)
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
    page.get_by_role("button", name="All", exact=True).click()
    page.locator(f"a[href='/cases/{first}']").click()
    say_that_nothing_can_be_told(page)
    # Nobody goes by the queue for longer than it is remembered that it was answered.
    page.wait_for_url(lambda url: first not in url)
    people.expert("anna").wait_until(first, "answered", patience=30)
    page.wait_for_timeout(11_000)
    to(page, people.expert("anna").case(cases[1])["number"], cases[1])
    say_that_nothing_can_be_told(page)
    page.wait_for_url(lambda url: cases[1] not in url)
    assert first not in page.url
    client.wait_until(cases[1], "answered", patience=30)
    people.expert("anna").call("DELETE", f"/cases/{cases[2]}/lease")
    calm(people, *({cases[0]} - {first}))


def to(page: Page, number: str, case_id: str) -> None:
    page.keyboard.press("Control+k")
    page.locator("input[role=combobox]").fill(number)
    page.get_by_role("option", name=f"Case {number}").click()
    page.wait_for_url(f"**/cases/{case_id}")
