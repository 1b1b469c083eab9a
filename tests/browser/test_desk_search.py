"""Search at the desk: by parts, mistakes and words; narrowed, looked into, and kept."""

import re
from contextlib import suppress
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from playwright.sync_api import Error, Route, expect

from deploy.demo.people import Json, wait_for
from tests.browser.desk_gallery import NewDesk
from tests.browser.phone import Phone
from tests.browser.searching import SEARCH, Queued, hit, is_fed, number, queued, word
from tests.flows.conftest import People

__all__ = ["queued"]


def test_a_case_is_found_as_one_types_by_a_part_a_mistake_and_a_word(
    new_desk: NewDesk, people: People, queued: Queued
) -> None:
    vin, make = number(), word()
    case_id = queued.with_finding("Заклёпки на табличке новые", identifier=vin, make=make)
    is_fed(people, f"заклёпкой {make}", case_id)
    desk = new_desk("anna")
    page = desk.page
    desk.open("/search")
    found, box = hit(page, case_id), page.get_by_role("searchbox")
    mistaken = f"{vin[:10]}{(int(vin[10]) + 1) % 10}{vin[11:]}"
    for typed in (vin[-7:], f"{vin[:7]}*{vin[-4:]}".lower(), mistaken, f"заклёпкой {make}"):
        box.fill("")
        box.press_sequentially(typed)
        expect(page).to_have_url(re.compile(re.escape(urlencode({"q": typed}, safe="*"))))
        expect(found).to_be_visible()
        expect(page.get_by_role("status").filter(has_text=re.compile(r"^[\d,]+ case"))).to_be_visible()
    expect(found.locator("mark", has_text="Заклёпки")).to_be_visible()
    box.fill(vin[-7:])
    expect(found.locator("mark")).to_have_count(1)
    assert "".join(found.locator("mark").all_inner_texts()).replace(" ", "") == vin[-7:]
    box.fill(mistaken)
    expect(found).to_contain_text("one character differs")


def test_what_is_chosen_stands_on_top_and_in_the_address(
    new_desk: NewDesk, people: People, queued: Queued
) -> None:
    make = word()
    older, newer = (queued.case(identifier=number(), make=make, year=year) for year in (2004, 2011))
    is_fed(people, make, older, newer)
    desk = new_desk("anna")
    page = desk.page
    desk.open(f"/search?q={make}")
    expect(hit(page, older)).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="2 cases")).to_be_visible()
    page.get_by_role("group", name="Year").get_by_role("button", name="2011").click()
    expect(hit(page, older)).to_have_count(0)
    expect(hit(page, newer)).to_be_visible()
    chosen = page.get_by_role("button", name="Remove: Year, 2011")
    expect(chosen).to_be_visible()
    expect(page).to_have_url(re.compile(r"facet=year%3A2011"))

    page.reload()
    expect(hit(page, newer)).to_be_visible()
    expect(hit(page, older)).to_have_count(0)
    page.go_back()
    expect(hit(page, older)).to_be_visible()
    page.go_forward()
    expect(hit(page, older)).to_have_count(0)
    chosen.click()
    expect(hit(page, older)).to_be_visible()
    expect(chosen).to_have_count(0)

    page.get_by_label("from", exact=True).fill("2031-01-01")
    expect(page.get_by_role("heading", name="Nothing was found")).to_be_visible()
    page.get_by_role("button", name="Search without narrowing and days").click()
    expect(hit(page, older)).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value(make)


def test_by_keys_alone_from_any_screen_into_a_case_and_back(
    new_desk: NewDesk, people: People, queued: Queued
) -> None:
    make = word()
    first, second = (queued.case(identifier=number(), make=make) for _ in range(2))
    is_fed(people, make, first, second)
    desk = new_desk("anna")
    page, keyboard = desk.page, desk.page.keyboard
    desk.open("/exemplars")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    keyboard.press("/")
    expect(page.get_by_role("heading", name="Search", level=1)).to_be_focused()
    keyboard.press("/")
    keyboard.type(make)
    keyboard.press("Enter")
    expect(hit(page, second)).to_be_focused()  # the newest of what fits as well
    keyboard.press("Space")
    beside = page.get_by_role("complementary")
    number_of = people.expert("anna").case(second)["number"]
    expect(beside).to_have_attribute("aria-label", f"Case {number_of} in short")
    expect(beside.get_by_role("img", name="Stamped number")).to_be_visible()
    keyboard.press("j")
    expect(hit(page, first)).to_be_focused()
    expect(beside.get_by_role("heading", level=2)).to_have_text(people.expert("anna").case(first)["number"])
    keyboard.press("Escape")
    expect(beside).to_have_count(0)
    expect(hit(page, first)).to_be_focused()
    keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{first}")
    expect(page.get_by_role("region", name="About this car")).to_be_visible()
    page.go_back()
    expect(hit(page, first)).to_be_focused()
    keyboard.press("Escape")
    expect(page.get_by_role("searchbox")).to_be_focused()
    keyboard.press("Escape")
    expect(page.get_by_role("searchbox")).to_have_value("")
    expect(page.get_by_role("heading", name="What can be asked")).to_be_visible()
    page.get_by_role("heading", level=1).focus()
    keyboard.press("f")
    at_first = page.locator("#facets [aria-pressed]").first
    expect(at_first).to_be_focused()
    keyboard.press("ArrowDown")
    keyboard.press("Home")
    expect(at_first).to_be_focused()
    keyboard.press("Space")
    # It may have moved meanwhile: the most frequent value is the first one.
    expect(page.locator("#facets [aria-pressed='true']")).to_have_count(1)


