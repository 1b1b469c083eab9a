"""The reference base at the desk: a senior adds to it, everybody compares with it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from deploy.embedded.stack import Stack
from tests.browser import audit
from tests.browser.desk_gallery import case_opened
from tests.browser.phone import Look, Phone, file_of, until
from tests.factories.photos import jpeg, stamped_number, with_exif
from tests.flows.conftest import VIN_CLAIM, Desk, People

NewDesk = Callable[..., Phone]
A_PHONE: Final = Look(390, 844, "dark", "ru")


@dataclass(frozen=True)
class Known:
    """An exemplar that is there: its make and its tag are no other's."""

    make: str
    tag: str
    file: bytes


def unlike_others() -> Known:
    return Known(f"Make {uuid4().hex[:8]}", f"tag-{uuid4().hex[:8]}", jpeg(comment=uuid4().hex))


@pytest.fixture
def known(stack: Stack, desk: Desk) -> Known:
    one, authorization = unlike_others(), desk.expert("vera").headers["Authorization"]
    answer = httpx.post(
        f"{stack.bpa.url}/api/v1/exemplars",
        data={"make": one.make, "marking": "vin_plate", "tags": one.tag, "note": "The 4 is open."},
        files={"file": one.file},
        headers={"Authorization": authorization, "Idempotency-Key": uuid4().hex},
        timeout=60,
    )
    assert answer.status_code == 201, answer.text
    return one


def faults(desk: Phone, where: str) -> list[str]:
    page = desk.page
    until(page, "[...document.images].every((one) => one.complete && one.naturalWidth > 0)")
    found = audit.barriers(page) + audit.overflow(page, desk.look.width)
    return [f"{where}: {what}" for what in found]


def form_opened(page: Page) -> Locator:
    page.get_by_role("button", name="Add an exemplar").click()
    form = page.get_by_role("form", name="A new exemplar")
    expect(form.get_by_label("Picture", exact=True)).to_be_focused()
    return form


def filled(form: Locator, make: str, file: Path) -> None:
    form.get_by_label("Picture", exact=True).set_input_files(file)
    form.get_by_label("Make").fill(make)
    form.get_by_label("Marking").select_option(label="Stamped number")


def sent_as_long_as_it_is_busy(form: Locator, button: str, done: Locator) -> None:
    """Press the button, and again where the form says that it could not be done now: the machine may be busy."""
    said: list[str | None] = []
    for _ in range(3):
        form.get_by_role("button", name=button).click()
        alert = form.get_by_role("alert")
        expect(done.or_(alert)).to_be_visible()
        if not alert.is_visible():
            return
        said.append(alert.text_content())
    pytest.fail(f"the form says {said}")


def test_a_senior_adds_an_exemplar_and_finds_it(new_desk: NewDesk, tmp_path: Path) -> None:
    new, senior = unlike_others(), new_desk("vera")
    page = senior.page
    senior.open()
    page.get_by_role("link", name="Reference base").click()
    expect(page.get_by_role("heading", name="Reference base")).to_be_focused()
    form = form_opened(page)
    form.get_by_role("button", name="Add").click()
    expect(form.get_by_role("alert").get_by_role("listitem")).to_have_count(3)
    form.get_by_role("link", name="there is no make").click()
    expect(form.get_by_label("Make")).to_be_focused()
    wrong = faults(senior, "form")

    filled(form, new.make, file_of(tmp_path, new.file))
    expect(form.get_by_role("img", name="The chosen picture")).to_be_visible()
    wrong += faults(senior, "filled form")
    form.get_by_label("Years, from").fill("2007")
    form.get_by_label("Tags").fill(f"{new.tag.upper()}, dot-peen")
    form.get_by_role("button", name="Add").click()
    expect(page.get_by_text("The exemplar was added.")).to_be_visible()
    expect(page.get_by_role("button", name="Add an exemplar")).to_be_focused()

    page.get_by_label("Make").fill(new.make.upper())
    page.get_by_label("Tag", exact=True).fill(new.tag)
    cards = page.locator(".cards li")
    expect(cards).to_contain_text([f"{new.make} from 2007"])  # nothing else, once the filter is heard
    wrong += faults(senior, "cards")
    page.get_by_label("Year").fill("1999")
    expect(page.get_by_text("Nothing fits this search.")).to_be_visible()
    assert not wrong, "\n".join(wrong)


