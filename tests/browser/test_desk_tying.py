"""Two experts have two requests about one car: one ties them, the other sees it, and takes what is free."""

import re

from playwright.sync_api import expect

from tests.browser.desk_gallery import NewDesk, case_opened, seen
from tests.browser.desk_steps import sent
from tests.factories.photos import jpeg
from tests.flows.conftest import People


def test_an_expert_ties_two_cases_and_the_one_at_the_other_sees_it(new_desk: NewDesk, people: People) -> None:
    anna, boris = people.expert("anna"), people.expert("boris")
    # Of two clients, as it is when a car is advertised.
    mine, other = (sent(people.client(), people, "A005AA77", jpeg(700, 510 + n)) for n in range(2))
    numbers = [anna.case(case_id)["number"] for case_id in (mine, other)]
    anna.claim(mine)
    boris.claim(other)
    page, beside = case_opened(new_desk("anna"), mine), case_opened(new_desk("boris"), other)
    line = beside.get_by_role("region", name="About this car")
    expect(line).to_contain_text(numbers[0])

    page.keyboard.press("g")
    page.get_by_role("button", name=f"Tie to this case: {numbers[1]}").click()

    expect(page.get_by_role("region", name="About this car")).to_contain_text(
        f"Tied to {numbers[1]}: held by Борис Кузнецов"
    )
    expect(line).to_contain_text(f"Tied to {numbers[0]}: held by Анна Белова")
    # What was said to one client is in the other's case neither before nor after.
    assert anna.case(mine)["client"]["account_id"] != anna.case(other)["client"]["account_id"]

    boris.call("DELETE", f"/cases/{other}/lease")
    offer = page.get_by_text(f"Case {numbers[1]} is tied to this one and free")
    expect(offer).to_be_visible()
    page.get_by_role("button", name="Take it, too").click()
    expect(offer).to_be_hidden()
    expect(line).to_contain_text("Tied to")
    assert anna.case(other)["holder"]["display_name"] == "Анна Белова"

    page.get_by_role("button", name=f"Untie: {numbers[1]}").click()
    expect(page.get_by_role("button", name=f"Tie to this case: {numbers[1]}")).to_be_visible()
    expect(line).not_to_contain_text("Tied to")


def test_how_cases_hang_together_is_drawn_and_said(new_desk: NewDesk, people: People) -> None:
    anna = people.expert("anna")
    photo = jpeg(700, 520)
    earlier, case_id = (sent(people.client(), people, plate, photo) for plate in ("A006AA77", "A007AA77"))
    number = anna.case(earlier)["number"]
    page = case_opened(new_desk("anna"), case_id)

    page.get_by_role("link", name="Links").click()

    page.wait_for_url(f"**/cases/{case_id}/graph")
    differs = page.get_by_role("region", name="What differs").locator("li", has_text="А 007 АА 77")
    expect(differs).to_contain_text("at one time")
    # Whether there are any is for those to say who brought them.
    expect(
        page.get_by_text(
            re.compile(
                "^(Registers not asked now|Records of sources were looked at|Of the car there are no records)"
            )
        )
    ).to_be_visible()
    drawing = page.get_by_role("group", name="Drawing; the same stands below in words")
    expect(drawing.get_by_role("link", name=number)).to_be_visible()
    said = page.get_by_role("region", name="In words").locator("li", has_text=f"case {number}").first
    expect(said).to_contain_text("the client said: plate А 006 АА 77")
    expect(said).to_contain_text("has the photo")
    page.keyboard.press("u")
    page.wait_for_url(f"**/cases/{case_id}")
    seen(page)
