"""An app that stays open: while the browser translates it, and while a newer version is put on the server."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from playwright.sync_api import Route, expect

from tests.browser import steps
from tests.browser.desk_gallery import NewDesk
from tests.browser.phone import Phone, file_of, until
from tests.factories.photos import jpeg

# What Chrome's translator does to a page: in the place of each text an element with words of another language.
TRANSLATED: Final = """() => {
  const texts = [], all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (all.nextNode()) texts.push(all.currentNode);
  for (const text of texts) {
    if (!text.data.trim() || text.parentElement.closest("[translate=no], script, style, textarea")) continue;
    const [outer, inner] = [document.createElement("font"), document.createElement("font")];
    inner.textContent = text.data.toUpperCase();
    outer.append(inner);
    text.replaceWith(outer);
  }
}"""
USED: Final = re.compile(r"\d+:\d\d of 20:00", re.IGNORECASE)


def test_a_translated_page_goes_on_telling_the_time_and_the_state(phone: Phone, tmp_path: Path) -> None:
    page = phone.page
    phone.sign_in()
    steps.begin(phone)
    steps.take(phone, "vin_stamped", file_of(tmp_path, jpeg(647, 480)))
    steps.enter_vin(phone)
    steps.send(phone)
    inspection_id = steps.sent(phone)
    used = page.get_by_text(USED)
    expect(used).to_be_visible()
    expect(page.get_by_role("link", name="Write to the expert")).to_be_visible()
    page.evaluate(TRANSLATED)
    then = used.inner_text().lower()
    expect(used).not_to_have_text(re.compile(re.escape(then), re.IGNORECASE))
    expect(used).to_have_count(1)
    phone.call("POST", f"/inspections/{inspection_id}/cancellation", {"reason": "Sold meanwhile"})
    status = page.get_by_role("status")
    expect(status).to_contain_text("Cancelled")
    expect(status).not_to_contain_text(re.compile("queue|received", re.IGNORECASE))


def test_a_desk_of_which_a_screen_is_gone_is_loaded_anew_once(new_desk: NewDesk) -> None:
    desk = new_desk("vera")
    page = desk.page
    desk.open()
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))

    def newer(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub(r"index-\w+", "index-newer", answer.text()))

    page.route("**/index.html", newer)
    page.route("**/assets/Playbook*.js", lambda route: route.fulfill(status=404, body="gone"))
    page.get_by_role("link", name="Templates").click()
    expect(page.get_by_text("The page could not be loaded")).to_be_visible()
    assert loads == [f"{desk.url}/playbook"]
    page.get_by_role("button", name="Try again").click()
    page.wait_for_timeout(2000)
    assert len(loads) == 1

    # A chunk that is only out of reach is no newer version.
    page.unroute_all()
    page.get_by_role("link", name="Queue").click()
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    page.route("**/assets/Exemplars*.js", lambda route: route.abort())
    page.get_by_role("link", name="Reference base").click()
    expect(page.get_by_text("The page could not be loaded")).to_be_visible()
    assert len(loads) == 1


def test_an_installed_app_looks_for_its_new_version(new_phone: Callable[..., Phone]) -> None:
    phone = new_phone()
    page = phone.page
    phone.open()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.evaluate("""() => {
      window.looked = 0;
      ServiceWorkerRegistration.prototype.update = async () => { window.looked += 1; };
      document.dispatchEvent(new Event("visibilitychange"));
    }""")
    until(page, "window.looked === 1")
