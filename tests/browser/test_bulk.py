"""Cars out of a spreadsheet: mended in place, ordered as one job, and handed to whoever stands in the yard."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from deploy.demo.people import Json
from tests.browser.managing import VINS, Managed, fits, manage, sheet
from tests.browser.phone import Look, Phone, file_of
from tests.factories.sheets import workbook

LOOKS = (Look(1440, 900, "light", "en"), Look(360, 740, "dark", "en"))
JOB = re.compile(r"/bulk/[0-9a-f-]{36}$")


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_list_from_the_spreadsheet_to_the_yard(new_phone: Callable[..., Phone], look: Look) -> None:
    phone = new_phone(look)
    page = phone.page
    company = manage(phone)
    known = phone.call("POST", "/inspections", {"company_id": company.id, "claim": {"identifier": VINS[0]}})
    phone.call("PATCH", f"/companies/{company.id}/branches/{company.branches['North']}", {"monthly_limit": 2})

    paste(phone, company)
    see_what_is_wrong(phone, known)
    mend(phone)
    page.get_by_role("button", name="Order 3 checks").click()
    page.wait_for_url(JOB)
    expect(page.get_by_text("Every row is done")).to_be_visible()
    expect(page.get_by_text("3 checks were made · 1 there already")).to_be_visible()
    fits(phone)
    give_links(phone)

    # Without a network what became of it can be read still.
    phone.context.set_offline(True)
    page.get_by_role("link", name=known["number"]).click()
    page.go_back()
    expect(page.get_by_text("Shown is what was known at")).to_be_visible()
    expect(page.locator("ol.lines > li")).to_have_count(4)
    phone.context.set_offline(False)


def paste(phone: Phone, company: Managed) -> None:
    """From the company to a list whose columns were looked at, and changed."""
    page = phone.page
    phone.open(f"/company/{company.id}")
    page.get_by_role("link", name="Many cars at once").click()
    page.get_by_label("Branch", exact=True).select_option(label="North")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("There is nothing here")).to_be_visible()
    wrong = VINS[2][:-1]
    page.get_by_label("Or paste cells").fill(sheet([VINS[0], VINS[1], wrong, VINS[1], VINS[3]]))
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_label("VIN", exact=True)).to_have_value("identifier")
    expect(page.get_by_label("Lot", exact=True)).to_have_value("reference")
    page.get_by_label("Year", exact=True).select_option(label="Not needed")
    fits(phone)
    page.get_by_role("button", name="To the cars").click()


def see_what_is_wrong(phone: Phone, known: Json) -> None:
    page = phone.page
    lines = page.locator("ol.lines > li")
    expect(lines).to_have_count(5)
    expect(lines.nth(0)).to_contain_text("Already begun on")
    expect(lines.nth(0).get_by_role("link")).to_have_text(known["number"])
    expect(lines.nth(2)).to_contain_text("A VIN has 17 characters, and here are 16")
    expect(lines.nth(3)).to_contain_text("This car is in row 3 already")
    expect(page.get_by_text("2 new checks · 1 is there already · 2 wrong")).to_be_visible()
    expect(page.get_by_text("North: 2 of 2 left this month")).to_be_visible()
    fits(phone)


def mend(phone: Phone) -> None:
    """With the keyboard alone; it is kept over a reload, and the month is said to be too short."""
    page = phone.page
    lines = page.locator("ol.lines > li")
    page.get_by_label("Wrong: 2").check(force=True)
    expect(lines).to_have_count(2)
    lines.nth(0).get_by_role("button", name="Mend it").press("Enter")
    expect(page.get_by_label("VIN or frame number")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(VINS[2][-1])
    page.keyboard.press("Enter")
    expect(page.get_by_text("3 new checks")).to_be_visible()
    expect(page.get_by_text("1 check stays a draft until next month")).to_be_visible()
    expect(lines).to_have_count(1)
    expect(lines.nth(0).get_by_role("button", name="Mend it")).to_be_focused()
    page.reload()
    expect(page.get_by_text("3 new checks")).to_be_visible()
    lines.nth(3).get_by_role("button", name="Leave out").press("Enter")
    expect(lines).to_have_count(4)
    expect(lines.nth(3).get_by_role("button", name="Change")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(lines.nth(3).get_by_role("button", name="Change")).to_be_focused()
    # Whoever looks at the columns once more loses nothing of it, and is asked before another table.
    page.get_by_role("button", name="To the columns").click()
    page.get_by_role("button", name="Another table").click()
    page.get_by_role("button", name="Stay here").click()
    page.get_by_role("button", name="To the cars").click()
    expect(lines).to_have_count(4)


def give_links(phone: Phone) -> None:
    """To one car, as a code, and to all of them as one text."""
    page = phone.page
    line = page.locator("ol.lines > li").nth(1)
    line.get_by_role("button", name="Link or QR").click()
    expect(line.locator(".url")).to_contain_text("/yard#")
    expect(line.get_by_role("button", name="Send")).to_be_focused()
    page.get_by_role("button", name="QR code").click()
    expect(page.get_by_alt_text("A QR code with the link")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Links to 4 cars as one text").click()
    text = page.get_by_label("Links", exact=True)
    expect(text).to_have_value(re.compile(r"^1 VW WVWZZZ1JZ3W000001\nhttp[^\n]*/yard#"))
    assert len(re.findall(r"/yard#[\w-]{32}", text.input_value())) == 4
    fits(phone)


def test_a_thousand_cars_from_a_file_are_one_job_and_scroll(
    new_phone: Callable[..., Phone], tmp_path: Path
) -> None:
    phone = new_phone(Look(360, 740, "light", "ru"))
    page = phone.page
    manage(phone, "Моторы")
    table = workbook([["Лот", "VIN"], *([n, vin] for n, vin in enumerate(VINS, 1))])
    phone.open("/bulk")
    page.locator("input[type=file]").set_input_files(file_of(tmp_path, table, "май.xlsx"))
    page.get_by_role("button", name="К машинам").click()
    page.get_by_role("button", name=re.compile("Заказать 1.000 проверок")).click()
    page.wait_for_url(JOB)
    expect(page.get_by_role("heading", level=1)).to_have_text("май.xlsx")
    page.reload()
    expect(page.get_by_text("Все строки обработаны")).to_be_visible(timeout=120_000)

    # Down to the last one: what is not near the screen is not there before.
    assert page.locator("ol.lines > li").count() < 200
    last = page.get_by_text("строка 1001")
    for _ in range(60):
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        if last.count():
            break
        page.wait_for_timeout(100)
    expect(last).to_be_visible()


def test_what_is_no_table_is_told_and_nothing_is_lost(
    new_phone: Callable[..., Phone], tmp_path: Path
) -> None:
    phone = new_phone(Look(320, 568, "dark", "en"))
    page = phone.page
    phone.sign_in()
    phone.open("/bulk")
    expect(page.get_by_text("Lists of cars are checked for companies")).to_be_visible()
    manage(phone)
    phone.open("/bulk")
    old = file_of(tmp_path, b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old.xls")
    page.locator("input[type=file]").set_input_files(old)
    expect(page.get_by_role("alert")).to_contain_text("Save it as XLSX")
    cells = page.get_by_label("Or paste cells")
    cells.fill("Colour\tPrice\nred\t1")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="To the cars").click()
    expect(page.get_by_role("alert")).to_contain_text("Say in which column")
    page.get_by_role("button", name="Another table").click()

    phone.context.set_offline(True)
    cells.fill(sheet(VINS[:2]))
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(cells).to_have_value(sheet(VINS[:2]))
    phone.context.set_offline(False)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="To the cars").click()
    expect(page.get_by_role("button", name="Order 2 checks")).to_be_enabled()
    fits(phone)
