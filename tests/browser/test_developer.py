"""An admin makes a key for a program of the company, which is shown once, and ends it."""

import re

import httpx
from playwright.sync_api import expect

from deploy.embedded.stack import Stack
from tests.browser.phone import Phone

KEY = re.compile(r"adk_live_[0-9a-f]{16}_[0-9a-f]{64}")


def make_admin(stack: Stack, contact: str, company: str = "Motors") -> None:
    """Make somebody who has signed in the admin of a company of that name."""
    made = stack.command(stack.cabinet, "company-create", company)
    company_id = made.stdout.split()[1]
    words = ("--company", company_id, "--contact", contact, "--role", "partner_admin")
    done = stack.command(stack.cabinet, "member-add", *words)
    assert done.returncode == 0, done.stderr


def test_a_key_is_made_copied_renewed_and_ended(phone: Phone, stack: Stack) -> None:
    contact = phone.sign_in()
    page = phone.page
    phone.open("/developer")
    expect(page.get_by_text("Keys for programs are made by an administrator")).to_be_visible()
    make_admin(stack, contact)
    phone.open("/profile")
    page.get_by_role("link", name="For developers").tap()
    expect(page.get_by_text("There are no keys yet")).to_be_visible()

    page.get_by_role("button", name="Make a key").tap()
    page.get_by_role("button", name="Make it").tap()
    expect(page.get_by_label("Name")).to_be_focused()
    page.get_by_label("Name").fill("CRM")
    page.get_by_label("From these addresses only").fill("here")
    page.get_by_role("button", name="Make it").tap()
    expect(page.get_by_text("This is no address and no network")).to_be_visible()
    page.get_by_label("From these addresses only").fill("127.0.0.0/8, ::1")
    page.get_by_role("button", name="Make it").tap()
    expect(page.get_by_role("heading", name="The key CRM is ready")).to_be_visible()
    key = page.get_by_text(KEY).inner_text()
    assert key not in page.evaluate("JSON.stringify({...localStorage})")
    page.get_by_role("button", name="Done, I have kept it").tap()
    expect(page.get_by_text(KEY)).to_have_count(0)
    expect(page.get_by_text("Not used yet")).to_be_visible()

    def asked() -> int:
        url = f"{stack.cabinet.public_url}/api/v1/inspections"
        return httpx.get(url, headers={"Authorization": f"Bearer {key}"}).status_code

    assert asked() == 200
    page.get_by_role("button", name="Make the next one").tap()
    expect(page.get_by_text(KEY)).to_be_visible()
    expect(page.get_by_role("heading", name="CRM", exact=True)).to_have_count(2)
    page.get_by_role("button", name="End it").last.tap()
    page.get_by_role("dialog").get_by_role("button", name="End it").tap()
    expect(page.get_by_text("Ended", exact=True)).to_be_visible()
    assert asked() == 401
