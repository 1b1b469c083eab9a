"""The keys of the desk are places on the keyboard: they work on whatever layout, and where nobody is writing."""

import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk_gallery import NewDesk, case_opened, sent_by
from tests.browser.phone import Look, until
from tests.flows.conftest import People

Press = Callable[..., None]

CONTROL: Final = 2
SHIFT: Final = 8
"""As the browser's protocol counts modifiers."""
TYPED: Final = {
    "us": {
        "KeyA": "a",
        "KeyC": "c",
        "KeyJ": "j",
        "KeyK": "k",
        "KeyN": "n",
        "KeyQ": "q",
        "KeyT": "t",
        "KeyV": "v",
        "KeyU": "u",
    }
    | {"Digit2": "2", "Slash": "/", "Equal": "="},
    "ru": {
        "KeyA": "ф",
        "KeyC": "с",
        "KeyJ": "о",
        "KeyK": "л",
        "KeyN": "т",
        "KeyQ": "й",
        "KeyT": "е",
        "KeyV": "м",
        "KeyU": "г",
    }
    | {"Digit2": "2", "Slash": ".", "Equal": "="},
}
HELP: Final = {"us": ("Slash", "?"), "ru": ("Digit7", "?")}


def presses_of(page: Page, layout: str) -> Press:
    """Presses a key as a keyboard of that layout does: `press("KeyT")`."""
    devtools: Any = page.context.new_cdp_session(page)

    def press(code: str, modifiers: int = 0, typed: str = "") -> None:
        key = typed or TYPED[layout][code]
        event = {"key": key, "code": code, "modifiers": modifiers}
        text = {} if modifiers & CONTROL else {"text": key}
        devtools.send("Input.dispatchKeyEvent", {"type": "keyDown", **event, **text})
        devtools.send("Input.dispatchKeyEvent", {"type": "keyUp", **event})

    return press


OPENED_BY_ITS_KEYS: Final = """() => {
  const keys = { key: "k", code: "KeyK", ctrlKey: true, bubbles: true, cancelable: true };
  document.body.dispatchEvent(new KeyboardEvent("keydown", keys));
  return document.activeElement.getAttribute("role");
}"""
PRESSED_AS_IT_CLOSES: Final = """() => {
  const field = document.activeElement;
  field.closest("dialog").close();
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "/", code: "Slash", bubbles: true, cancelable: true }));
}"""
"""What happens on a busy machine: the browser moves the focus with its next frame."""
ELSEWHERE: Final = """
history.pushState({}, "", "/statistics");
dispatchEvent(new PopStateEvent("popstate"));
"""


def test_the_palette_loses_nothing_that_is_typed_from_its_first_key_on(new_desk: NewDesk) -> None:
    desk = new_desk("anna")
    page = desk.page
    desk.open()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate(OPENED_BY_ITS_KEYS) == "combobox"
    page.keyboard.type("st")
    # What comes up behind it meanwhile has keys of its own.
    page.evaluate(ELSEWHERE)
    until(page, "document.title.includes('tatistic')")
    expect(page.locator("dialog [role=combobox]")).to_have_value("st")


def test_a_key_works_from_the_moment_the_palette_closes(new_desk: NewDesk) -> None:
    desk = new_desk("anna")
    page = desk.page
    desk.open()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert page.evaluate(OPENED_BY_ITS_KEYS) == "combobox"
    page.evaluate(PRESSED_AS_IT_CLOSES)
    expect(page.get_by_label("Find in the queue")).to_be_focused()


