"""A code to an address, on pages of their own: it sends itself, outlives the tab, and waits for the network."""

import json
import re
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Route, expect

from tests.browser import audit, steps
from tests.browser.phone import Phone, file_of
from tests.browser.words import AGREE
from tests.factories.photos import jpeg

CODE = re.compile(r"/sign-in/code")
HELP = re.compile(r"^[^?]*/help$")  # and not the page that leads there
GET = "Get a code"


def someone() -> str:
    return f"{uuid4().hex[:10]}@example.com"


def ask_for_code(phone: Phone, contact: str) -> None:
    phone.page.locator("#contact").fill(contact)
    phone.page.get_by_role("button", name=GET).tap()
    expect(phone.page).to_have_url(CODE)


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_code_is_sent_at_its_last_digit_and_a_wrong_one_may_be_typed_over(phone: Phone) -> None:
    page, contact = phone.page, someone()
    phone.open("/sign-in?next=/help")
    ask_for_code(phone, contact)
    field, code = page.locator("#code"), phone.code_for(contact)
    expect(field).to_have_attribute("autocomplete", "one-time-code")
    expect(field).to_have_attribute("inputmode", "numeric")
    field.press_sequentially(another(code))
    expect(
        page.get_by_role("alert").filter(has_text="That code does not fit. Tries left: 4.")
    ).to_be_visible()
    expect(field).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    assert audit.barriers(page) == []
    # All of it is chosen, so that the next digit takes its place; and letters write it with a space.
    field.press("5")
    expect(field).to_have_value("5")
    field.fill(f" {code[:3]} {code[3:]} ")
    page.get_by_role("button", name="I agree, go on").tap()
    page.wait_for_url(HELP)


def test_what_is_sent_leaves_no_way_back_to_the_code(phone: Phone, tmp_path: Path) -> None:
    page, contact = phone.page, someone()
    steps.begin(phone)
    steps.take(phone, "vin_stamped", file_of(tmp_path, jpeg()))
    steps.enter_vin(phone)
    steps.send(phone)
    expect(page.get_by_text("A code comes first, later the answer")).to_be_visible()
    ask_for_code(phone, contact)
    page.locator("#code").fill(phone.code_for(contact))
    expect(page.get_by_role("button", name=AGREE["en"])).to_be_visible()
    # From the last question the way back leads to what is sent, past what was answered.
    page.get_by_role("button", name="Back").tap()
    page.wait_for_url(steps.REVIEW)
    page.go_forward()
    page.get_by_role("button", name=AGREE["en"]).tap()
    steps.sent(phone)
    page.go_back()
    expect(page.locator("main")).to_be_visible()
    assert "/sign-in" not in page.url


def test_whoever_goes_back_to_the_address_asks_for_no_second_code(phone: Phone) -> None:
    page, contact = phone.page, someone()
    phone.open("/sign-in?next=/help")
    ask_for_code(phone, contact)
    page.get_by_role("button", name="Back").tap()
    expect(page.locator("#contact")).to_have_value(contact)
    page.get_by_role("button", name=GET).tap()
    expect(page).to_have_url(CODE)
    letters = phone.letters_to(contact)
    assert len(letters) == 1, letters


def test_a_code_that_is_on_its_way_outlives_the_tab(phone: Phone) -> None:
    contact = someone()
    phone.open("/sign-in?next=/help")
    ask_for_code(phone, contact)
    code = phone.code_for(contact)
    phone.kill_the_tab()
    phone.open("/sign-in/code?next=/help")
    expect(phone.page.get_by_text(contact)).to_be_visible()
    phone.page.locator("#code").fill(code)
    phone.page.get_by_role("button", name="I agree, go on").tap()
    phone.page.wait_for_url(HELP)
    # It has served: whoever comes next on this phone sees nothing of it.
    phone.context.clear_cookies()
    phone.open("/sign-in/code")
    expect(phone.page.locator("#contact")).to_have_value("")


def test_without_a_network_the_code_and_the_answer_wait(phone: Phone) -> None:
    page, contact = phone.page, someone()
    phone.open("/sign-in?next=/help")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.locator("#contact").fill(contact)
    phone.context.set_offline(True)
    offline = page.get_by_role("status").filter(has_text="once you are online")
    page.get_by_role("button", name=GET).tap()
    expect(offline).to_be_visible()
    expect(page.locator("#contact")).not_to_have_attribute("aria-invalid", "true")
    phone.context.set_offline(False)
    expect(page).to_have_url(CODE)
    expect(page.get_by_text("No connection")).to_have_count(0)
    code = phone.code_for(contact)
    phone.context.set_offline(True)
    page.locator("#code").fill(code)
    expect(page.get_by_text("The code goes out once there is one")).to_be_visible()
    phone.context.set_offline(False)
    expect(page.get_by_role("button", name="I agree, go on")).to_be_visible()
    phone.context.set_offline(True)
    page.get_by_role("button", name="I agree, go on").tap()
    expect(page.get_by_text("Your answer goes out once there is one")).to_be_visible()
    phone.context.set_offline(False)
    page.wait_for_url(HELP)


def test_a_code_that_is_out_of_date_leads_to_a_new_one(phone: Phone) -> None:
    page, contact = phone.page, someone()
    phone.open("/sign-in")
    ask_for_code(phone, contact)

    def expired(route: Route) -> None:
        detail = "The code is out of date. Get a new one."
        body = {"title": "Expired", "status": HTTPStatus.FORBIDDEN, "code": "code_expired", "detail": detail}
        route.fulfill(
            status=HTTPStatus.FORBIDDEN, content_type="application/problem+json", body=json.dumps(body)
        )

    page.route("**/api/v1/auth/sessions", expired, times=1)
    page.locator("#code").fill("123456")
    expect(
        page.get_by_role("alert").filter(has_text="The code is out of date. Get a new one.")
    ).to_be_visible()
    # What does not help any more is not offered.
    expect(page.get_by_role("button", name="Next")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("new code"))).to_have_class(re.compile("primary"))
