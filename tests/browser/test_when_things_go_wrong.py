"""What happens at a car yard: no network, two tabs, a tap too many, a wrong clock, a session that ended."""

import re
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx
from playwright.sync_api import Route, expect

from deploy.demo.people import wait_for
from tests.browser import steps
from tests.browser.phone import Phone, file_of
from tests.browser.words import TYPE
from tests.factories.photos import jpeg
from tests.flows.conftest import VIN_CLAIM, People

A_DAY_AHEAD: Final = """
  const Real = Date;
  const ahead = 24 * 60 * 60 * 1000;
  window.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + ahead); }
    static now() { return Real.now() + ahead; }
  };
"""
WRITES_IN_A_SECOND: Final = """new Promise((done) => {
  let writes = 0;
  new BroadcastChannel("drafts").onmessage = () => (writes += 1);
  setTimeout(() => done(writes), 1000);
})"""


def ready_to_send(phone: Phone, folder: Path) -> None:
    steps.begin(phone)
    steps.take(phone, "vin_stamped", file_of(folder, jpeg(641, 480)))
    steps.enter_vin(phone)


def test_it_starts_without_a_network_and_keeps_what_is_done(phone: Phone, tmp_path: Path) -> None:
    phone.sign_in()
    phone.open()
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.context.set_offline(True)
    phone.page.reload()
    ready_to_send_offline(phone, tmp_path)
    phone.context.set_offline(False)
    steps.sent(phone)
    [row] = phone.call("GET", "/inspections")["items"]
    assert row["state"] != "draft"


def ready_to_send_offline(phone: Phone, folder: Path) -> None:
    page = phone.page
    steps.start(phone, TYPE)
    expect(page.get_by_text("No connection. Everything is kept")).to_be_visible()
    steps.take(phone, "vin_stamped", file_of(folder, jpeg(642, 480)))
    steps.enter_vin(phone)
    steps.send(phone)


def test_a_second_send_sends_nothing_twice(phone: Phone, tmp_path: Path) -> None:
    phone.sign_in()
    ready_to_send(phone, tmp_path)
    phone.page.get_by_role("button", name="Send to an expert").evaluate(
        "(send) => { send.click(); send.click(); }"
    )
    steps.sent(phone)
    assert len(phone.call("GET", "/inspections")["items"]) == 1


def test_two_tabs_show_one_draft(phone: Phone, tmp_path: Path) -> None:
    ready_to_send(phone, tmp_path)
    other = phone.another_tab()
    other.goto(phone.page.url)
    expect(other.locator("a[href*='/photos/'] img")).to_have_count(1)
    steps.open_camera(phone, "vin_plate", other).set_input_files(file_of(tmp_path, jpeg(643, 480)))
    expect(steps.photos(phone)).to_have_count(2)


def test_two_tabs_on_two_pages_of_one_draft_leave_each_other_alone(phone: Phone) -> None:
    """Each keeps where it turned to, once: or they would write in turn for as long as both are open."""
    steps.begin(phone)
    other = phone.another_tab()
    other.goto(phone.page.url.replace("/check", "/worry"))
    expect(other.locator("#worry")).to_be_visible()
    steps.written(phone, '"page":"worry"')
    assert phone.page.evaluate(WRITES_IN_A_SECOND) <= 1  # the last may be heard late: a quarrel never ends
    phone.open(phone.page.url.removeprefix(phone.url))
    steps.written(phone, '"page":"check"')


def test_a_session_that_ended_meanwhile_costs_no_photo(phone: Phone, tmp_path: Path) -> None:
    contact = phone.sign_in()
    ready_to_send(phone, tmp_path)
    page = phone.page

    def end(route: Route) -> None:
        """The session is over when the order comes: not before, or another request would ask to sign in."""
        phone.context.clear_cookies()
        refused = httpx.post(route.request.url)
        assert refused.status_code == HTTPStatus.UNAUTHORIZED
        route.fulfill(status=refused.status_code, headers=dict(refused.headers), body=refused.text)

    page.route("**/submit", end, times=1)
    steps.send(phone)
    expect(page.locator("#contact")).to_be_visible()
    page.wait_for_timeout(31_000)  # a new code for the same contact has to be waited for
    earlier = phone.code_for(contact)
    page.locator("#contact").fill(contact)
    page.locator("#contact").press("Enter")
    expect(page.locator("#code")).to_be_focused()
    wait_for(lambda: phone.code_for(contact) != earlier, "the letter with the new code")
    # What is kept is sent as soon as somebody is signed in: here, before the consents are looked at.
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/v1/consents", hold, times=1)
    with page.expect_response("**/submit"):
        page.locator("#code").fill(phone.code_for(contact))
    page.wait_for_timeout(1_000)  # the draft gives way to the order
    [consents] = held
    consents.continue_()
    inspection_id = steps.sent(phone)
    assert len(phone.call("GET", f"/inspections/{inspection_id}")["evidence"]) == 1


def test_a_clock_that_is_wrong_by_a_day_promises_the_same(
    new_phone: Callable[..., Phone], tmp_path: Path
) -> None:
    phone = new_phone(old_engine=A_DAY_AHEAD)
    phone.sign_in()
    ready_to_send(phone, tmp_path)
    steps.send(phone)
    steps.sent(phone)
    expect(phone.page.get_by_text(re.compile(r"(19|20)\sminutes"))).to_be_visible()


def test_what_is_cancelled_elsewhere_is_seen_at_once(phone: Phone, tmp_path: Path) -> None:
    phone.sign_in()
    ready_to_send(phone, tmp_path)
    steps.send(phone)
    inspection_id = steps.sent(phone)
    expect(phone.page.get_by_role("link", name="Write to the expert")).to_be_visible()
    phone.call("POST", f"/inspections/{inspection_id}/cancellation", {"reason": "Sold meanwhile"})
    expect(phone.page.get_by_text("Cancelled").first).to_be_visible()


def test_a_letter_leads_to_the_question_and_one_about_nothing_to_help(phone: Phone, people: People) -> None:
    contact = phone.sign_in()
    client, expert = people.as_on(phone.token()), people.expert("anna")
    inspection: str = client.start(VIN_CLAIM)["id"]
    client.upload(inspection, "vin_stamped", jpeg(644, 480))
    client.submit(inspection)
    expert.wait_until(inspection, "queued")
    expert.claim(inspection)
    expert.ask(inspection, "Closer, please", shot="vin_stamped")
    client.wait_until(inspection, "waiting_client")
    [link] = {
        found.group()
        for letter in phone.letters_to(contact)
        if (found := re.search(r"/inspections/\S+/questions/\S+", letter))
    }
    phone.open(link)
    expect(phone.page.get_by_text("Closer, please")).to_be_visible()
    phone.open(link.replace(inspection, "01a212c1-fd46-74b2-8b44-e8e95c75331f"))
    expect(phone.page.get_by_role("heading", name="There is no such check")).to_be_visible()
    phone.page.get_by_role("main").get_by_role("link", name="Help").tap()
    expect(phone.page.get_by_role("heading", name="Help", level=1)).to_be_visible()