def test_the_answer_to_an_older_question_never_shows_over_a_newer_one(
    new_desk: NewDesk, people: People, queued: Queued
) -> None:
    makes = word(), word()
    slow, quick = (queued.case(identifier=number(), make=make) for make in makes)
    for make, case_id in zip(makes, (slow, quick), strict=True):
        is_fed(people, make, case_id)
    desk = new_desk("anna")
    page = desk.page
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(lambda url: "/search/cases" in url and makes[0] in url, hold)
    desk.open("/search")
    box = page.get_by_role("searchbox")
    box.fill(makes[0])
    wait_for(lambda: page.wait_for_timeout(50) or held or None, "the first question")
    box.fill(makes[1])
    expect(hit(page, quick)).to_be_visible()
    for route in held:
        with suppress(Error):  # nobody waits for it any more
            route.continue_()
    box.press("Enter")
    expect(hit(page, quick)).to_be_focused()
    expect(hit(page, slow)).to_have_count(0)
    expect(box).to_have_value(makes[1])


def test_a_search_is_kept_shared_renamed_and_removed(
    new_desk: NewDesk, people: People, queued: Queued
) -> None:
    make, name = word(), f"Search {uuid4().hex[:8]}"
    case_id = queued.case(identifier=number(), make=make)
    is_fed(people, make, case_id)
    desk = new_desk("anna")
    page = desk.page
    desk.open(f"/search?q={make}&facet=state:queued")
    expect(hit(page, case_id)).to_be_visible()
    page.get_by_role("button", name="Saved ▾").click()
    page.get_by_label("Name of the search").fill(name)
    page.get_by_label("shared with everybody").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name=name)).to_be_visible()

    colleague: Phone = new_desk("boris")
    other = colleague.page
    colleague.open("/search")
    other.get_by_role("button", name="Saved ▾").click()
    shared = other.get_by_role("listitem").filter(has_text=name)
    expect(shared).to_contain_text("Анна Белова")
    expect(shared.get_by_role("button")).to_have_count(0)
    shared.get_by_role("link").click()
    expect(hit(other, case_id)).to_be_visible()
    expect(other.get_by_role("button", name="Remove: State, Queued")).to_be_visible()
    expect(other.get_by_role("button", name=f"{name} ▾")).to_be_visible()

    page.get_by_role("button", name=f"Rename: {name}").click()
    page.get_by_role("textbox", name="Name of the search").last.fill(f"{name} anew")
    page.get_by_role("button", name="Rename", exact=True).click()
    expect(page.get_by_role("link", name=f"{name} anew")).to_be_visible()
    expect(page.get_by_role("link", name=name, exact=True)).to_have_count(0)
    page.get_by_role("button", name=f"Stop sharing: {name} anew").click()
    expect(page.get_by_role("button", name=f"Share: {name} anew")).to_be_visible()
    page.get_by_role("button", name=f"Delete: {name} anew").click()
    page.get_by_role("button", name="Put back").click()
    expect(page.get_by_role("link", name=f"{name} anew")).to_be_visible()
    page.get_by_role("button", name=f"Delete: {name} anew").click()
    expect(page.get_by_role("link", name=f"{name} anew")).to_have_count(0)


@pytest.mark.parametrize(
    ("limited", "says"),
    [
        ({"why": "index_away", "behind_seconds": None}, "only numbers that are typed as a whole"),
        ({"why": "index_behind", "behind_seconds": 90}, re.compile(r"what changed after \d\d:\d\d")),
        ({"why": "index_building", "behind_seconds": None}, "filled for the first time"),
    ],
    ids=["away", "behind", "building"],
)
def test_it_says_what_is_limited(
    new_desk: NewDesk, queued: Queued, limited: Json, says: str | re.Pattern[str]
) -> None:
    vin = number()
    case_id = queued.case(identifier=vin)
    desk = new_desk("anna")

    def limit(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "limited": limited})

    desk.page.route(SEARCH, limit)
    desk.open(f"/search?q={vin}")
    expect(hit(desk.page, case_id)).to_be_visible()
    expect(desk.page.get_by_role("status").filter(has_text=says)).to_be_visible()


def test_without_a_connection_it_says_so_and_asks_again_by_itself(new_desk: NewDesk, queued: Queued) -> None:
    vin = number()
    case_id = queued.case(identifier=vin)
    desk = new_desk("anna")
    page = desk.page
    desk.open("/search")
    expect(page.get_by_role("heading", name="What can be asked")).to_be_visible()
    desk.context.set_offline(True)
    page.get_by_role("searchbox").fill(vin)
    expect(page.get_by_role("alert")).to_contain_text("There is no connection")
    expect(page.locator("a.hit")).to_have_count(0)  # what was found before is no answer to this
    desk.context.set_offline(False)
    expect(hit(page, case_id)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
