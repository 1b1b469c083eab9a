"""What sources know of a vehicle, on the desk: each statement with its record, no silence taken for clean."""

import json
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from deploy.demo.people import Json
from tests.browser import audit
from tests.browser.desk_gallery import NewDesk, case_opened, sent_by, with_records
from tests.browser.phone import READ_PATIENCE, Phone
from tests.flows.conftest import VIN, People

OTHER = "XTA21144094700001"


def block(page: Page, title: str) -> Locator:
    return page.locator("section.card").filter(has=page.get_by_role("heading", level=3, name=title))


def test_a_rollback_is_shown_with_both_records_and_each_block_says_who_was_looked_at(
    new_desk: NewDesk, people: People
) -> None:
    with_records(people)
    case_id = sent_by(people.client(), make="Land Rover")
    people.expert("anna").wait_until(case_id, "queued")
    page = case_opened(new_desk("anna"), case_id)
    # Before anything is looked at, and without having been asked for.
    about = page.get_by_role("region", name="About this car")
    told = about.get_by_role("link", name=re.compile(r"^\d+ records, \d sources: the mileage fell$"))
    expect(told).to_be_visible(timeout=READ_PATIENCE)
    expect(about).not_to_contain_text("not asked")

    page.keyboard.press("g")
    page.get_by_role("link", name="What sources know of it").click()

    odd = page.get_by_role("region", name="What does not agree")
    expect(odd).to_contain_text("The mileage falls by 72,360 km", timeout=READ_PATIENCE)
    expect(odd).to_contain_text("141,230 km")
    expect(odd).to_contain_text("68,870 km")
    expect(odd).to_contain_text(re.compile(r"gibdd\.json, row 2, item \d, as of 1 October"))
    expect(odd).to_contain_text("ЧЕРВОНИЙ")  # another colour in a register, and silver in the others
    expect(block(page, "Accidents")).to_contain_text("ГИБДД: 1 record, as of 1 October")
    expect(block(page, "Wanted")).to_contain_text("in what was delivered so far")
    expect(block(page, "Wanted")).to_contain_text("Nothing on record")
    expect(block(page, "Recalls")).to_contain_text("Not looked at, no files were imported")
    expect(block(page, "Recalls")).not_to_contain_text("Nothing on record")
    expect(page.get_by_text("2024–2025: not one record")).to_be_visible()
    expect(page.locator(".chart canvas")).to_be_visible()
    page.get_by_text("As a table").click()
    # How many rows there are depends on what else was imported about this car into the stack that tests share.
    for read in ("141,230 km", "68,870 km"):
        expect(page.locator("details tbody tr").filter(has_text=read).first).to_be_visible()
    page.keyboard.press("Escape")
    page.wait_for_url(f"**/cases/{case_id}")


def changed(page: Page, change: Callable[[Any], None]) -> None:
    """Whatever is told of a vehicle is told with this change."""

    def answer(route: Route) -> None:
        told = route.fetch().json()
        change(told)
        route.fulfill(json=told)

    page.route(re.compile(r"/api/v1/vehicles/"), answer)


def opened(desk: Phone) -> Page:
    desk.open(f"/vehicles/vin/{OTHER}")
    expect(desk.page.locator("#blocks-title")).to_be_visible(timeout=READ_PATIENCE)
    return desk.page


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("store_away", "The store of records does not answer now"),
        ("store_slow", "The store of records took too long"),
    ],
)
def test_a_store_that_does_not_answer_is_told_and_no_block_reads_as_clean(
    new_desk: NewDesk, people: People, reason: str, says: str
) -> None:
    def fail(told: Any) -> None:
        for one in told["blocks"]:
            for coverage in one["coverage"]:
                coverage.update(state="not_covered", reason=reason)

    assert people
    desk = new_desk("anna")
    changed(desk.page, fail)
    page = opened(desk)

    expect(page.get_by_text(says)).to_be_visible()
    expect(page.get_by_text("Nothing on record")).to_have_count(0)
    expect(page.get_by_role("region", name="What does not agree")).to_contain_text("No records were found")


