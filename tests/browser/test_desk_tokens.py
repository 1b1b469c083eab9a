"""An expert makes a token for a tool, which is shown once, and ends it."""

import re

import httpx
from playwright.sync_api import expect

from tests.browser import audit
from tests.browser.desk_gallery import NewDesk
from tests.browser.desk_steps import enrolled, newcomer
from tests.flows.conftest import People

TOKEN = re.compile(r"ade_live_[0-9a-f]{16}_[0-9a-f]{64}")


def test_a_token_is_made_used_and_ended(new_desk: NewDesk, people: People) -> None:
    desk = new_desk(None)
    page = desk.page
    desk.open()
    enrolled(page, newcomer(people))

    page.get_by_role("link", name="My settings").click()
    card = page.get_by_role("region", name="Tokens for tools")
    card.get_by_label("Which tool works with it").fill("Queue on the wall")
    card.get_by_label("Cases:").uncheck()
    card.get_by_role("button", name="Make a token").click()
    text = card.get_by_text(TOKEN).inner_text()
    assert audit.barriers(page) == []
    card.get_by_role("button", name="I have kept it").click()
    expect(card.get_by_text(TOKEN)).to_have_count(0)
    expect(card.get_by_text("not used yet")).to_be_visible()

    def asked(path: str) -> int:
        headers = {"Authorization": f"Bearer {text}"}
        return httpx.get(f"{people.stack.bpa.url}/api/v1{path}", headers=headers).status_code

    assert (asked("/queue"), asked("/me")) == (200, 403)
    card.get_by_role("button", name="End: Queue on the wall").click()
    expect(card.get_by_text("Ended", exact=True)).to_be_visible()
    assert asked("/queue") == 401
