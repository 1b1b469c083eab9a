"""How many keys a whole case takes, on a keyboard whose letters are Russian. Ctrl counts as a key of its own."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from deploy.demo.people import Client, Json
from tests.browser.desk_gallery import NewDesk, case_opened, seen
from tests.browser.phone import READ_PATIENCE
from tests.factories.photos import jpeg, stamped_number, vin_plate
from tests.flows.conftest import VIN_CLAIM, People

TYPED: Final = {"KeyW": "ц", "KeyD": "в", "KeyV": "м", "Enter": "Enter"} | {
    f"Digit{digit}": str(digit) for digit in range(1, 5)
}
CONTROL: Final = 2
WITH_NUMBERS: Final = (1, 2)
"""The photos on which the reader sees a number."""
CHECKS: Final = (
    ("vin_stamped", "Depth, pitch and lean of the characters are even", True),
    ("vin_stamped", "No welding or grinding around the number", True),
    ("vin_stamped", "The typeface is of this plant and these years", False),
    ("vin_plate", "The rivets are the maker's", True),
    ("vin_plate", "The number is the same as on the body", True),
    ("door_sticker", "The sticker was never moved", False),
    ("glass_marks", "The glass is no younger than the car", False),
)
WORDS: Final[tuple[Json, ...]] = (
    {"kind": "summary", "shot": None, "verdict": "clean", "text": "No traces of a change of {vin} are seen."},
    {"kind": "summary", "shot": None, "verdict": "forgery_signs", "text": "{vin} was struck anew."},
)


class Hand:
    """Presses keys by their place, as a keyboard with Russian letters does, and counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0
        self._devtools: Any = page.context.new_cdp_session(page)

    def press(self, *codes: str, control: bool = False) -> None:
        for code in codes:
            self.presses += 2 if control else 1
            event = {"key": TYPED[code], "code": code, "modifiers": CONTROL if control else 0}
            self._devtools.send("Input.dispatchKeyEvent", {"type": "keyDown", **event})
            self._devtools.send("Input.dispatchKeyEvent", {"type": "keyUp", **event})

    def look_closely(self) -> None:
        seen(self.page)
        self.press("KeyW")

    def accept(self) -> None:
        """What the reader proposes, once it has."""
        expect(self.page.get_by_text("recognised")).to_be_visible(timeout=READ_PATIENCE)
        self.press("Enter")
        expect(self.page.get_by_text("✓ accepted")).to_be_visible()

    def on_photo(self, number: int) -> None:
        expect(self.page.locator(".strip [aria-pressed=true] b")).to_have_text(str(number))


@pytest.fixture
def playbook(people: People) -> Iterator[None]:
    admin = people.expert("admin")
    checks = [
        admin.call(
            "POST",
            "/checks",
            {
                "shot": shot,
                "text": text,
                "odd_text": f"Not so: {text}",
                "required": required,
                "position": position,
            },
            key=uuid4().hex,
        )["check_id"]
        for position, (shot, text, required) in enumerate(CHECKS)
    ]
    words = [
        admin.call("POST", "/templates", {**one, "title": one["text"][:40]}, key=uuid4().hex)["template_id"]
        for one in WORDS
    ]
    yield
    for check_id in checks:
        admin.call("DELETE", f"/checks/{check_id}")
    for template_id in words:
        admin.call("DELETE", f"/templates/{template_id}")


def five_photos(people: People, client: Client) -> str:
    case_id: str = client.start(VIN_CLAIM)["id"]
    photos = {
        "vin_stamped": stamped_number(),
        "vin_plate": vin_plate(),
        "door_sticker": jpeg(640, 480),
        "glass_marks": jpeg(650, 480),
        "front": jpeg(660, 480),
    }
    for shot, photo in photos.items():
        client.upload(case_id, shot, photo)
    client.submit(case_id)
    people.expert("anna").wait_until(case_id, "queued")
    people.expert("anna").claim(case_id)
    return case_id


@pytest.mark.usefixtures("playbook")
def test_a_clean_case_takes_at_most_25_presses(new_desk: NewDesk, people: People) -> None:
    client = people.client()
    hand = Hand(case_opened(new_desk("anna"), five_photos(people, client)))
    for photo in range(1, 5):
        hand.on_photo(photo)
        hand.look_closely()
        if photo in WITH_NUMBERS:
            hand.accept()
        hand.press("Digit4")
    hand.press("KeyD")
    hand.on_photo(5)
    case_id = hand.page.url.rsplit("/", 1)[1]
    hand.press("KeyV", "Digit1")
    expect(hand.page.get_by_text("Nothing is missing")).to_be_visible()
    hand.press("Enter", control=True)
    expect(hand.page.get_by_text("goes out in")).to_be_visible()
    answer = client.wait_until(case_id, "answered")["decision"]
    assert answer["verdict"] == "clean"
    [confirmed] = answer["findings"]
    assert confirmed["severity"] == "confirmed"
    assert confirmed["text"].startswith("The number is one and the same: body, plate; ")
    assert hand.presses <= 25


@pytest.mark.usefixtures("playbook")
def test_a_forged_case_with_three_findings_takes_at_most_45_presses(
    new_desk: NewDesk, people: People
) -> None:
    client = people.client()
    case_id = five_photos(people, client)
    hand = Hand(case_opened(new_desk("anna"), case_id))
    page = hand.page

    def found_odd(*weight: str) -> None:
        before = len(people.expert("anna").case(case_id)["findings"])
        hand.press("Digit2")
        expect(page.get_by_label("What is here")).not_to_have_value("")
        hand.press(*weight, "Enter")
        expect(page.get_by_role("button", name=f"Findings {before + 1}")).to_be_visible()
        expect(page.get_by_role("heading", name="To check")).to_be_visible()

    hand.look_closely()
    hand.accept()
    found_odd("Digit1")
    found_odd()
    hand.press("Digit4")
    hand.on_photo(2)
    hand.look_closely()
    hand.accept()
    found_odd()
    hand.press("Digit4")
    for photo in (3, 4):
        hand.on_photo(photo)
        hand.look_closely()
        hand.press("Digit4")
    hand.press("KeyD", "KeyV", "Digit3")
    expect(page.get_by_text("Nothing is missing")).to_be_visible()
    hand.press("Enter", control=True)
    expect(page.get_by_text("goes out in")).to_be_visible()
    answer: Json = client.wait_until(case_id, "answered")["decision"]
    assert answer["verdict"] == "forgery_signs"
    assert [one["severity"] for one in answer["findings"]] == ["contradiction", "anomaly", "anomaly"]
    assert hand.presses <= 45
