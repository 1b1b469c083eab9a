"""Who one is here: a name, messages, a passkey, consents, one's data, and the way out."""

from collections.abc import Callable
from random import randrange
from typing import Any

from playwright.sync_api import expect

from deploy.demo.people import wait_for
from tests.browser.passkeys import VIRTUAL_DEVICE
from tests.browser.phone import Phone


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
    wait_for(lambda: any("test message" in letter for letter in phone.letters_to(contact)) or None, "it")


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
    expect(link).to_be_visible()
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


def test_a_phone_is_added_and_signs_in(phone: Phone) -> None:
    contact, number = phone.sign_in(), f"+7921{randrange(10**7):07}"
    phone.open("/profile")
    page = phone.page
    page.get_by_role("button", name="Add an e-mail address or a phone").tap()
    field = page.get_by_label("Another e-mail address or phone")
    expect(field).to_be_focused()
    field.fill("nobody")
    field.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="neither an e-mail address")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill(contact)
    field.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="yours already")).to_be_visible()
    field.fill(number)
    field.press("Enter")
    digits = page.get_by_label("The code of six digits")
    expect(digits).to_be_focused()
    code = phone.code_for(number)
    digits.fill(f"{(int(code) + 1) % 1_000_000:06d}")
    expect(page.get_by_role("alert").filter(has_text="Tries left: 4")).to_be_visible()
    digits.fill(f" {code[:3]} {code[3:]}")
    expect(page.get_by_role("status").filter(has_text=f"Added: {number}")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text=number)).to_be_visible()
    expect(page.get_by_role("button", name="Add an e-mail address or a phone")).to_be_focused()
    wait_for(lambda: any("A phone was added" in one for one in phone.letters_to(contact)) or None, "it")
    assert [one["value"] for one in phone.call("GET", "/me")["contacts"]] == [contact, number]


def test_a_contact_is_removed_but_not_the_last(phone: Phone) -> None:
    contact = phone.sign_in()
    phone.open("/profile")
    page = phone.page
    remove = page.get_by_role("button", name=f"Remove {contact}")
    remove.tap()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name=f"Remove {contact}?")).to_be_visible()
    dialog.get_by_role("button", name="Remove").tap()
    expect(dialog.get_by_role("alert").filter(has_text="no other way into this account")).to_be_visible()
    dialog.get_by_role("button", name="Keep it").tap()
    number = f"+7921{randrange(10**7):07}"
    challenge = phone.call("POST", "/me/contact-codes", {"contact": number})
    body = {"challenge_id": challenge["challenge_id"], "code": phone.code_for(number)}
    phone.call("POST", "/me/contacts", body)
    phone.open("/profile")
    remove.tap()
    dialog.get_by_role("button", name="Remove").tap()
    expect(page.get_by_role("listitem").filter(has_text=contact)).to_have_count(0)
    expect(page.get_by_role("button", name="Add an e-mail address or a phone")).to_be_focused()
    assert [one["value"] for one in phone.call("GET", "/me")["contacts"]] == [number]
    wait_for(lambda: any("was removed" in one for one in phone.letters_to(contact)) or None, "the word")


def test_what_is_another_accounts_is_not_added_and_not_told_whose(
    phone: Phone, new_phone: Callable[..., Phone]
) -> None:
    taken, page = new_phone().sign_in(), phone.page
    contact = phone.sign_in()
    signed_in_with = phone.code_for(taken)
    phone.open("/profile")
    page.get_by_role("button", name="Add an e-mail address or a phone").press("Enter")
    field, digits = page.get_by_label("Another e-mail address or phone"), page.get_by_label("The code of six")

    def asked() -> bool | None:
        field.fill(taken)
        field.press("Enter")
        said = digits.or_(
            page.get_by_role("alert").filter(has_text="Too many")
        )  # codes are not given out at once
        expect(said.first).to_be_visible()
        return digits.is_visible() or None

    wait_for(asked, "a code for a contact that had one just now")
    code = wait_for(lambda: newer(phone.code_for(taken), signed_in_with), "another code")
    digits.fill(code)
    expect(page.get_by_role("alert").filter(has_text="another account")).to_be_visible()
    page.get_by_role("button", name="Cancel").press("Enter")
    expect(page.get_by_role("button", name="Add an e-mail address or a phone")).to_be_focused()
    assert [one["value"] for one in phone.call("GET", "/me")["contacts"]] == [contact]


def newer(code: str, than: str) -> str | None:
    return code if code != than else None


def test_without_a_connection_no_contact_is_added(phone: Phone) -> None:
    phone.sign_in()
    phone.open("/profile")
    page = phone.page
    page.get_by_role("button", name="Add an e-mail address or a phone").tap()
    phone.context.set_offline(True)
    page.get_by_label("Another e-mail address or phone").fill("anna@example.com")
    page.get_by_role("button", name="Get a code").tap()
    expect(page.get_by_role("alert").filter(has_text="no connection")).to_be_visible()
    page.get_by_role("button", name="Cancel").tap()
    expect(page.get_by_text("can be added once there is a connection")).to_be_visible()
    phone.context.set_offline(False)
    expect(page.get_by_role("button", name="Add an e-mail address or a phone")).to_be_visible()
