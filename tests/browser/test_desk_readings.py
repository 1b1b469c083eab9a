"""What stands on a photo, at the desk: proposed by the real reader, accepted and changed by keys, compared."""

import json
import time
from collections.abc import Callable
from typing import Any, Final

from playwright.sync_api import Page, Route, expect

from deploy.demo.people import Json
from tests.browser.desk_gallery import NewDesk, case_opened
from tests.browser.phone import READ_PATIENCE
from tests.factories.photos import VIN, jpeg, stamped_number, vin_plate
from tests.flows.conftest import VIN_CLAIM, People

OTHER: Final = "SAL1A2A48SA606662"
RUSSIAN: Final = {"KeyE": "у", "KeyD": "в", "KeyV": "м", "KeyS": "ы", "KeyA": "ф", "KeyL": "д", "KeyZ": "я"}
OTHERS: Final = {"Enter": "Enter", "Escape": "Escape", "Digit1": "1"}
CONTROL: Final = 2
Press = Callable[..., None]


def case_with(people: People, **photos: bytes) -> str:
    """A case of Anna's with these photos."""
    client, anna = people.client(), people.expert("anna")
    case_id: str = client.start(VIN_CLAIM)["id"]
    for shot, photo in photos.items():
        client.upload(case_id, shot, photo)
    client.submit(case_id)
    anna.wait_until(case_id, "queued")
    anna.claim(case_id)
    return case_id


def keyboard_of(page: Page) -> Press:
    """Presses keys by their place, as a keyboard with Russian letters does."""
    devtools: Any = page.context.new_cdp_session(page)

    def press(code: str, modifiers: int = 0) -> None:
        key = (RUSSIAN | OTHERS)[code]
        typed = {"Enter": "\r", "Escape": ""}.get(key, key)
        event = {
            "key": key,
            "code": code,
            "modifiers": modifiers,
            "windowsVirtualKeyCode": {"Enter": 13}.get(code, 0),
        }
        text = {"text": typed} if typed and not modifiers else {}
        devtools.send("Input.dispatchKeyEvent", {"type": "keyDown", **event, **text})
        devtools.send("Input.dispatchKeyEvent", {"type": "keyUp", **event})

    return press


def of(people: People, case_id: str, shot: str) -> Json:
    readings = people.expert("anna").get(f"/cases/{case_id}/readings")
    [found] = [one for one in readings["photos"] if one["shot"] == shot]
    return found


def is_read(one: Json) -> bool:
    return one["proposal"] is not None and one["proposal"]["state"] == "nothing"


def accepted_text(people: People, case_id: str, shot: str) -> str | None:
    reading = of(people, case_id, shot)["reading"]
    return reading and reading["text"]


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + READ_PATIENCE / 1000
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def proposed(page: Page) -> None:
    expect(page.get_by_text("recognised")).to_be_visible(timeout=READ_PATIENCE)


def test_the_proposal_is_accepted_by_enter_and_taken_back_on_a_russian_keyboard(
    new_desk: NewDesk, people: People
) -> None:
    case_id = case_with(people, vin_plate=vin_plate(), front=jpeg())
    page = case_opened(new_desk("anna"), case_id)
    press = keyboard_of(page)
    proposed(page)
    row = page.get_by_role("row", name="Plate")
    expect(row.get_by_role("cell")).to_have_text(list(VIN))
    expect(page.get_by_text("= As the client says")).to_be_visible()
    expect(page.get_by_alt_text("The number, cut out of the photo")).to_be_visible()

    press("Enter")
    expect(page.get_by_text("accepted", exact=False).first).to_be_visible()
    eventually(lambda: accepted_text(people, case_id, "vin_plate") == VIN)
    found = of(people, case_id, "vin_plate")
    assert found["reading"]["accepted_from"] == "proposal"
    assert found["reading"]["region"] == found["proposal"]["candidates"][0]["region"]

    press("KeyZ", CONTROL)
    eventually(lambda: accepted_text(people, case_id, "vin_plate") is None)
    proposed(page)
    assert [one["text"] for one in of(people, case_id, "vin_plate")["versions"]] == [VIN, None]


