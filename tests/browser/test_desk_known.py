"""What is known of a car before anything is looked at."""

import os
import re
from io import BytesIO

from PIL import Image
from playwright.sync_api import ElementHandle, Locator, expect

from tests.browser.desk_gallery import NewDesk, case_opened
from tests.browser.desk_steps import sent
from tests.factories.photos import encoded, jpeg
from tests.flows.conftest import People


def test_other_cases_and_who_was_not_asked_stand_above_the_photo(new_desk: NewDesk, people: People) -> None:
    client, anna = people.client(), people.expert("anna")
    photo = jpeg(700, 500)
    earlier, case_id = (sent(client, people, "A001AA77", photo) for _ in range(2))
    number = anna.case(earlier)["number"]
    desk = new_desk("anna")
    desk.page.route("**/vehicle", lambda route: route.abort())  # others have brought records of such a car
    page = case_opened(desk, case_id)
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


def test_a_photo_that_looks_alike_is_shown_beside_ours_and_nobody_is_accused(
    new_desk: NewDesk, people: People
) -> None:
    client, anna = people.client(), people.expert("anna")
    photo = scene()
    earlier = sent(client, people, "A003AA77", photo)
    page = case_opened(new_desk("anna"), sent(client, people, "A004AA77", recoded(photo)))
    number = anna.case(earlier)["number"]
    line = page.get_by_role("region", name="About this car")
    # The previews come first, then both are hashed; the line says so by itself.
    expect(line).to_contain_text("A photo similar to photo", timeout=60_000)

    page.keyboard.press("g")
    other = page.get_by_role("region", name="Other cases").locator("li").filter(has_text=number)
    other.locator("p", has_text="similar to photo 2").get_by_role("button", name="Side by side").click()
    beside = page.get_by_role("dialog", name="Similar photos")
    for name in ("Photo 2 of this case", f"Photo of case {number}"):
        page.wait_for_function(
            "image => image.naturalWidth > 0", arg=shown(beside.get_by_role("img", name=name))
        )
    expect(beside).to_contain_text("your eyes decide")
    page.keyboard.press("Escape")
    expect(beside).to_be_hidden()


def shown(picture: Locator) -> ElementHandle:
    expect(picture).to_be_visible()
    found = picture.element_handle()
    assert found is not None
    return found


def scene() -> bytes:
    """A picture like no other."""
    blocks = Image.frombytes("L", (12, 9), os.urandom(108))
    return encoded(blocks.resize((1280, 960), Image.Resampling.BICUBIC).convert("RGB"), "JPEG", quality=90)


def recoded(photo: bytes) -> bytes:
    """The same picture in another file, as a messenger would send it."""
    image = Image.open(BytesIO(photo)).convert("RGB")
    image.thumbnail((1000, 1000))
    return encoded(image, "JPEG", quality=60)
