"""A car that was checked before: its answer begins with what is different since."""

from playwright.sync_api import expect

from deploy.demo.people import wait_for
from tests.browser.answering import FINDING, answered, in_queue
from tests.browser.phone import Phone
from tests.flows.conftest import People


def test_an_answer_begins_with_what_is_different_since_the_last_check(phone: Phone, people: People) -> None:
    phone.sign_in()
    page = phone.page
    first = answered(people, phone, "anna")
    phone.open(f"/inspections/{first}")
    expect(page.get_by_text("Do not pay yet")).to_be_visible()
    since = page.get_by_role("region", name="Since the last check")
    expect(since).to_have_count(0)

    second = in_queue(phone, people)
    expert = people.expert("vera")
    expert.claim(second)
    expert.decide(second, "insufficient_data", "Nothing can be read", not_covered=["The number"])
    people.as_on(phone.token()).wait_until(second, "answered")
    # It comes last, and is a version of the inspection; the copy for where there is no network is of one.
    wait_for(lambda: phone.call_list(f"/inspections/{second}/reports") or None, "the report")
    phone.open(f"/inspections/{second}")

    expect(since).to_be_visible()
    expect(since).to_contain_text(FINDING)
    expect(since).to_contain_text("There are doubts")
    expect(since).to_contain_text("The photos do not suffice for a verdict")
    # It stands before the answer's own findings, and is there without a network.
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.reload()
    expect(since).to_contain_text(FINDING)
    page.context.set_offline(False)
    since.get_by_role("link", name="Open the last check").tap()
    page.wait_for_url(f"**/inspections/{first}")
    expect(since).to_have_count(0)
