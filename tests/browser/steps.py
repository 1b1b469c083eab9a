"""What people do in the app, in one step each."""

import json
import re
from functools import partial
from pathlib import Path
from typing import Final

from playwright.sync_api import Locator, Page, expect

from deploy.demo.people import wait_for
from tests.browser.phone import PATIENCE, Language, Phone, until
from tests.browser.words import (
    AGREE,
    AS_IT_IS,
    DONE,
    IT_DIFFERS,
    NEXT,
    OTHER_CHARACTERS,
    SLOTS,
    TYPE,
)

VIN: Final = "SAL1A2A40SA606662"
SENT: Final = re.compile(r"/inspections/[0-9a-f-]{36}$")


REVIEW: Final = re.compile(r"/new/[0-9a-f-]{36}/check$")
_DRAFT: Final = re.compile(r"(/new/[0-9a-f-]{36})/")


def start(phone: Phone, way: dict[Language, str]) -> None:
    """From Home into a new check, by one of the ways that it offers."""
    language = phone.look.language
    phone.page.locator("main a[href='/new']").tap()
    phone.page.get_by_role("button", name=way[language]).tap()
    phone.page.wait_for_url(_DRAFT)


def begin(phone: Phone) -> None:
    """From Home to the page of a new check on which all of it is seen."""
    phone.open()
    # Whatever comes next, the pages are there without a network.
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    start(phone, TYPE)
    review(phone)


def review(phone: Phone) -> None:
    """To the page on which all of it is seen, from any other of the same check."""
    page = phone.page
    if not REVIEW.search(page.url):
        draft = _DRAFT.search(page.url)
        assert draft, page.url
        phone.open(f"{draft[1]}/check")
    expect(page.locator("a[href$='/worry']")).to_be_visible()


def open_page(phone: Phone, name: str) -> None:
    """From where all of it is seen to a page of the same check."""
    review(phone)
    phone.page.locator(f"a.link[href*='/{name}']").first.tap()


def open_camera(phone: Phone, shot: str, page: Page | None = None) -> Locator:
    """From where all of it is seen to the camera, for one shot; its way into the gallery."""
    if page is None:
        review(phone)
        page = phone.page
    page.locator("a.link[href$='/more']").tap()
    row = page.locator("nav.list a").filter(has_text=SLOTS[phone.look.language][shot])
    is_taken = "/photos/" in (row.get_attribute("href") or "")
    row.tap()
    if is_taken:
        again = page.locator("a[href*='/camera/']")
        expect(again).to_have_count(1)  # by then the list that leads there, and has many, is gone
        again.tap()
    return page.locator("dialog input[type=file]:not([capture])")


def photos(phone: Phone) -> Locator:
    return phone.page.locator("a[href*='/photos/'] img")


def take(phone: Phone, shot: str, *files: Path) -> None:
    """Choose photos for a shot, whatever is said of them, and wait until the phone keeps them."""
    page, language = phone.page, phone.look.language
    before = kept(page)
    for number, file in enumerate(files, 1):
        open_camera(phone, shot).set_input_files(file)
        wait_for(partial(_keeps, page, before + number), "the photo on the phone's disk")
        done = page.get_by_role("button", name=DONE[language], exact=True).and_(page.locator(".primary"))
        as_it_is = page.get_by_role("button", name=AS_IT_IS[language], exact=True)
        expect(done.or_(as_it_is)).to_be_visible()
        if as_it_is.is_visible():
            as_it_is.tap()
        done.tap()
        page.wait_for_url(REVIEW)
        written(phone, '"page":"check"')  # to which "Go on" leads


def _keeps(page: Page, count: int) -> bool | None:
    return kept(page) >= count or None


def kept(page: Page) -> int:
    """How many photos are on the disk of the phone."""
    return len(json.loads(page.evaluate(_PHOTOS)))