def test_a_senior_changes_and_retires_an_exemplar(new_desk: NewDesk, known: Known) -> None:
    senior = new_desk("vera")
    page = senior.page
    senior.open("/exemplars")
    page.get_by_label("Tag", exact=True).fill(known.tag)
    cards = page.locator(".cards li")
    expect(cards).to_have_count(1)
    cards.get_by_role("button").click()
    opened = page.get_by_role("dialog", name=known.make)
    expect(opened.get_by_label("Note")).to_have_value("The 4 is open.")
    wrong = faults(senior, "opened")
    opened.get_by_label("Tags").fill(f"{known.tag}, right rail")
    opened.get_by_role("button", name="Save").click()
    expect(opened.get_by_text("Saved.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(cards).to_contain_text("right rail")

    cards.get_by_role("button").click()
    opened.get_by_role("button", name="Retire").click()
    wrong += faults(senior, "retiring")
    opened.get_by_role("button", name="Yes, retire it").click()
    expect(page.get_by_text("The exemplar was retired.")).to_be_visible()
    expect(cards).to_have_count(0)
    assert not wrong, "\n".join(wrong)


def test_what_is_refused_is_said_and_can_be_put_right(
    new_desk: NewDesk, known: Known, tmp_path: Path
) -> None:
    page = (senior := new_desk("vera")).page
    senior.open("/exemplars")
    form = form_opened(page)
    filled(form, "Another", file_of(tmp_path, known.file))
    form.get_by_role("button", name="Add").click()
    expect(form.get_by_role("alert")).to_contain_text("in the reference base already")
    form.get_by_role("button", name="Show it").click()
    expect(page.get_by_role("dialog", name=known.make)).to_be_visible()
    page.keyboard.press("Escape")

    form.get_by_label("Picture", exact=True).set_input_files(file_of(tmp_path, with_exif()[:2000]))
    form.get_by_role("button", name="Add").click()
    expect(form.get_by_role("alert")).to_contain_text("cannot be decoded")
    form.get_by_label("Picture", exact=True).set_input_files(file_of(tmp_path, unlike_others().file))
    form.get_by_role("button", name="Add").click()
    expect(page.get_by_text("The exemplar was added.")).to_be_visible()


def test_an_expert_with_a_phone_looks_and_changes_nothing(new_desk: NewDesk, known: Known) -> None:
    expert = new_desk("anna", A_PHONE)
    page = expert.page
    expert.open("/exemplars")
    page.get_by_label("Марка", exact=True).fill(known.make)
    expect(page.locator(".cards li")).to_have_count(1)
    wrong = faults(expert, "cards")
    expect(page.get_by_role("button", name="Добавить образец")).to_have_count(0)
    page.locator(".cards li button").tap()
    opened = page.get_by_role("dialog", name=known.make)
    expect(opened).to_contain_text("The 4 is open.")
    expect(opened.get_by_role("button")).to_have_count(0)
    wrong += faults(expert, "opened")
    assert not wrong, "\n".join(wrong)


def test_a_photo_of_a_genuine_car_is_kept_with_what_is_known_of_the_car(
    new_desk: NewDesk, people: People
) -> None:
    make = f"Make {uuid4().hex[:8]}"
    client, anna = people.client(), people.expert("anna")
    case_id: str = client.start({**VIN_CLAIM, "make": make, "model": "Defender", "year": 2010})["id"]
    client.upload(case_id, "vin_stamped", stamped_number(f"KEEP{uuid4().hex[:6].upper()}"))
    client.submit(case_id)
    anna.wait_until(case_id, "queued")
    anna.claim(case_id)
    photo_id = anna.case(case_id)["evidence"][0]["evidence_id"]
    finding = anna.find(case_id, "The same number.", severity="confirmed", places=[{"evidence_id": photo_id}])
    anna.open_photo(case_id, photo_id, "original")  # once it is given out
    anna.decide(case_id, "clean", "The number is genuine.", finding_ids=[finding["finding_id"]])

    desk = new_desk("vera")
    page = case_opened(desk, case_id)
    page.get_by_role("button", name="Keep a photo as an exemplar").click()
    form = page.get_by_role("dialog", name="Keep a photo as an exemplar")
    expect(form.get_by_label("Make", exact=True)).to_have_value(make)
    expect(form.get_by_label("Model")).to_have_value("Defender")
    form.get_by_label("Plant").fill("Solihull")
    kept = page.get_by_text("It is in the reference base.")
    sent_as_long_as_it_is_busy(form, "Keep it", kept)
    expect(form).to_be_hidden()

    desk.open("/exemplars")
    page.get_by_label("Make", exact=True).fill(make)
    expect(page.locator(".cards li")).to_contain_text(["Solihull"])  # the only one
