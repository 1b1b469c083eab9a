"""What is known of a car before anything is looked at."""

import re
from uuid import uuid4

from playwright.sync_api import expect

from deploy.demo.people import Client
from tests.browser.desk_gallery import NewDesk, case_opened
from tests.factories.photos import jpeg, stamped_number
from tests.flows.conftest import VIN_CLAIM, People


def sent(client: Client, people: People, plate: str, photo: bytes) -> str:
    case_id: str = client.start({**VIN_CLAIM, "plate": plate})["id"]
    client.upload(case_id, "vin_stamped", stamped_number(f"CAR{uuid4().hex[:5].upper()}"))
    client.upload(case_id, "front", photo)
    client.submit(case_id)
    people.expert("anna").wait_until(case_id, "queued")
    return case_id


def test_other_cases_and_who_was_not_asked_stand_above_the_photo(new_desk: NewDesk, people: People) -> None:
    client, anna = people.client(), people.expert("anna")
    photo = jpeg(700, 500)
    earlier, case_id = (sent(client, people, "A001AA77", photo) for _ in range(2))
    number = anna.case(earlier)["number"]
    page = case_opened(new_desk("anna"), case_id)
    line = page.get_by_role("region", name="About this car")
    expect(line).to_contain_text(f"Photo 2 was in case {number}")
    expect(line).to_contain_text("Registers not asked")

    page.keyboard.press("g")
    known = page.get_by_role("region", name="Other cases")
    expect(known.locator("li").filter(has_text=number)).to_contain_text("same number, same plate")
    expect(known).to_contain_text("the same file as photo 2")
    expect(known).to_contain_text(re.compile(r"Registers\s*not asked"))
    line.get_by_role("link", name=number).click()
    page.wait_for_url(f"**/cases/{earlier}")


def test_what_could_not_be_asked_is_not_taken_for_nothing(new_desk: NewDesk, people: People) -> None:
    case_id = sent(people.client(), people, "A002AA77", jpeg(700, 501))
    desk = new_desk("anna")
    desk.page.route("**/known", lambda route: route.abort())
    page = case_opened(desk, case_id)
    line = page.get_by_role("region", name="About this car")
    expect(line).to_contain_text("Nothing was found out: no connection")
    page.keyboard.press("g")
    expect(page.get_by_role("alert")).to_contain_text("That does not mean that there are none.")
