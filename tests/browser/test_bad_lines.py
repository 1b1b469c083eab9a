"""Lines that lie and disks that forget: nobody is signed out, no photo is given up, and one keeps no other."""

import json
from pathlib import Path
from typing import Final

from playwright.sync_api import Route, expect

from cabinet_service.settings import COOKIE
from tests.browser import steps
from tests.browser.phone import Phone, file_of
from tests.factories.photos import jpeg

AWAY: Final = json.dumps({"code": "temporarily_unavailable", "detail": "", "status": 503})
# The newest photo's bytes, as a browser forgets them that makes room.
FORGET: Final = """new Promise((done) => {
  indexedDB.open("autodetective").onsuccess = ({target}) => {
    const work = target.result.transaction(["photos", "files"], "readwrite");
    work.objectStore("photos").getAll().onsuccess = ({target}) => {
      const [newest] = target.result.sort((one, other) => other.addedAt - one.addedAt);
      work.objectStore("files").delete(newest.id);
    };
    work.oncomplete = () => { target.result.close(); done(); };
  };
})"""


def drafted(phone: Phone, folder: Path) -> None:
    """Signed in, and everything there that Send asks for; nothing of it has gone out."""
    phone.sign_in()
    phone.open()
    expect(phone.page.get_by_role("link", name="All checks")).to_be_visible()
    steps.begin(phone)
    phone.context.set_offline(True)
    steps.take(phone, "vin_stamped", file_of(folder, jpeg(648, 480)))
    steps.enter_vin(phone)


def test_a_refresh_that_fails_for_now_signs_nobody_out(phone: Phone, tmp_path: Path) -> None:
    drafted(phone, tmp_path)
    asked: list[str] = []

    def away(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=503, content_type="application/problem+json", body=AWAY)

    phone.page.route("**/auth/tokens", away)
    phone.context.clear_cookies(name=COOKIE)  # as after ten minutes
    phone.context.set_offline(False)
    steps.send(phone)
    expect(phone.page.get_by_text("It goes out by itself")).to_be_visible()
    phone.page.wait_for_timeout(3000)
    assert asked
    expect(phone.page.locator("#contact")).to_have_count(0)
    phone.page.unroute("**/auth/tokens")
    steps.sent(phone)
    phone.troubles.clear()  # the 503s


def test_a_photo_that_the_phone_has_lost_keeps_no_other(phone: Phone, tmp_path: Path) -> None:
    drafted(phone, tmp_path)
    steps.take(phone, "vin_plate", file_of(tmp_path, jpeg(649, 480)))
    phone.page.evaluate(FORGET)
    phone.context.set_offline(False)
    expect(phone.page.get_by_text("1 is spoilt: take it again")).to_be_visible()
    steps.send(phone)
    inspection_id = steps.sent(phone)
    [evidence] = phone.call("GET", f"/inspections/{inspection_id}")["evidence"]
    assert evidence["shot"] == "vin_stamped"


def test_the_page_of_a_hotspot_takes_no_photo_and_refuses_none(phone: Phone, tmp_path: Path) -> None:
    drafted(phone, tmp_path)
    asked: list[str] = []

    def hotspot(route: Route) -> None:
        asked.append(route.request.method)
        route.fulfill(status=200, content_type="text/html", body="<html>Welcome to our Wi-Fi</html>")

    phone.page.route("**/uploads/*/content", hotspot)
    phone.context.set_offline(False)
    steps.send(phone)
    phone.page.wait_for_timeout(9000)
    assert 0 < len(asked) < 8, "with growing pauses"
    phone.page.unroute("**/uploads/*/content")
    steps.sent(phone)
