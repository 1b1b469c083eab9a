"""What the queue shows of a case before it is opened."""

from typing import Final

import pytest
from playwright.sync_api import expect

from deploy.demo.people import wait_for
from tests.browser.desk_gallery import NewDesk, sent_by
from tests.browser.phone import Look
from tests.flows.conftest import People

ROW: Final = 36


def test_a_row_shows_photos_and_what_is_out_of_the_ordinary(new_desk: NewDesk, people: People) -> None:
    client = people.client()
    earlier = sent_by(client, make="Rowmaker")
    case_id = sent_by(client, make="Rowmaker")
    for one in (earlier, case_id):
        people.expert("anna").wait_until(one, "queued")
    people.expert("lead").call("PUT", f"/cases/{case_id}/priority", {"urgent": True})
    desk = new_desk("anna")
    page = desk.page
    desk.open()
    row = page.locator(f"a[href='/cases/{case_id}']")
    expect(row).to_contain_text("Are the digits genuine?")
    expect(row).to_contain_text("urgent")
    expect(row).to_contain_text("number seen before")
    expect(row.locator("img")).to_have_count(2)
    loaded = "(all) => all.every((one) => one.complete && one.naturalWidth > 0)"
    wait_for(lambda: row.locator("img").evaluate_all(loaded) or None, "the photos")

    page.get_by_label("Find in the queue").fill("rowmaker")
    expect(page.locator("ol li")).to_have_count(2)
    page.locator("h1").focus()
    page.keyboard.press("j")
    preview = page.get_by_role("complementary")
    expect(preview.get_by_role("img", name="Stamped number")).to_be_visible()
    expect(preview).to_contain_text("Are the digits genuine?")
    preview.get_by_role("button", name="Take and open T").click()
    page.wait_for_url("**/cases/*")
    expect(page.get_by_text("You hold it")).to_be_visible()
    people.expert("anna").call("DELETE", f"/cases/{page.url.rsplit('/', 1)[1]}/lease")


@pytest.mark.parametrize(("look", "rows"), [(Look(1440, 900), 21), (Look(1280, 720), 16)], ids=str)
def test_many_rows_are_in_sight(new_desk: NewDesk, people: People, look: Look, rows: int) -> None:
    case_id = sent_by(people.client())
    people.expert("anna").wait_until(case_id, "queued")
    desk = new_desk("anna", look)
    desk.open()
    desk.page.get_by_role("button", name="Got it").click()
    box = desk.page.locator(".list").bounding_box()
    assert box
    assert box["height"] >= rows * ROW
    assert box["y"] + box["height"] <= look.height
