"""What experts do at the desk in several tests."""

from typing import Final
from uuid import uuid4

from playwright.sync_api import Page, expect
from pyotp.totp import TOTP

from deploy.demo.people import Client, Json, wait_for
from tests.browser.desk_gallery import let_in, sent_by
from tests.factories.photos import stamped_number
from tests.flows.conftest import VIN_CLAIM, People

PASSWORD: Final = "correct horse battery"


def newcomer(people: People) -> str:
    """Somebody who has never signed in; their login. The password is PASSWORD."""
    login = f"new-{uuid4().hex[:8]}"
    person: Json = {"login": login, "display_name": "Nina Nova", "role": "expert", "password": PASSWORD}
    let_in(people, person)
    return login


def enrolled(page: Page, login: str) -> list[str]:
    """Sign in for the first time, and set up the app. Returns the recovery codes."""
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    assert page.evaluate("document.images[0].naturalWidth") > 0
    secret = page.locator("p.vin").inner_text()
    page.get_by_label("The code that it shows").fill(TOTP(secret).now())
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    recovery = page.locator("ul.vin li").all_inner_texts()
    assert len(recovery) == 10
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    return recovery


def sent(client: Client, people: People, plate: str, photo: bytes) -> str:
    case_id: str = client.start({**VIN_CLAIM, "plate": plate})["id"]
    client.upload(case_id, "vin_stamped", stamped_number(f"CAR{uuid4().hex[:5].upper()}"))
    client.upload(case_id, "front", photo)
    client.submit(case_id)
    people.expert("anna").wait_until(case_id, "queued")
    return case_id


def in_annas_hand(people: People, client: Client | None = None) -> str:
    case_id = sent_by(client or people.client())
    anna = people.expert("anna")
    anna.wait_until(case_id, "queued")
    anna.claim(case_id)
    return case_id


def released(people: People, login: str, case_id: str) -> None:
    people.expert(login).call("DELETE", f"/cases/{case_id}/lease")


def say_that_nothing_can_be_told(page: Page) -> None:
    expect(page.get_by_text("You hold it")).to_be_visible()
    nothing = page.get_by_role("radio", name="Not enough to tell")

    def asked_for() -> bool | None:
        # Without a line nothing can be given, and there may be none for a moment.
        page.keyboard.press("v")
        return nothing.is_visible() or None

    wait_for(asked_for, "the form of the verdict")
    nothing.check()
    page.get_by_label("What to tell the client").fill("Nothing can be made out.")
    page.get_by_label("What could not be checked").fill("The number")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("goes out in")).to_be_visible()
