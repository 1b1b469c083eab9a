"""An expert adds a passkey of their own, names it, signs in by it, and takes it away."""

from typing import Any
from uuid import uuid4

from playwright.sync_api import expect

from tests.browser import audit
from tests.browser.desk_gallery import NewDesk
from tests.browser.desk_steps import enrolled, newcomer
from tests.browser.passkeys import VIRTUAL_DEVICE
from tests.flows.conftest import People


def test_a_passkey_is_added_named_used_and_removed(new_desk: NewDesk, people: People) -> None:
    login = newcomer(people)
    desk = new_desk(None)
    page = desk.page
    devtools: Any = desk.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL_DEVICE})
    desk.open()
    recovery = enrolled(page, login)

    page.get_by_role("link", name="My settings").click()
    add, code = page.get_by_role("button", name="Add this device"), page.get_by_label("Code of the app")
    code.fill(uuid4().hex[:12])
    add.click()
    expect(page.get_by_role("alert")).to_be_visible()  # a session that was stolen adds nothing
    code.fill(recovery[0])
    add.click()
    expect(page.get_by_text("This device", exact=True)).to_be_visible()
    page.get_by_role("button", name="Rename: This device").click()
    page.get_by_label("Name").fill("The desk by the window")
    rename = page.locator("form").filter(has=page.get_by_label("Name"))
    rename.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The desk by the window", exact=True)).to_be_visible()
    assert audit.barriers(page) == []

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in without a password").click()
    expect(page.get_by_text("used on", exact=False)).to_be_visible()  # where one was
    assert [one["name"] for one in desk.call("GET", "/me/passkeys")["items"]] == ["The desk by the window"]

    desk.open("/me")
    page.get_by_role("button", name="Remove: The desk by the window").click()
    expect(page.get_by_text("The desk by the window", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in without a password").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Login")).to_be_visible()