@pytest.mark.parametrize("layout", ["us", "ru"])
def test_keys_are_where_they_are_on_any_layout(new_desk: NewDesk, people: People, layout: str) -> None:
    case_id = sent_by(people.client(), make=f"Keys {layout}")
    people.expert("anna").wait_until(case_id, "queued")
    desk = new_desk("anna")
    page = desk.page
    press = presses_of(page, layout)
    desk.open()
    expect(page.get_by_role("heading", name="Queue")).to_be_focused()
    press("Slash")
    expect(page.get_by_label("Find in the queue")).to_be_focused()
    page.keyboard.insert_text(f"keys {layout}")
    expect(page.locator("ol li")).to_have_count(1)
    page.locator("h1").focus()
    press("KeyJ")
    press("KeyT")
    page.wait_for_url(f"**/cases/{case_id}")
    expect(page.get_by_text("You hold it")).to_be_visible()

    press("Digit2", SHIFT, {"us": "@", "ru": '"'}[layout])
    expect(page.locator(".strip [aria-pressed=true]")).to_contain_text("2")
    press("KeyA")
    expect(page.locator(".strip [aria-pressed=true]")).to_contain_text("1")
    press("KeyN")
    expect(page.get_by_label("A note for colleagues")).to_be_focused()
    press("KeyQ")  # where one writes it is a letter
    expect(page.get_by_label("A note for colleagues")).to_have_value(TYPED[layout]["KeyQ"])
    expect(page.get_by_label("What to say")).to_have_count(0)
    page.locator("h1").focus()
    press("KeyQ")
    expect(page.get_by_label("What to say")).to_be_focused()
    page.keyboard.press("Escape")
    press(*HELP[layout][:1], SHIFT, HELP[layout][1])
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    press("KeyK", CONTROL)
    expect(page.locator("dialog [role=combobox]")).to_be_focused()
    page.keyboard.press("Escape")
    until(page, "!document.querySelector('dialog[open]')")
    press("KeyC")
    # The frame that is drawn by keys has the focus as soon as the photo is there, and leaves the desk its keys.
    expect(page.get_by_role("application")).to_be_focused()
    press("KeyU")
    page.wait_for_url(f"**/cases/{case_id}")
    people.expert("anna").call("DELETE", f"/cases/{case_id}/lease")


@pytest.mark.parametrize("how", ["modifierAltGraph", "isComposing"])
def test_what_is_typed_another_way_is_no_key(new_desk: NewDesk, people: People, how: str) -> None:
    """AltGr and Q is the @ of a German keyboard; a method of input has its own use for every key."""
    case_id = sent_by(people.client())
    people.expert("anna").wait_until(case_id, "queued")
    page = case_opened(new_desk("anna"), case_id)
    page.evaluate(
        "how => document.body.dispatchEvent("
        "new KeyboardEvent('keydown', {code: 'KeyU', key: 'u', bubbles: true, [how]: true}))",
        how,
    )
    page.keyboard.press("Shift+?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert case_id in page.url


def test_keys_are_named_by_what_is_printed_on_them(new_desk: NewDesk, people: People) -> None:
    case_id = sent_by(people.client())
    people.expert("anna").wait_until(case_id, "queued")
    desk = new_desk("anna")
    desk.page.add_init_script(
        "Object.defineProperty(navigator, 'keyboard',"
        " {value: {getLayoutMap: async () => new Map([['KeyZ', 'y'], ['KeyY', 'z'], ['KeyR', 'r']])}});"
    )
    page = case_opened(desk, case_id)
    expect(page.get_by_role("button", name="Loupe Y")).to_be_visible()
    page.keyboard.press("Shift+?")
    expect(page.get_by_role("dialog").locator("dt", has_text=re.compile("^Y$"))).to_be_visible()


def test_the_help_shows_all_keys_at_once_with_the_letters_of_both_layouts(
    new_desk: NewDesk, people: People
) -> None:
    case_id = sent_by(people.client())
    people.expert("anna").wait_until(case_id, "queued")
    page = case_opened(new_desk("anna", Look(1280, 720, "light", "ru")), case_id)
    page.keyboard.press("Shift+?")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("dt", has_text="Т")).to_have_count(1)
    expect(dialog.locator("dt", has_text=re.compile("F.*А"))).to_be_visible()
    until(page, "(one => one.scrollHeight <= one.clientHeight)(document.querySelector('dialog[open]'))")


def test_that_the_keys_have_changed_is_said_once(new_desk: NewDesk, people: People) -> None:  # noqa: ARG001 - the services run
    desk = new_desk("anna")
    desk.open()
    hint = desk.page.get_by_text("The keys are others now")
    expect(hint).to_be_visible()
    desk.page.get_by_role("button", name="Got it").click()
    expect(hint).to_have_count(0)
    desk.page.reload()
    expect(desk.page.get_by_role("heading", name="Queue")).to_be_focused()
    expect(hint).to_have_count(0)
