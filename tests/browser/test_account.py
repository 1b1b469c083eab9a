"""Who one is here: a name, messages, a passkey, consents, one's data, and the way out."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from deploy.demo.people import wait_for
from tests.browser.phone import Phone

VIRTUAL_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_name_and_a_message_to_see_whether_it_comes(phone: Phone) -> None:
    contact = phone.sign_in()
    phone.open("/profile")
    page = phone.page
    page.get_by_label("What should we call you?").fill("Anna")
    page.get_by_role("button", name="Save").tap()
    expect(page.get_by_text("Saved")).to_be_visible()
    assert phone.call("GET", "/me")["account"]["display_name"] == "Anna"
    page.locator("main").get_by_role("link", name="Notifications").tap()
    page.get_by_role("button", name="Send a test message").tap()
    expect(page.get_by_text(f"It went to {contact}", exact=False)).to_be_visible()
    wait_for(lambda: any("test message" in letter for letter in phone.letters_to(contact)) or None, "it", 15)


def test_signing_in_without_a_code(phone: Phone) -> None:
    phone.sign_in()
    devtools: Any = phone.context.new_cdp_session(phone.page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL_DEVICE})
    phone.open("/profile")
    page = phone.page
    page.get_by_role("button", name="Add this phone").tap()
    expect(page.get_by_role("button", name="Remove: This phone")).to_be_visible()
    page.get_by_role("button", name="Sign out").tap()
    page.get_by_role("dialog").get_by_role("button", name="Sign out").tap()
    page.get_by_role("link", name="Sign in").tap()
    page.get_by_role("button", name="Sign in without a code").tap()
    expect(page.get_by_role("heading", level=1, name="Check a car")).to_be_visible()
    assert len(phone.call("GET", "/me/passkeys")["items"]) == 1


def test_taking_ones_data_along_a_consent_back_and_everything_away(phone: Phone) -> None:
    phone.sign_in()
    phone.open("/profile")
    page = phone.page
    page.get_by_role("button", name="Make an archive").tap()
    link = page.get_by_role("link", name="Download")
    expect(link).to_be_visible(timeout=30_000)
    with page.expect_download() as download:
        link.tap()
    assert download.value.suggested_filename.endswith(".zip")
    page.get_by_role("button", name="Withdraw").tap()
    page.get_by_role("dialog").get_by_role("button", name="Withdraw").tap()
    expect(page.get_by_text("Not given")).to_be_visible()
    page.get_by_role("button", name="Delete the account").tap()
    page.get_by_role("dialog").get_by_role("button", name="Delete the account").tap()
    expect(page.get_by_role("heading", level=1, name="Check a car")).to_be_visible()
    assert phone.context.request.get(f"{phone.url}/api/v1/me").status == 401


def test_two_phones_share_nothing_but_the_account(new_phone: Callable[..., Phone]) -> None:
    one, other = new_phone(), new_phone()
    one.sign_in()
    other.open("/profile")
    expect(other.page.locator("#contact")).to_be_visible()
    one.open("/profile")
    expect(one.page.get_by_text("this phone", exact=False).first).to_be_visible()
