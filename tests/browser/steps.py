"""What people do in the app, in one step each."""

import json
import re
from pathlib import Path
from typing import Final

from playwright.sync_api import Locator, Page, expect

from deploy.demo.people import wait_for
from tests.browser.phone import Phone, until
from tests.browser.words import AGREE, CHECK, SEND, SLOTS

VIN: Final = "SAL1A2A40SA606662"
SENT: Final = re.compile(r"/inspections/[0-9a-f-]{36}$")


def begin(phone: Phone) -> None:
    """From Home to a draft."""
    phone.open()
    phone.page.get_by_role("button", name=CHECK[phone.look.language]).tap()
    expect(slot(phone, "vin_stamped")).to_be_attached()


def slot(phone: Phone, shot: str, page: Page | None = None) -> Locator:
    """The file input of a shot."""
    name = re.compile(re.escape(SLOTS[phone.look.language][shot]) + "$")
    return (page or phone.page).get_by_label(name).and_((page or phone.page).locator("input[type=file]"))


def photos(phone: Phone) -> Locator:
    return phone.page.locator("a[href*='/photos/'] img")


def take(phone: Phone, shot: str, *files: Path) -> None:
    """Choose photos for a slot, and wait until the phone keeps them."""
    before = kept(phone.page)
    slot(phone, shot).set_input_files(list(files))
    wait_for(lambda: kept(phone.page) >= before + len(files) or None, "the photo on the phone's disk", 30)


def kept(page: Page) -> int:
    """How many photos are on the disk of the phone."""
    return len(json.loads(page.evaluate(_PHOTOS)))


def written(phone: Phone, words: str) -> None:
    """Wait until `words` are on the disk of the phone, in a draft: a moment after they were typed."""
    wait_for(lambda: words in phone.page.evaluate(_DRAFTS) or None, f"{words!r} on the phone's disk", 30)


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


def enter_vin(phone: Phone, vin: str = VIN) -> None:
    phone.page.locator("#identifier").fill(vin)


def send(phone: Phone) -> None:
    phone.page.get_by_role("button", name=SEND[phone.look.language]).tap()


def sign_in(phone: Phone, contact: str) -> None:
    """On the screen, with the code out of the letter, and agree to what is asked."""
    page = phone.page
    page.locator("#contact").fill(contact)
    page.locator("#contact").press("Enter")
    expect(page.locator("#code")).to_be_focused()
    page.locator("#code").fill(phone.code_for(contact))
    page.locator("#code").press("Enter")
    page.get_by_role("button", name=AGREE[phone.look.language]).tap()


def sent(phone: Phone) -> str:
    """Wait until the inspection is sent and shown; returns its id."""
    phone.page.wait_for_url(SENT)
    return phone.page.url.rsplit("/", 1)[1]
