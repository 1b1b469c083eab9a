"""One phone, several people: what one began is nobody else's, and what nobody signed in for is asked about."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from deploy.demo.people import wait_for
from tests.browser import steps
from tests.browser.phone import Phone, file_of
from tests.factories.photos import jpeg

WORRY = "The rivets look new"
QUESTION = "A check was begun on this phone before you signed in"


def begun(phone: Phone, folder: Path) -> str:
    """A draft with a photo, a number and words; its address."""
    steps.begin(phone)
    steps.take(phone, "vin_stamped", file_of(folder, jpeg(645, 480)))
    steps.enter_vin(phone)
    steps.enter_worry(phone, WORRY)
    return phone.page.url.removeprefix(phone.url)


def home(phone: Phone) -> None:
    phone.open()
    expect(phone.page.get_by_role("heading", level=1)).to_be_visible()
    expect(phone.page.get_by_role("link", name="All checks")).to_be_visible()


def test_a_draft_of_an_ended_session_is_for_nobody_but_its_owner(phone: Phone, tmp_path: Path) -> None:
    page = phone.page
    phone.sign_in()
    home(phone)
    address = begun(phone, tmp_path)
    annas = phone.context.cookies()

    phone.context.clear_cookies()
    page.reload()
    expect(page.get_by_text("You are no longer signed in here")).to_be_visible()
    phone.open()
    expect(page.get_by_text("Something on this phone was not sent yet")).to_be_visible()
    expect(page.get_by_role("link", name="Draft")).to_have_count(0)

    phone.sign_in()
    home(phone)
    phone.open(address)
    expect(page.get_by_text("This draft is not here")).to_be_visible()
    home(phone)
    expect(page.get_by_text(QUESTION)).to_have_count(0)
    steps.begin(phone)
    expect(page.get_by_text(WORRY)).to_have_count(0)
    page.wait_for_timeout(3000)  # for what would go out by itself
    assert phone.call("GET", "/inspections")["items"] == []

    phone.context.clear_cookies()
    phone.context.add_cookies(annas)  # pyright: ignore[reportArgumentType] - as they were given out
    home(phone)
    phone.open(address)
    expect(page.get_by_text(WORRY)).to_be_visible()
    steps.send(phone)
    inspection_id = steps.sent(phone)
    assert len(phone.call("GET", f"/inspections/{inspection_id}")["evidence"]) == 1


def test_another_tab_sends_nothing_in_the_name_of_who_signed_in_meanwhile(
    phone: Phone, tmp_path: Path
) -> None:
    phone.sign_in()
    home(phone)
    begun(phone, tmp_path)
    phone.context.clear_cookies()
    phone.sign_in()
    other = phone.another_tab()
    other.goto(phone.url)
    expect(other.get_by_role("link", name="All checks")).to_be_visible()
    expect(phone.page.get_by_text("This draft is not here")).to_be_visible()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.page.wait_for_timeout(3000)
    assert phone.call("GET", "/inspections")["items"] == []


def test_what_was_begun_before_signing_in_is_asked_about(
    new_phone: Callable[..., Phone], tmp_path: Path
) -> None:
    phone = new_phone()
    begun(phone, tmp_path)
    phone.kill_the_tab()
    phone.sign_in()
    home(phone)
    page = phone.page
    expect(page.get_by_text(QUESTION)).to_be_visible()
    expect(page.get_by_role("link", name="Draft")).to_have_count(0)
    page.get_by_role("button", name="Yes, mine").tap()
    expect(page.get_by_role("link", name="Draft")).to_be_visible()
    expect(page.get_by_text(QUESTION)).to_have_count(0)

    phone = new_phone()
    begun(phone, tmp_path)
    phone.sign_in()
    home(phone)
    phone.page.get_by_role("button", name="No, delete it").tap()
    expect(phone.page.get_by_text(QUESTION)).to_have_count(0)
    assert steps.kept(phone.page) == 0


def test_photos_that_were_shared_are_theirs_who_had_the_phone(phone: Phone, tmp_path: Path) -> None:
    page = phone.page
    phone.sign_in()
    home(phone)
    steps.share(phone, file_of(tmp_path, jpeg(646, 480)))
    expect(page.get_by_role("button", name="Add to the check")).to_be_visible()
    phone.context.clear_cookies()
    phone.sign_in()
    home(phone)
    phone.open("/shared")
    expect(page.get_by_text("There is nothing here")).to_be_visible()


def test_a_draft_that_is_deleted_is_gone_from_the_server_and_from_every_device(
    phone: Phone, tmp_path: Path
) -> None:
    page = phone.page
    phone.sign_in()
    home(phone)

    def there(count: int) -> list[str]:
        def ids() -> list[str] | None:
            found = [row["id"] for row in phone.call("GET", "/inspections")["items"]]
            return found if len(found) == count else None

        return wait_for(ids, f"{count} on the server")

    begun(phone, tmp_path)
    there(1)
    phone.context.set_offline(True)
    page.get_by_role("button", name="Delete the draft").tap()
    page.get_by_role("dialog").get_by_role("button", name="Delete the draft").tap()
    expect(page.get_by_role("heading", level=1, name="Check a car before you buy it")).to_be_visible()
    there(1)
    phone.context.set_offline(False)
    there(0)

    begun(phone, tmp_path)
    [draft] = there(1)
    home(phone)
    expect(page.get_by_role("link", name="Draft")).to_be_visible()
    phone.call("POST", f"/inspections/{draft}/cancellation", {})  # as another device does
    expect(page.get_by_role("link", name="Draft")).to_have_count(0)
