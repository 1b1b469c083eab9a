"""A link to a car: who gives it, and who stands in the yard with a phone that is somebody else's."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from playwright.sync_api import Route, expect

from deploy.demo.people import Json, wait_for
from tests.browser import steps
from tests.browser.phone import Phone, file_of
from tests.factories.photos import jpeg

WORRY, THEIRS = "The rivets look new", "Nobody else reads this"
OWNERS: Final = """new Promise((done) => {
  indexedDB.open("autodetective").onsuccess = ({target}) => {
    const stores = ["drafts", "photos", "kept"];
    const work = target.result.transaction(stores);
    const found = [];
    for (const name of stores) {
      const all = work.objectStore(name).getAll();
      all.onsuccess = () => found.push(...all.result.map((one) => one.owner));
    }
    work.oncomplete = () => { target.result.close(); done(found); };
  };
}).then(JSON.stringify)"""


def kept_by_links(phone: Phone) -> int:
    """How much the phone keeps for links."""
    return sum(owner.startswith("link:") for owner in json.loads(phone.page.evaluate(OWNERS)))


def give(phone: Phone, inspection_id: str) -> str:
    """A link to the car, made on the screen; its address."""
    page = phone.page
    phone.open(f"/inspections/{inspection_id}/yard")
    page.locator("#link-label").fill("Ivan")
    page.get_by_role("button", name="Make the link").tap()
    url = page.locator(".url").inner_text()
    assert re.search(r"/yard#[\w-]{32}$", url)
    page.get_by_role("button", name="QR code").tap()
    expect(page.get_by_alt_text("A QR code with the link")).to_be_visible()
    return url


def end(phone: Phone, inspection_id: str) -> None:
    """See what was done by the link, and end it."""
    page = phone.page
    phone.open(f"/inspections/{inspection_id}/yard")
    expect(page.get_by_text("Said that all is done")).to_be_visible()
    page.get_by_text("What was done by it: 1").tap()
    expect(page.locator("details li")).to_have_count(1)
    page.get_by_role("button", name="End the link").tap()
    page.get_by_role("dialog").get_by_role("button", name="End the link").tap()
    expect(page.locator(".url")).to_have_count(0)


def of_somebody_else(phone: Phone) -> None:
    """Somebody is signed in on it, and has begun a check of their own."""
    phone.sign_in()
    phone.open()
    expect(phone.page.get_by_role("link", name="All checks")).to_be_visible()
    steps.begin(phone)
    steps.enter_worry(phone, THEIRS)
    phone.page.goto("about:blank")


def make_bad(phone: Phone) -> list[str]:
    """From now on the first two parts of photos are cut off; which they were."""
    cuts: list[str] = []

    def cut(route: Route) -> None:
        cuts.append(route.request.url)
        if len(cuts) > 2:
            route.fallback()
        else:
            route.abort()

    phone.page.route("**/uploads/*/content", cut)
    return cuts


def test_whoever_stands_at_the_car_photographs_it_and_its_owner_sees_it(
    new_phone: Callable[..., Phone], tmp_path: Path
) -> None:
    giver, yard = new_phone(), new_phone()
    giver.sign_in()
    wish: Json = {"claim": {"identifier": steps.VIN, "make": "Land Rover"}, "worry": WORRY}
    draft = giver.call("POST", "/inspections", wish)["id"]
    url = give(giver, draft)
    of_somebody_else(yard)
    page = yard.page
    page.goto(url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Land Rover")
    expect(page.locator("dd")).to_have_text(["SAL 1A2A40 SA606662"])
    for words in (WORRY, THEIRS):
        expect(page.get_by_text(words)).to_have_count(0)

    # The network is gone, and the phone is put away in between.
    yard.context.set_offline(True)
    page.get_by_role("button", name="VIN plate").tap()
    gallery = page.locator("dialog input[type=file]:not([capture])")
    gallery.set_input_files(file_of(tmp_path, jpeg(640, 480)))
    wait_for(lambda: kept_by_links(yard) >= 3 or None, "the photo on the phone's disk")
    page.goto(url.replace("#", "?again#"))
    expect(page.get_by_text("1 photo waits for a network")).to_be_visible()
    cuts = make_bad(yard)
    yard.context.set_offline(False)
    page.get_by_role("button", name="All is done").tap()
    expect(page.get_by_text("All is done, thank you")).to_be_visible()
    expect(page.get_by_text("on its way")).to_have_count(0)
    assert len(cuts) > 2
    [photo] = giver.call("GET", f"/inspections/{draft}")["evidence"]
    assert (photo["shot"], photo["original"], bool(photo["link_id"])) == ("vin_plate", "held", True)

    end(giver, draft)
    page.reload()
    expect(page.get_by_role("heading", name="The link was ended")).to_be_visible()
    wait_for(lambda: kept_by_links(yard) == 0 or None, "nothing of the link on the phone")
    # What is theirs who are signed in there is as they left it, and nothing was done in their name.
    yard.open()
    steps.written(yard, THEIRS)
    assert yard.call("GET", "/inspections")["items"] == []
