"""Search at the desk, from other screens and into others, and whatever is typed."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Route, expect

from tests.browser.desk_gallery import NewDesk, case_opened, with_records
from tests.browser.phone import Look
from tests.browser.searching import Queued, hit, is_fed, number, queued, word
from tests.flows.conftest import VIN, People

__all__ = ["queued"]


def test_the_palette_finds_cases_and_leads_to_all_of_them(
    new_desk: NewDesk, people: People, queued: Queued
) -> None:
    make = word()
    case_id, other = (queued.case(identifier=number(), make=make) for _ in range(2))
    is_fed(people, make, case_id, other)
    desk = new_desk("anna")
    page, keyboard = desk.page, desk.page.keyboard
    desk.open("/playbook")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    keyboard.press("Control+k")
    keyboard.type(make)
    named = people.expert("anna").case(other)["number"]
    expect(page.get_by_role("option", name=f"Case {named}")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("option")).to_have_count(3)
    keyboard.press("ArrowUp")
    expect(page.get_by_role("option", name=f"All cases for “{make}”")).to_have_attribute(
        "aria-selected", "true"
    )
    keyboard.press("Enter")
    page.wait_for_url(f"**/search?q={make}")
    expect(hit(page, case_id)).to_be_visible()
    keyboard.press("Control+k")
    keyboard.type(make)
    expect(page.get_by_role("option", name=f"Case {named}")).to_have_attribute("aria-selected", "true")
    keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{other}")


def test_a_case_leads_to_those_like_it(new_desk: NewDesk, people: People, queued: Queued) -> None:
    make, beginning = word(), number()[:12]
    case_id, alike = (queued.case(identifier=f"{beginning}{tail}", make=make) for tail in ("00001", "00002"))
    is_fed(people, make, case_id, alike)
    page = case_opened(new_desk("anna"), case_id)
    page.get_by_role("button", name="More about the case").click()
    page.get_by_role("link", name="Find similar").click()
    expect(page.get_by_role("searchbox")).to_have_value(f"{beginning[:8]}* {make}")
    expect(hit(page, alike)).to_be_visible()
    expect(hit(page, case_id)).to_be_visible()


def test_the_shift_board_leads_to_somebodys_cases_and_says_how_search_does(
    new_desk: NewDesk, people: People, queued: Queued
) -> None:
    make = word()
    case_id = queued.with_finding("Rivets are new", identifier=number(), make=make)
    is_fed(people, make, case_id)
    desk = new_desk("lead")
    page = desk.page
    desk.open("/shift")
    expect(page.get_by_text(re.compile(r"^Search: .*(up to date|waits?)"))).to_be_visible()
    page.get_by_role("link", name="cases of Анна Белова").click()
    expect(page.get_by_role("button", name="Remove: Expert, Анна Белова")).to_be_visible()
    expect(hit(page, case_id)).to_be_visible()


@pytest.mark.parametrize(
    "typed",
    ["*", "???", '"""', "((((", "a AND NOT (b", "(a+)+$", "🚗🚗🚗", "\u202eabc", "%_'; --", "а" * 500],
    ids=ascii,
)
def test_whatever_is_typed_it_answers(new_desk: NewDesk, typed: str) -> None:
    desk = new_desk("anna", Look(390, 844, "light", "ru"))
    page = desk.page
    desk.open(f"/search?q={quote(typed)}")
    expect(page.locator("a.hit").or_(page.locator("#nothing-title")).first).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_what_is_too_long_is_not_asked(new_desk: NewDesk) -> None:
    desk = new_desk("anna")
    page = desk.page
    asked: list[str] = []
    desk.open("/search")
    expect(page.get_by_role("heading", name="What can be asked")).to_be_visible()
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("searchbox").fill("x" * 10_000)
    expect(page.get_by_role("alert")).to_contain_text("longer than 500 characters")
    assert not [url for url in asked if "/search/cases" in url]


def test_cars_that_records_know_come_after_the_cases_and_lead_to_their_history(
    new_desk: NewDesk, people: People
) -> None:
    with_records(people)
    desk = new_desk("anna")
    page = desk.page
    desk.open(f"/search?q=*{VIN[-6:]}")
    cars = page.get_by_role("region", name="Cars in records")
    history = cars.locator(f"a[href='/vehicles/vin/{VIN}']")
    expect(history).to_contain_text(VIN[-6:])
    expect(cars).to_contain_text(re.compile(r"\d+ records, \d sources"))
    box = page.get_by_role("searchbox")
    mistaken = f"{VIN[:-1]}{(int(VIN[-1]) + 4) % 10}"
    box.fill(mistaken)
    expect(cars).to_contain_text("one character differs")
    box.fill("*66*")
    expect(cars).to_contain_text("at least four characters")
    box.fill(VIN)
    history.click()
    expect(page).to_have_url(re.compile(f"/vehicles/vin/{VIN}"))


@pytest.mark.usefixtures("people")
def test_records_that_are_away_are_said_to_be_and_can_be_looked_at_again(new_desk: NewDesk) -> None:
    desk = new_desk("anna")
    page = desk.page
    answers = iter(["store_away", "store_slow"])

    def limited(route: Route) -> None:
        why = next(answers, None)
        route.fulfill(json={"items": [], "has_more": False, "limited": why})

    page.route("**/api/v1/search/vehicles?*", limited)
    desk.open(f"/search?q={number()}")
    cars = page.get_by_role("region", name="Cars in records")
    expect(cars).to_contain_text("cannot be looked at now")
    cars.get_by_role("button", name="Look again").click()
    expect(cars).to_contain_text("took too long")
    cars.get_by_role("button", name="Look again").click()
    expect(cars).to_contain_text("know no number like it")
    page.unroute_all()
