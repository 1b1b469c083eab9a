"""The screens of sources and imports: a file goes out, is imported before one's eyes, and is taken back again."""

import re
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.desk_gallery import NewDesk
from tests.browser.phone import Look
from tests.flows.conftest import People

IMPORTED_WITHIN: Final = 120_000
"""Milliseconds: the engine of the records starts with the first import."""
HEADER: Final = "make,model,chassis,year,kms\n"


def a_list(rows: int, more: str = "") -> FilePayload:
    """A stock list like no other, of a day that its name says."""
    stamp = uuid4().hex[:6].upper()
    cars = "".join(f"TOYOTA,COROLLA,NZE{stamp}-{number:07},2010,{number}\n" for number in range(rows))
    name = f"stock-{stamp}-2026-11-01.csv"
    return {"name": name, "mimeType": "text/csv", "buffer": (HEADER + cars + more).encode()}


def form_of(page: Page, source: str) -> None:
    page.get_by_role("button", name=re.compile(f"^Send a file.*{source}")).click()
    expect(page.locator("#send-file")).to_be_focused()


def card_of(page: Page, file: FilePayload) -> Locator:
    return page.locator("li.card").filter(has_text=file["name"])


def test_a_file_is_sent_imported_and_undone(new_desk: NewDesk, tmp_path: Path) -> None:
    desk = new_desk("admin")
    page = desk.page
    file = a_list(50, "=1+1,COROLLA,,2010,1\n" * 2)
    desk.open("/sources")
    form_of(page, "Japanese stock lists")
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    page.locator("#send-file").set_input_files([file])
    expect(page.get_by_label("As of")).to_have_value("2026-11-01")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="waits in line")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Send a file.*Japanese"))).to_be_focused()

    page.get_by_role("link", name="Imports of files").click()
    card = card_of(page, file)
    expect(card.get_by_text("Imported", exact=True)).to_be_visible(timeout=IMPORTED_WITHIN)
    expect(card).to_contain_text("Rows 52 = records 50 + duplicates 0 + rejected 2")
    expect(card).to_contain_text("In the store: rows 50 = new 50 + known before 0")
    card.get_by_text("Why rows were rejected").click()
    expect(card).to_contain_text("Nothing says which vehicle it is: 2")
    with page.expect_download() as downloading:
        card.get_by_role("link", name="Download the rejected rows (2), CSV").click()
    kept = tmp_path / "rejects.csv"
    downloading.value.save_as(kept)
    assert kept.read_text("utf-8-sig").count("identifier_missing") == 2

    card.get_by_role("button", name=re.compile("Undo the import")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Taken away: 50 rows of the store that it added.")
    dialog.get_by_role("button", name="Leave it").click()
    expect(dialog).to_be_hidden()
    card.get_by_role("button", name=re.compile("Undo the import")).click()
    dialog.get_by_role("button", name="Undo the import").click()
    expect(card.get_by_text("Undone", exact=True)).to_be_visible(timeout=IMPORTED_WITHIN)
    expect(card.get_by_role("button")).to_have_count(0)


def test_what_is_no_file_of_the_source_says_why_in_words(new_desk: NewDesk, people: People) -> None:
    desk = new_desk("admin")
    page = desk.page
    file: FilePayload = {"name": f"{uuid4().hex}.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"}
    desk.open("/sources")
    form_of(page, "US vehicle auctions")
    page.locator("#send-file").set_input_files([{**file, "buffer": b""}])
    expect(page.get_by_role("alert")).to_have_text("The file is empty.")
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    page.locator("#send-file").set_input_files([file])
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="waits in line")).to_be_visible()
    desk.open("/imports?source=us_auctions")
    card = card_of(page, file)
    expect(card).to_contain_text("Columns are missing", timeout=IMPORTED_WITHIN)
    expect(page.get_by_label("Source")).to_have_value("us_auctions")
    assert people.expert("lead").get("/imports?source=us_auctions&state=failed")["items"]


def test_a_file_that_goes_out_can_be_stopped_and_leaves_nothing(new_desk: NewDesk, people: People) -> None:
    desk = new_desk("admin")
    page = desk.page
    desk.open("/sources")
    form_of(page, "AUTO.RIA adverts")
    page.locator("#send-file").set_input_files(
        [{"name": "large.csv", "mimeType": "text/csv", "buffer": bytes(20_000_000)}]
    )
    line: Any = page.context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 100_000}
    line.send("Network.emulateNetworkConditions", slow)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("progressbar", name="Sending the file")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("alert")).to_contain_text("nothing is left on the server")
    line.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_enabled()
    assert people.expert("admin").get("/imports?source=ua_adverts")["items"] == []


def test_who_oversees_looks_and_changes_nothing(new_desk: NewDesk) -> None:
    desk = new_desk("lead")
    page = desk.page
    desk.open("/sources")
    expect(page.get_by_role("rowheader", name=re.compile("Japanese stock lists"))).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Send a file"))).to_have_count(0)
    page.route("**/api/v1/sources", lambda route: route.abort())
    page.reload()
    expect(page.get_by_role("alert")).to_be_visible()
    page.unroute("**/api/v1/sources")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("rowheader", name=re.compile("Japanese stock lists"))).to_be_visible()


def test_the_menu_keeps_what_is_needed_less_often_behind_a_button(new_desk: NewDesk) -> None:
    desk = new_desk("admin", Look(1280, 720, "light", "ru"))
    page, keyboard = desk.page, desk.page.keyboard
    desk.open("/people")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert page.evaluate("document.querySelector('header').getBoundingClientRect().height") < 50
    more = page.get_by_role("button", name=re.compile("^Ещё"))
    more.focus()
    keyboard.press("Enter")
    expect(more).to_have_attribute("aria-expanded", "true")
    for name in ("Состояние системы", "Люди", "Источники", "Импорт файлов"):
        keyboard.press("Tab")
        expect(page.get_by_role("link", name=name)).to_be_focused()
    keyboard.press("Escape")
    expect(more).to_be_focused()
    expect(more).to_have_attribute("aria-expanded", "false")
    keyboard.press("Enter")
    for _ in range(3):
        keyboard.press("Tab")
    keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/sources$"))
    expect(more).to_have_attribute("aria-expanded", "false")