def test_a_recall_of_a_range_is_told_beside_its_block_and_as_no_fault_of_the_car(
    new_desk: NewDesk, people: People
) -> None:
    def recalled(told: Any) -> None:
        record: Json = {
            **dict.fromkeys(("colour", "place", "currency", "text", "outcome"), ""),
            **dict.fromkeys(("asked_at", "ended", "mileage", "year", "amount")),
            **dict.fromkeys(("marks", "names", "codes"), ()),
            "id": "r1",
            "kind": "recall",
            "source": "recalls_uk",
            "key": "1",
            "file": "recalls.csv",
            "row": 7,
            "item": 0,
            "as_of": "2026-11-01T00:00:00Z",
            "began": "2014-02-18",
            "precision": "day",
            "make": "MAZDA",
            "model": "6",
            "attributes": {"number": "R/2003/099"},
            "as_written": {},
        }
        told["entries"].append(record)
        told["in_ranges"] = [{"entry": "r1", "fit": "may", "why": ["hidden", "built"]}]
        [recalls] = [one for one in told["blocks"] if one["kind"] == "recall"]
        [covered] = [one for one in recalls["coverage"] if one["source"] == "recalls_uk"]
        covered.update(state="data", reason="perhaps_in_range", as_of=record["as_of"], count=1)

    assert people
    desk = new_desk("anna")
    changed(desk.page, recalled)
    page = opened(desk)
    recalls = block(page, "Recalls")

    expect(recalls).to_contain_text(
        "the number may lie in the range of a recall (1 record), as of 1 November"
    )
    expect(recalls).to_contain_text(
        "may lie in the range of recall R/2003/099: the range hides characters, the days"
    )
    expect(recalls).to_contain_text("Whether it was repaired is not on record.")
    expect(recalls).to_contain_text("recalls.csv, row 7")
    expect(page.get_by_role("region", name="What does not agree")).to_contain_text("No records were found")
    assert audit.barriers(page) == []


def test_sources_that_still_answer_fail_or_decline_say_so_in_the_block(
    new_desk: NewDesk, people: People
) -> None:
    def of_accidents(told: Any) -> None:
        [accidents] = [one for one in told["blocks"] if one["kind"] == "accident"]
        states = [("running", "waiting"), ("failed", "time_out"), ("failed", "status_418"), ("declined", "")]
        accidents["coverage"] = [
            {"source": name, "state": state, "reason": reason, "asked_at": None, "as_of": None, "count": 0}
            for name, (state, reason) in zip(("gibdd", "avtocod", "rdw", "histovec"), states, strict=True)
        ]

    assert people
    desk = new_desk("anna")
    changed(desk.page, of_accidents)
    accidents = block(opened(desk), "Accidents")

    expect(accidents).to_contain_text("ГИБДД is still being asked")
    expect(accidents).to_contain_text("Автокод did not answer: it took too long")
    expect(accidents).to_contain_text("RDW Open Data did not answer: no answer to believe")
    expect(accidents).to_contain_text("HistoVec declines to judge")


def test_what_is_no_number_is_told_in_words(new_desk: NewDesk, people: People) -> None:
    assert people
    desk = new_desk("anna")
    desk.open("/vehicles/vin/11111111111111111")

    expect(desk.page.get_by_role("alert")).to_contain_text("No vehicle can be looked up by this number")
    assert json.dumps(VIN) not in desk.page.content()


def test_a_source_is_asked_again_and_what_came_of_it_is_said(new_desk: NewDesk, people: People) -> None:
    case_id = sent_by(people.client())
    people.expert("anna").wait_until(case_id, "queued")
    enquiry: Json = {
        "id": str(uuid4()),
        "source": "rdw",
        "title": "RDW Open Data",
        "asked_by": "plate",
        "records": 0,
        "put_at": None,
        "asked_at": None,
        "asks_again_at": None,
        "cached": False,
        "rejected": 0,
        "blocks": [],
    }
    asked: list[Json] = []

    def answer(route: Route) -> None:
        request = route.request
        if request.method == "GET":
            route.fulfill(json={"sources": ["rdw"], "enquiries": [enquiry]})
        elif asked:
            problem = {
                "type": "about:blank",
                "status": 429,
                "code": "too_many_requests",
                "title": "Too many.",
            }
            route.fulfill(status=429, json=problem, content_type="application/problem+json")
        else:
            asked.append({"body": request.post_data_json, "key": request.headers.get("idempotency-key")})
            at = "2026-11-29T12:04:00Z"
            told: Json = {**enquiry, "asked_at": at, "records": 3}
            route.fulfill(status=202, json={"sources": ["rdw"], "enquiries": [told]})

    desk = new_desk("anna")
    desk.page.route("**/vehicle/enquiries", answer)
    desk.open(f"/cases/{case_id}/vehicle")
    section = desk.page.get_by_role("region", name="Sources that were asked")
    expect(section).to_contain_text("by plate · not asked yet", timeout=READ_PATIENCE)
    again = section.get_by_role("button", name="Ask the source again RDW Open Data")
    again.click()
    expect(section).to_contain_text("3 records")
    expect(section.get_by_role("status")).to_have_text(
        "RDW Open Data is being asked; the answer comes by itself."
    )
    assert [one["body"] for one in asked] == [{"source": "rdw"}]
    assert asked[0]["key"]
    again.click()
    expect(section.get_by_role("alert")).to_be_visible()
    assert audit.barriers(desk.page) == []
