"""The report of an answer: read, printed, taken along, shown to others by a link, and replaced by a newer one."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, expect

from deploy.demo.people import Json, wait_for
from tests.browser import audit
from tests.browser.answering import in_queue
from tests.browser.gallery import told
from tests.browser.phone import Phone
from tests.flows.conftest import People

FACT: Final = "The last characters are of another typeface"
SUMMARY: Final = "The last characters were struck anew"
SIGNS: Final = "There are signs of altered markings"
NOTHING: Final = "No signs of altered markings are seen"
UNREAD: Final = "The photos do not suffice for a verdict"
_PICTURES: Final = """(act) => new Promise((done, fail) => {
    const opening = indexedDB.open('autodetective');
    opening.onerror = fail;
    opening.onsuccess = () => {
        const asked = opening.result.transaction('pictures', 'readwrite').objectStore('pictures')[act]();
        asked.onerror = fail;
        asked.onsuccess = () => { opening.result.close(); done(asked.result); };
    };
})"""
"""Does something to the photos of reports that the phone keeps."""
_LOOK_AGAIN: Final = "document.dispatchEvent(new Event('visibilitychange'))"


def answered(phone: Phone, people: People) -> str:
    """An inspection of whoever is signed in on the phone, with an answer and its report."""
    inspection = in_queue(phone, people)
    expert = people.expert("anna")
    expert.claim(inspection)
    photo = expert.case(inspection)["evidence"][0]["evidence_id"]
    place: Json = {"evidence_id": photo, "region": {"x": 0.5, "y": 0.4, "width": 0.3, "height": 0.1}}
    found = expert.find(inspection, FACT, severity="contradiction", places=[place])
    expert.decide(inspection, "forgery_signs", SUMMARY, finding_ids=[found["finding_id"]])
    wait_for_report(phone, inspection, 1)
    return inspection


def unread(phone: Phone, people: People) -> str:
    """One whose answer is that nothing could be read."""
    inspection = in_queue(phone, people)
    expert = people.expert("anna")
    expert.claim(inspection)
    expert.decide(inspection, "insufficient_data", "Nothing can be read", not_covered=["The number"])
    wait_for_report(phone, inspection, 1)
    return inspection


def wait_for_report(phone: Phone, inspection: str, version: int) -> Json:
    def made() -> Json | None:
        reports = phone.call_list(f"/inspections/{inspection}/reports")
        return next((one for one in reports if one["version"] == version), None)

    return wait_for(made, f"the report of version {version}")


def amend(phone: Phone, people: People, inspection: str) -> None:
    """Somebody else looks again, and finds that all is well."""
    client, senior = people.as_on(phone.token()), people.expert("vera")
    client.call("POST", f"/inspections/{inspection}/disputes", {"reason": "Look again, please"})
    senior.wait_until(inspection, "disputed")
    senior.claim(inspection)
    photo = senior.case(inspection)["evidence"][0]["evidence_id"]
    place: Json = {"evidence_id": photo, "region": {"x": 0.2, "y": 0.3, "width": 0.4, "height": 0.2}}
    found = senior.find(inspection, "Struck by the maker", severity="confirmed", places=[place])
    body: Json = {
        "preliminary": False,
        "verdict": "clean",
        "summary": "It can be read after all",
        "finding_ids": [found["finding_id"]],
        "not_covered": [],
        "reason": "A better look",
    }
    version = senior.case(inspection)["version"]
    senior.call("POST", f"/cases/{inspection}/amendments", body, if_match=f'"{version}"')
    wait_for_report(phone, inspection, 2)


def share(phone: Phone, inspection: str, **wish: object) -> str:
    """The address of a new link."""
    made = phone.call("POST", f"/inspections/{inspection}/shares", {"days": 7, **wish})
    url: str = made["url"]
    return url.removeprefix(phone.url)


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def test_the_report_is_read_from_the_answer_and_without_a_network(phone: Phone, people: People) -> None:
    phone.sign_in()
    inspection = answered(phone, people)
    page = phone.page
    phone.open(f"/inspections/{inspection}")
    page.get_by_role("link", name="Open the whole report").tap()
    heading(page, SIGNS)
    expect(page.get_by_role("heading", name=FACT)).to_be_visible()
    picture = page.locator("figure img").first
    wait_for(lambda: picture.evaluate("(one) => one.naturalWidth > 0") or None, "the photo")
    picture.tap()
    expect(page.get_by_role("dialog").locator("img")).to_be_visible()
    page.keyboard.press("Escape")

    # The contents are under the thumb, and leave no steps that the way back would take.
    page.locator("summary").tap()
    page.get_by_role("navigation").get_by_role("link", name="About this document").tap()
    expect(page.get_by_role("heading", name="About this document")).to_be_in_viewport()
    expect(page.get_by_role("heading", name="About this document")).to_be_focused()
    page.wait_for_timeout(1000)  # what is shown is written down a moment later
    wait_for(lambda: page.evaluate(_PICTURES, "count") or None, "the photos to be kept")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.context.set_offline(True)
    page.reload()
    heading(page, SIGNS)
    expect(page.get_by_text("Kept on this phone")).to_be_visible()
    expect(page.locator("figure img").first).to_have_attribute("src", re.compile("^blob:"))
    wait_for(lambda: picture.evaluate("(one) => one.naturalWidth > 0") or None, "the photo that is kept")
    picture.tap()
    expect(page.get_by_role("dialog").locator("img")).to_have_attribute("src", re.compile("^blob:"))
    page.keyboard.press("Escape")
    # One that is not here says so.
    page.evaluate(_PICTURES, "clear")
    page.reload()
    heading(page, SIGNS)
    expect(page.get_by_text("this device has no copy of it").first).to_be_visible()
    phone.context.set_offline(False)
    expect(page.locator("figure img").first).to_have_attribute("src", re.compile("/preview$"))
    page.get_by_role("button", name="To the answer").tap()
    expect(page.get_by_text(SUMMARY)).to_be_visible()


def test_on_paper_there_is_the_report_and_nothing_to_tap(phone: Phone, people: People) -> None:
    phone.sign_in()
    inspection = answered(phone, people)
    page = phone.page
    phone.open(f"/inspections/{inspection}/report")
    heading(page, SIGNS)
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_role("heading", name=FACT)).to_be_visible()
    expect(page.locator("header nav, .contents, .unprinted, .banners").filter(visible=True)).to_have_count(0)
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--card')") == "#fff"
    page.emulate_media(media="screen")
    printed = phone.page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    page.evaluate("window.print = () => (window.printed = [...document.images].map((one) => one.loading))")
    page.get_by_role("button", name="Print", exact=True).tap()
    loading = wait_for(lambda: page.evaluate("window.printed") or None, "the browser to be asked")
    assert set(loading) == {"eager"}


def test_a_file_is_waited_for_and_is_told_from_a_changed_one(
    new_phone: Callable[..., Phone], people: People, tmp_path: Path
) -> None:
    phone, other = new_phone(), new_phone()
    phone.sign_in()
    inspection = answered(phone, people)
    phone.open(f"/inspections/{inspection}/report")
    heading(phone.page, SIGNS)
    with phone.page.expect_download() as download:
        phone.page.get_by_role("button", name="One page").tap()
    genuine = tmp_path / download.value.suggested_filename
    download.value.save_as(genuine)
    assert re.fullmatch(r"[\w-]+-1-1\.pdf", genuine.name)
    assert genuine.read_bytes().startswith(b"%PDF")
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(genuine.read_bytes() + b"\n% and more\n")
    foreign = tmp_path / "foreign.pdf"
    foreign.write_bytes(b"%PDF-1.7\n%%EOF\n")

    other.open("/verify")
    for file, verdict in (
        (genuine, "The file is genuine, and the newest"),
        (changed, "The file was changed"),
        (foreign, "This report is not ours"),
    ):
        other.page.locator("input[type=file]").set_input_files(file)
        heading(other.page, verdict)
    code = wait_for_report(phone, inspection, 1)["code"]
    other.open(f"/verify/{code}")
    heading(other.page, "There is such a report, and it is the newest")
    other.page.get_by_label("The code on the report").fill("7K3M")
    other.page.get_by_role("button", name="Verify", exact=True).tap()
    expect(other.page.get_by_text("A code has 20 characters")).to_be_visible()
    other.page.get_by_label("The code on the report").fill("0" * 20)
    other.page.get_by_role("button", name="Verify", exact=True).tap()
    heading(other.page, "We have no such code")
    other.context.set_offline(True)
    other.page.locator("input[type=file]").set_input_files(genuine)
    expect(other.page.get_by_role("alert").filter(has_text="network")).to_be_visible()
    other.context.set_offline(False)


def test_a_link_opens_for_whoever_has_it_until_it_is_ended(
    new_phone: Callable[..., Phone], people: People
) -> None:
    phone, other = new_phone(), new_phone()
    phone.sign_in()
    inspection = answered(phone, people)
    page = phone.page
    phone.open(f"/inspections/{inspection}/report")
    page.get_by_role("link", name="Show it to somebody").tap()
    page.get_by_label("A note for yourself").fill("For the bank")
    page.get_by_role("button", name="Make the link").tap()
    card = page.locator("article").filter(has_text="For the bank")
    expect(card.get_by_text("Not opened yet")).to_be_visible()
    card.get_by_role("button", name="QR code").tap()
    expect(page.get_by_role("img", name="A QR code")).to_be_visible()
    page.keyboard.press("Escape")
    address = card.locator(".url").inner_text()

    other.page.goto(address)
    heading(other.page, SIGNS)
    expect(other.page.get_by_role("heading", name=FACT)).to_be_visible()
    picture = other.page.locator("figure img").first
    wait_for(lambda: picture.evaluate("(one) => one.naturalWidth > 0") or None, "the shared photo")
    assert other.page.locator("meta[name=robots]").get_attribute("content") == "noindex, nofollow"
    assert not audit.barriers(other.page)

    page.reload()
    expect(card.get_by_text("Opened 1 time")).to_be_visible()
    card.get_by_role("button", name="End the link").tap()
    page.get_by_role("dialog").get_by_role("button", name="End the link").tap()
    expect(card.get_by_text("Ended", exact=True)).to_be_visible()
    other.page.evaluate(_LOOK_AGAIN)
    heading(other.page, "This link shows no report any more")
    expect(other.page.get_by_text(FACT)).to_have_count(0)


def test_a_link_shows_as_much_as_was_wished_to_whoever_knows_its_code(
    new_phone: Callable[..., Phone], people: People
) -> None:
    phone, other = new_phone(), new_phone()
    phone.sign_in()
    inspection = answered(phone, people)
    address = share(phone, inspection, scope={"photos": False, "history": False}, code="4821")
    other.open(address)
    heading(other.page, "Enter the code")
    other.page.get_by_label("The code").fill("1111")
    other.page.get_by_role("button", name="Open the report").tap()
    expect(other.page.get_by_text("That code does not fit")).to_be_visible()
    other.page.get_by_label("The code").fill("4821")
    other.page.get_by_role("button", name="Open the report").tap()
    heading(other.page, SIGNS)
    expect(other.page.get_by_role("heading", name=FACT)).to_be_visible()
    expect(other.page.locator("figure img")).to_have_count(0)
    other.open("/report#nothing-that-was-ever-given-out0")
    heading(other.page, "The link did not open")


def test_every_open_copy_says_that_the_answer_was_changed(
    new_phone: Callable[..., Phone], people: People
) -> None:
    phone, other = new_phone(), new_phone()
    phone.sign_in()
    inspection = unread(phone, people)
    address = share(phone, inspection)
    phone.open(f"/inspections/{inspection}/report")
    other.open(address)
    heading(phone.page, UNREAD)
    heading(other.page, UNREAD)
    amend(phone, people, inspection)
    expect(phone.page.get_by_text("This is an earlier version")).to_be_visible()
    heading(phone.page, UNREAD)
    phone.page.get_by_role("link", name="Open the new version").tap()
    heading(phone.page, NOTHING)
    other.page.evaluate(_LOOK_AGAIN)
    expect(other.page.get_by_text("You are reading version 1, which was replaced")).to_be_visible()
    heading(other.page, UNREAD)
    other.page.get_by_role("button", name="Open the new version").tap()
    heading(other.page, NOTHING)
    expect(other.page.get_by_text("You read version 1 before")).to_be_visible()
    other.page.get_by_role("button", name="Open the earlier one").tap()
    heading(other.page, UNREAD)
    expect(other.page.get_by_text("You are reading version 1, which was replaced")).to_be_visible()


def test_a_badge_for_an_advert_is_made_of_a_good_answer_and_ended(phone: Phone, people: People) -> None:
    phone.sign_in()
    inspection = unread(phone, people)
    page = phone.page
    shares = f"/inspections/{inspection}/shares"
    phone.open(shares)
    expect(page.get_by_role("heading", name="Your links")).to_be_visible()
    expect(page.get_by_role("heading", name="A badge for an advert")).to_be_hidden()
    amend(phone, people, inspection)
    phone.open(shares)
    page.get_by_role("button", name="Make a badge").tap()
    badge = page.get_by_role("img", name=f"The badge: {NOTHING.lower()}")
    wait_for(lambda: badge.evaluate("(one) => one.naturalWidth === 400") or None, "the picture", 30)
    html = page.get_by_label("Paste this into the advert")
    expect(html).to_have_value(re.compile(r"^<a href=.*/verify.*<img src=.*lang=en.*</a>$"))
    page.get_by_label("Language of the badge").select_option("ru")
    expect(html).to_have_value(re.compile("lang=ru"))
    assert not audit.barriers(page)
    assert not audit.small_targets(page)
    page.set_viewport_size({"width": 320, "height": 700})
    assert audit.overflow(page, 320) == []
    # It need not run out before it is prolonged.
    page.get_by_role("button", name="Let it work for 90 more days").tap()
    expect(badge).to_have_attribute("src", re.compile("seen=2"))

    # In a page of somebody else's it is drawn, and leads to where the report is verified.
    advert = phone.context.new_page()
    advert.set_content(html.input_value())
    picture = advert.locator("img")
    wait_for(lambda: picture.evaluate("(one) => one.naturalWidth === 400") or None, "the picture there", 30)
    advert.goto(str(advert.locator("a").get_attribute("href")))
    expect(advert).to_have_url(re.compile(r"/verify/[0-9A-Z]{20}$"))
    expect(advert.get_by_text("There is such a report, and it is the newest")).to_be_visible()

    # Once the key that it was made by is gone it works on and is given out no more: what to do is said.
    with told(phone, "**/badge", lambda it: it | {"badge": it["badge"] | {"paste": []}}):
        phone.open(shares)
        expect(page.get_by_text("It cannot be copied any more")).to_be_visible()
    page.get_by_role("button", name="End the badge").tap()
    page.get_by_role("dialog").get_by_role("button", name="End the badge").tap()
    expect(page.get_by_role("button", name="Make a badge")).to_be_visible()
    expect(html).to_be_hidden()