def written(phone: Phone, words: str) -> None:
    """Wait until `words` are on the disk of the phone, in a draft: a moment after they were typed."""
    wait_for(lambda: words in phone.page.evaluate(_DRAFTS) or None, f"{words!r} on the phone's disk")


def reached(phone: Phone) -> int:
    """How many bytes of its photos the phone knows to be on the server."""
    return sum(photo["offset"] for photo in json.loads(phone.page.evaluate(_PHOTOS)))


_DRAFTS: Final = """new Promise((done, fail) => {
  const ask = indexedDB.open("autodetective");
  ask.onerror = () => fail(ask.error);
  ask.onsuccess = () => {
    const all = ask.result.transaction("drafts").objectStore("drafts").getAll();
    all.onsuccess = () => { ask.result.close(); done(all.result); };
  };
}).then(JSON.stringify)"""
_PHOTOS: Final = _DRAFTS.replace('"drafts"', '"photos"')


def share(phone: Phone, *files: Path) -> None:
    """Share photos with the app that is open, as the gallery of a phone does with an installed one."""
    page = phone.page
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until(page, "navigator.serviceWorker.controller !== null")
    page.evaluate(_A_SHARE)
    page.locator("#shared").set_input_files(list(files))
    with page.expect_navigation(url="**/shared"):
        page.evaluate("document.querySelector('#shared').form.submit()")


_A_SHARE: Final = """
  const form = document.createElement("form");
  form.innerHTML = '<input id="shared" type="file" name="photos" multiple>';
  Object.assign(form, {method: "post", enctype: "multipart/form-data", action: "/shared"});
  document.body.append(form);
"""


def number_page(phone: Phone) -> Locator:
    """From where all of it is seen to where the number is typed; the field for it."""
    page, language = phone.page, phone.look.language
    review(phone)
    page.locator("a.link[href$='/type'], a.link[href$='/number']").tap()
    field = page.locator("#identifier")
    differs = page.get_by_role("button", name=IT_DIFFERS[language])
    expect(field.or_(differs)).to_be_visible()
    if differs.is_visible():
        differs.tap()
        page.get_by_role("button", name=OTHER_CHARACTERS[language]).tap()
    return field


def enter_vin(phone: Phone, vin: str = VIN) -> None:
    """Type the number, and go back to where all of it is seen, even where it is not whole."""
    page = phone.page
    field = number_page(phone)
    field.fill(vin)
    written(phone, vin)
    page.get_by_role("button", name=NEXT[phone.look.language], exact=True).tap()
    expect(
        page.locator("#identifier[aria-invalid=true]")
        .or_(page.locator("a[href$='/worry']"))
        .or_(page.locator("a[href*='/camera/']"))
    ).to_be_visible()
    if not REVIEW.search(page.url):
        review(phone)


def enter_worry(phone: Phone, words: str) -> None:
    page = phone.page
    open_page(phone, "worry")
    page.locator("#worry").fill(words)
    written(phone, words)
    page.get_by_role("button", name=DONE[phone.look.language], exact=True).tap()
    page.wait_for_url(REVIEW)


def send(phone: Phone) -> None:
    review(phone)
    phone.page.locator("button.primary[aria-describedby=due]").tap()


def sign_in(phone: Phone, contact: str, agree: str | None = None) -> None:
    """On the screen, with the code out of the letter, and agree to what is asked, by the button `agree`."""
    page = phone.page
    page.locator("#contact").fill(contact)
    page.locator("#contact").press("Enter")
    expect(page.locator("#code")).to_be_focused()
    page.locator("#code").fill(phone.code_for(contact))  # it goes at the last digit
    page.get_by_role("button", name=agree or AGREE[phone.look.language]).tap()


def sent(phone: Phone, patience: float = PATIENCE) -> str:
    """Wait until the inspection is sent and shown; returns its id. `patience` is in milliseconds."""
    phone.page.wait_for_url(SENT, timeout=patience)
    return phone.page.url.rsplit("/", 1)[1]
