"""A slip in an address is asked about before a code goes to a stranger, and is not hidden afterwards."""

from playwright.sync_api import expect

from tests.browser import audit
from tests.browser.phone import Phone


def test_a_slip_in_the_address_is_asked_about(phone: Phone) -> None:
    page = phone.page
    phone.open("/sign-in")
    page.locator("#contact").fill("ivan@gmial.com")
    page.locator("#contact").press("Enter")
    expect(page.locator("#slip")).to_be_focused()
    assert audit.barriers(page) == []
    assert audit.small_targets(page) == []
    assert audit.overflow(page, phone.look.width) == []
    page.get_by_role("button", name="Yes, ivan@gmail.com").tap()
    expect(page.locator("#code")).to_be_focused()
    expect(page.get_by_text("It went to ivan@gmail.com")).to_be_visible()


def test_whoever_means_it_is_believed(phone: Phone) -> None:
    page = phone.page
    phone.open("/sign-in")
    page.locator("#contact").fill("ivan@gmial.com")
    page.locator("#contact").press("Enter")
    page.get_by_role("button", name="No, ivan@gmial.com").tap()
    expect(page.get_by_text("It went to ivan@gmial.com")).to_be_visible()
