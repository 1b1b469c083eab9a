"""A new check: of a second car, with photos out of the gallery, and what is said of it afterwards."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from deploy.demo.people import wait_for
from tests.browser import steps
from tests.browser.phone import Look, Phone, file_of, until
from tests.browser.words import TAKE
from tests.factories.photos import jpeg
from tests.flows.conftest import VIN_CLAIM, People

HEIGHT = 568


def test_a_second_car_gets_a_check_of_its_own(phone: Phone, tmp_path: Path) -> None:
    steps.begin(phone)
    steps.take(phone, "vin_stamped", file_of(tmp_path, jpeg(641, 480)))
    first, page = phone.page.url, phone.page
    phone.open()
    page.get_by_role("link", name="Check another car").tap()
    page.get_by_role("button", name="Type the number").tap()
    page.wait_for_url("**/type")
    steps.review(phone)
    expect(steps.photos(phone)).to_have_count(0)
    assert page.url != first
    phone.open()
    page.get_by_role("link", name="Go on").tap()
    expect(page).to_have_url(first)
    expect(steps.photos(phone)).to_have_count(1)


@pytest.mark.parametrize("state", ["nothing", "unknown"])
def test_of_a_car_that_nobody_knows_nothing_is_said(phone: Phone, state: str) -> None:
    steps.begin(phone)
    steps.enter_vin(phone)
    steps.review(phone)
    empty = {"records": 0, "sources": 0, "as_of": None, "last_mileage_year": None}
    phone.page.route("**/vin/preview", lambda route: route.fulfill(json={"state": state, **empty}))
    with phone.page.expect_response("**/vin/preview") as told:
        phone.page.reload()
    told.value.finished()
    expect(phone.page.locator("main .vin")).to_be_visible()
    for _ in range(2):  # whatever would be said by then
        phone.page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")
    expect(phone.page.get_by_text("this car")).to_have_count(0)
    phone.page.unroute_all(behavior="wait")


def test_photos_of_the_gallery_come_together_and_none_is_lost(phone: Phone, tmp_path: Path) -> None:
    phone.sign_in()
    steps.begin(phone)
    page = phone.page
    contents = [jpeg(641, 480), b"", jpeg(642, 480), jpeg(643, 480)]
    steps.open_page(phone, "more")
    page.get_by_label("From the gallery").set_input_files([file_of(tmp_path, one) for one in contents])
    unsorted = page.get_by_role("button", name=re.compile(r"Photo \d: (Not sure|Looking)"))
    expect(unsorted).to_have_count(3)
    expect(page.get_by_text("This file is empty")).to_be_visible()
    unsorted.first.tap()
    page.get_by_role("dialog").get_by_role("button", name="Stamped number").tap()
    expect(page.get_by_role("button", name="Photo 1: Stamped number")).to_be_visible()
    expect(unsorted).to_have_count(2)
    page.reload()
    expect(unsorted).to_have_count(2)
    steps.enter_vin(phone)
    steps.send(phone)
    evidence = phone.call("GET", f"/inspections/{steps.sent(phone)}")["evidence"]
    assert sorted(one["shot"] for one in evidence) == ["other", "other", "vin_stamped"]


def test_the_draft_of_this_phone_is_not_of_another_device(phone: Phone, tmp_path: Path) -> None:
    phone.sign_in()
    steps.begin(phone)
    steps.take(phone, "vin_stamped", file_of(tmp_path, jpeg(641, 480)))
    draft = phone.page.url.rsplit("/", 1)[0]
    [row] = wait_for(lambda: phone.call("GET", "/inspections")["items"] or None, "the draft")
    phone.open(f"/inspections/{row['id']}")
    expect(phone.page).to_have_url(re.compile(f"^{re.escape(draft)}/"))  # the page may be the number's by now


def test_what_is_late_is_promised_no_more(new_phone: Callable[..., Phone], people: People) -> None:
    phone = new_phone(Look(language="ru"))
    phone.sign_in()
    client, expert = people.as_on(phone.token()), people.expert("anna")
    inspection: str = client.start(VIN_CLAIM)["id"]
    client.upload(inspection, "vin_stamped", jpeg(641, 480))
    client.submit(inspection)
    expert.wait_until(inspection, "queued")
    client.wait_until(inspection, "queued")
    page = phone.page
    page.route("**/clock", late)
    phone.open(f"/inspections/{inspection}")
    expect(page.get_by_text("Опаздываем на 1\u00a0минуту")).to_be_visible()
    expect(page.get_by_text("Возьмёт первый свободный")).to_be_visible()
    expect(page.get_by_text("Продавец торопит?")).to_be_visible()
    expect(page.get_by_text("Ответ до")).to_have_count(0)
    expert.claim(inspection)
    expect(page.get_by_text("Заканчиваем")).to_be_visible()
    page.unroute("**/clock", late)
    page.route("**/clock", late_and_expected)
    page.reload()
    expect(page.get_by_text("Ждём к")).to_be_visible()
    expect(page.get_by_text("Обещали в")).to_be_visible()
    expect(page.get_by_text("Заканчиваем")).to_have_count(0)
    # An answer that is under way would end with the page, and fail the next test.
    page.unroute_all(behavior="wait")


def late(route: Route, *, expected_at: str | None = None) -> None:
    """As if only a second had been promised."""
    answer = route.fetch()
    told: dict[str, Any] = answer.json()
    told["clock"]["budget_seconds"] = 1
    told["expected_at"] = expected_at
    route.fulfill(response=answer, json=told)


def late_and_expected(route: Route) -> None:
    late(route, expected_at=(datetime.now(UTC) + timedelta(minutes=8)).isoformat())


def test_what_the_advert_says_goes_with_the_check(phone: Phone, tmp_path: Path) -> None:
    phone.sign_in()
    steps.begin(phone)
    steps.take(phone, "vin_stamped", file_of(tmp_path, jpeg(641, 480)))
    steps.enter_vin(phone)
    page = phone.page
    steps.open_page(phone, "advert")
    said = {"make": "Land Rover", "model": "Freelander", "year": "15", "mileage": "120 000"}
    for field, words in {**said, "link": "Have a look: https://auto.example/cars/1"}.items():
        page.locator(f"#advert-{field}").fill(words)
    steps.written(phone, "https://auto.example/cars/1")
    page.reload()
    steps.send(phone)
    page.get_by_role("alert").get_by_role("link", name="mend what the advert says").tap()
    expect(page.get_by_text("The year in four digits")).to_be_visible()
    expect(page.locator("#advert-year")).to_be_focused()
    page.locator("#advert-year").fill("2015")
    page.get_by_role("button", name="Done").tap()
    page.wait_for_url(steps.REVIEW)
    steps.send(phone)
    claim = phone.call("GET", f"/inspections/{steps.sent(phone)}")["claim"]
    given = {name: claim[name] for name in ("make", "model", "year", "mileage_km", "advert_url")}
    assert given == {
        "make": "Land Rover",
        "model": "Freelander",
        "year": 2015,
        "mileage_km": 120_000,
        "advert_url": "https://auto.example/cars/1",
    }


def test_camera_and_draft_can_be_used_at_twice_the_text_size(
    new_phone: Callable[..., Phone], tmp_path: Path
) -> None:
    phone = new_phone(Look(width=320, height=HEIGHT))
    steps.begin(phone)
    steps.take(phone, "vin_stamped", file_of(tmp_path, jpeg(641, 480)))
    page = phone.page
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    until(page, f"document.querySelector('.sticky').getBoundingClientRect().top > {HEIGHT}")
    field = steps.number_page(phone)
    field.scroll_into_view_if_needed()
    expect(field).to_be_in_viewport(ratio=1)
    steps.open_camera(phone, "vin_plate")
    take = page.get_by_role("button", name=TAKE["en"], exact=True)
    expect(take).to_have_attribute("aria-disabled", "false")
    expect(take).to_be_in_viewport(ratio=1)
    assert height_of(page.locator("dialog h1")) < HEIGHT / 5
    view = page.locator("dialog .view")
    assert height_of(view) > HEIGHT / 3
    view.scroll_into_view_if_needed()
    expect(view).to_be_in_viewport(ratio=0.9)
    expect(take).to_be_in_viewport(ratio=1)


def test_at_twice_the_text_size_the_header_leaves_a_small_phone_to_what_is_on_it(
    new_phone: Callable[..., Phone],
) -> None:
    phone = new_phone(Look(width=320, height=HEIGHT))
    phone.open("/")
    page = phone.page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert height_of(page.locator("header")) <= HEIGHT / 5
    for link in page.locator("header a, header button").all():
        box = link.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44


def height_of(what: Locator) -> float:
    box = what.bounding_box()
    assert box
    return box["height"]
