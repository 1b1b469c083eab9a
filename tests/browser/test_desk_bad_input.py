"""What comes to a desk that nobody wished for: wrong codes, broken photos, endless words, lost time."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import asyncpg
from playwright.sync_api import expect
from pyotp.totp import TOTP

from deploy.demo.people import Json
from deploy.embedded.stack import Stack
from tests.browser import audit
from tests.browser.desk_gallery import NewDesk, case_opened, let_in, seen, sent_by
from tests.browser.phone import Look
from tests.factories.photos import jpeg
from tests.flows.conftest import VIN_CLAIM, People

PASSWORD = "correct horse battery"
ENDLESS = "Абвгдеёжзийклмнопрстуфхцчшщъыьэюя" * 242
RIGHT_TO_LEFT = "\u202eהמספר נראה חדש\u202c <b>&amp;"


def test_after_wrong_codes_it_is_said_how_long_to_wait(new_desk: NewDesk, people: People) -> None:
    login = f"new-{uuid4().hex[:8]}"
    person: Json = {"login": login, "display_name": "Nina Nova", "role": "expert", "password": PASSWORD}
    let_in(people, person)
    desk = new_desk(None)
    page = desk.page
    desk.open()
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    secret = page.locator("p.vin").inner_text()
    page.get_by_label("The code that it shows").fill(TOTP(secret).now())
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="I have kept them").click()
    page.get_by_role("button", name="Sign out").click()

    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    wrong = str((int(TOTP(secret).now()) + 500_001) % 1_000_000).zfill(6)
    for _ in range(6):
        page.get_by_label("Code of the app").fill(wrong)
        page.get_by_label("Code of the app").press("Enter")
        expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_enabled()
        expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("Too many")
    expect(page.get_by_label("Login")).to_have_value(login)
    expect(page.get_by_label("Password")).to_have_value(PASSWORD)


def test_a_photo_that_does_not_load_is_said_and_loaded_again(new_desk: NewDesk, people: People) -> None:
    case_id = sent_by(people.client())
    people.expert("anna").wait_until(case_id, "queued")
    desk = new_desk("anna")
    page = desk.page
    desk.context.route("**/signed/evidence/**", lambda route: route.abort())
    desk.open(f"/cases/{case_id}")
    again = page.get_by_role("button", name="Load it again")
    expect(again).to_be_visible()
    page.keyboard.press("g")
    expect(page.get_by_role("heading", name="What the client says")).to_be_visible()

    desk.context.unroute("**/signed/evidence/**")
    again.click()
    seen(page)
    expect(again).to_have_count(0)


def test_sixty_photos_are_a_strip_that_loads_as_one_goes_along(new_desk: NewDesk, people: People) -> None:
    client = people.client()
    case_id: str = client.start(VIN_CLAIM)["id"]
    photo = jpeg()
    client.upload(case_id, "vin_stamped", photo)
    for number in range(59):
        client.upload(case_id, "other", jpeg(200 + number, 150))
    client.submit(case_id)
    people.expert("anna").wait_until(case_id, "queued")
    desk = new_desk("anna")
    page = case_opened(desk, case_id)

    thumbnails = page.locator(".strip button")
    expect(thumbnails).to_have_count(60)
    assert page.locator(".strip img").count() < 30
    thumbnails.last.scroll_into_view_if_needed()
    expect(thumbnails.last.locator("img")).to_be_visible()
    page.keyboard.press("Shift+9")
    expect(thumbnails.nth(8)).to_have_attribute("aria-pressed", "true")
    assert audit.overflow(page, 1440) == []


def test_endless_words_and_words_from_the_right_stay_where_they_belong(
    new_desk: NewDesk, people: People
) -> None:
    client = people.client()
    case_id: str = client.start({**VIN_CLAIM, "make": "W" * 60}, worry=RIGHT_TO_LEFT)["id"]
    client.upload(case_id, "vin_stamped", jpeg())
    client.submit(case_id)
    anna = people.expert("anna")
    anna.wait_until(case_id, "queued")
    anna.claim(case_id)
    anna.call("POST", f"/cases/{case_id}/messages", {"text": ENDLESS})
    for look in (Look(1280, 720, "light", "en"), Look(390, 844, "light", "en")):
        page = case_opened(new_desk("anna", look), case_id)
        expect(page.locator("bdi").filter(has_text="המספר")).to_be_visible()
        page.keyboard.press("m")
        expect(page.get_by_text(ENDLESS)).to_be_visible()
        assert audit.overflow(page, look.width) == []

    field = page.get_by_label("Write to the client")
    field.fill("x" * 9000)
    assert len(field.input_value()) <= 8000 or field.get_attribute("maxlength") == "8000"
    anna.call("DELETE", f"/cases/{case_id}/lease")


def test_who_was_at_lunch_for_too_long_is_told_and_keeps_what_they_wrote(
    new_desk: NewDesk, people: People, stack: Stack
) -> None:
    case_id = sent_by(people.client())
    people.expert("anna").wait_until(case_id, "queued")
    desk = new_desk("anna")
    page = case_opened(desk, case_id)
    page.keyboard.press("t")
    expect(page.get_by_text("You hold it")).to_be_visible()
    page.keyboard.press("v")
    page.get_by_label("What to tell the client").fill("The fourth digit leans")
    run_out(stack.superuser_url_of(stack.bpa), case_id)

    expect(page.get_by_text("You were away for long")).to_be_visible()
    expect(page.get_by_label("What to tell the client")).to_have_value("The fourth digit leans")
    page.locator("h1").focus()
    page.keyboard.press("t")
    expect(page.get_by_text("You hold it")).to_be_visible()
    expect(page.get_by_text("You were away for long")).to_have_count(0)
    people.expert("anna").call("DELETE", f"/cases/{case_id}/lease")


def run_out(database_url: str, case_id: str) -> None:
    """As if no heartbeat had come for as long as a lease lasts."""

    async def update() -> None:
        connection = await asyncpg.connect(database_url)
        statement = "UPDATE cases SET lease_expires_at = now(), next_tick_at = now() WHERE id = $1"
        await connection.execute(statement, UUID(case_id))
        await connection.close()

    # In another thread, because Playwright's loop runs in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(update())).result()


def test_a_desk_whose_clock_is_wrong_shows_the_time_that_is_left(new_desk: NewDesk, people: People) -> None:
    case_id = sent_by(people.client())
    people.expert("anna").wait_until(case_id, "queued")
    for minutes in (10, -10):
        desk = new_desk("anna")
        desk.page.add_init_script(f"const real = Date.now; Date.now = () => real() + {minutes} * 60_000;")
        desk.open()
        row = desk.page.locator(f"a[href='/cases/{case_id}']")
        expect(row).to_contain_text("19:")
        case_opened(desk, case_id)
        expect(desk.page.get_by_text("Left 19:")).to_be_visible()