def test_what_differs_is_marked_in_words_too_and_its_photo_is_changed_by_typing_where_keys_are(
    new_desk: NewDesk, people: People
) -> None:
    case_id = case_with(people, vin_plate=vin_plate(OTHER), door_sticker=vin_plate())
    page = case_opened(new_desk("anna"), case_id)
    press = keyboard_of(page)
    proposed(page)
    expect(page.get_by_text("▲ Plate: character 9 is “8”")).to_be_visible()
    expect(page.get_by_text("≠ Not as the client says")).to_be_visible()
    odd = page.get_by_role("row", name="Plate").locator("td.odd")
    expect(odd).to_have_text("8")

    press("KeyE")
    field = page.get_by_label("The number as it stands")
    expect(field).to_be_focused()
    expect(field).to_have_value(OTHER)
    for code in ("KeyS", "KeyA", "KeyL", "Digit1"):
        press(code)
    expect(field).to_have_value("SAL1")
    press("Escape")
    expect(field).to_have_count(0)
    press("KeyE")
    expect(field).to_have_value("SAL1")
    press("Enter")
    eventually(lambda: accepted_text(people, case_id, "vin_plate") == "SAL1")
    assert of(people, case_id, "vin_plate")["reading"]["accepted_from"] == "edited"
    expect(page.get_by_text("▲ Plate: 4 characters")).to_be_visible()


def test_two_accepted_numbers_that_agree_are_what_a_clean_answer_rests_on(
    new_desk: NewDesk, people: People
) -> None:
    case_id = case_with(people, vin_stamped=stamped_number(), vin_plate=vin_plate())
    page = case_opened(new_desk("anna"), case_id)
    press = keyboard_of(page)
    proposed(page)
    press("Enter")
    expect(page.get_by_text("✓ accepted")).to_be_visible()
    press("KeyD")
    proposed(page)
    press("Enter")
    eventually(lambda: accepted_text(people, case_id, "vin_plate") == VIN)
    press("KeyV")
    press("Digit1")
    expect(page.get_by_text("The number is one and the same: body, plate")).to_be_visible()


def test_what_the_reader_cannot_say_is_said(new_desk: NewDesk, people: People) -> None:
    case_id = case_with(people, door_sticker=jpeg())
    desk = new_desk("anna")
    busy = True
    told: list[bool] = []

    def answer(route: Route) -> None:
        body: Any = route.fetch().json()
        told.append(is_read(body["photos"][0]))
        if busy:
            body["photos"][0]["proposal"] = {
                "state": "failed",
                "failure": "busy",
                "candidates": [],
                "number_seen": False,
                "asked_at": "2026-11-29T10:00:00Z",
            }
        route.fulfill(body=json.dumps(body), content_type="application/json")

    desk.page.route("**/readings", answer)
    page = case_opened(desk, case_id)
    expect(page.get_by_text("The reader is busy")).to_be_visible()
    # The desk has looked for the hint that the reader has come, and no other will have it look by itself.
    while not any(told):
        page.wait_for_timeout(100)
    busy = False
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("The reader saw no number.")).to_be_visible(timeout=READ_PATIENCE)


def test_who_was_slower_reads_what_a_colleague_said(new_desk: NewDesk, people: People) -> None:
    case_id = case_with(people, vin_plate=vin_plate())
    desk = new_desk("anna")
    page = case_opened(desk, case_id)
    proposed(page)
    late = {"If-Match": '"7"'}
    desk.page.route("**/reading", lambda route: route.continue_(headers=route.request.headers | late))
    keyboard_of(page)("Enter")
    expect(page.get_by_role("alert").filter(has_text="has said of this photo meanwhile")).to_be_visible()
    proposed(page)


def test_stamped_numbers_are_proposed(new_desk: NewDesk, people: People) -> None:
    case_id = case_with(people, vin_stamped=stamped_number())
    page = case_opened(new_desk("anna"), case_id)
    proposed(page)
    expect(page.get_by_role("row", name="Body").get_by_role("cell")).to_have_text(list(VIN))
