"""From Home to the answer, in both languages, with an expert on the other side and a network that is cut."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from deploy.demo.people import Json, wait_for
from tests.browser import steps
from tests.browser.phone import Phone, file_of
from tests.browser.words import ALTERED, ANSWER
from tests.factories.photos import jpeg, with_comments
from tests.flows.conftest import People

REGION: Json = {"x": 0.2, "y": 0.3, "width": 0.4, "height": 0.2}


def test_a_check_from_home_to_the_answer(any_phone: Phone, people: People, tmp_path: Path) -> None:
    phone, page = any_phone, any_phone.page
    steps.begin(phone)
    for number, shot in enumerate(("vin_stamped", "vin_plate", "front", "rear")):
        steps.take(phone, shot, file_of(tmp_path, jpeg(640 + number, 480)))
    steps.enter_vin(phone)
    steps.send(phone)
    steps.sign_in(phone, f"buyer-{phone.look}@example.com")
    inspection_id = steps.sent(phone)

    expert = people.expert("anna")
    expert.wait_until(inspection_id, "queued")
    expert.claim(inspection_id)
    evidence = expert.case(inspection_id)["evidence"]
    assert [photo["shot"] for photo in evidence] == ["vin_stamped", "vin_plate", "front", "rear"]
    place = {"evidence_id": evidence[0]["evidence_id"], "region": REGION}
    expert.ask(inspection_id, "The right pillar, closer", shot="vin_plate", place=place)
    page.get_by_role("link", name=ANSWER[phone.look.language]).tap()
    # The question is on the screen before this one as well.
    page.wait_for_url("**/questions/*")
    expect(page.get_by_role("heading", name="The right pillar, closer", level=1)).to_be_visible()
    page.locator("input[type=file]").first.set_input_files(file_of(tmp_path, jpeg(700, 500)))
    page.locator("button.primary").tap()
    expert.wait_until(inspection_id, "in_work")
    assert len(expert.case(inspection_id)["evidence"]) == 5

    finding = expert.find(inspection_id, "The last digits stand lower", severity="anomaly", places=[place])
    expert.decide(
        inspection_id,
        "forgery_signs",
        "Struck with another tool.",
        finding_ids=[finding["finding_id"]],
        not_covered=["The engine number"],
    )
    phone.open(f"/inspections/{inspection_id}")
    expect(page.get_by_role("heading", name=ALTERED[phone.look.language], level=1)).to_be_visible()
    for text in ("Struck with another tool.", "The last digits stand lower", "The engine number"):
        expect(page.get_by_text(text)).to_be_visible()


@pytest.mark.parametrize("seconds", [4, 60])
def test_a_photo_that_is_cut_off_arrives_byte_for_byte_and_once(
    phone: Phone, tmp_path: Path, seconds: int
) -> None:
    phone.sign_in()
    photo = with_comments(jpeg(), 3_000_000)
    steps.begin(phone)
    phone.context.set_offline(True)
    steps.take(phone, "vin_stamped", file_of(tmp_path, photo))
    steps.enter_vin(phone)
    steps.send(phone)
    devtools: Any = phone.context.new_cdp_session(phone.page)
    devtools.send("Network.enable")

    def line(*, offline: bool) -> None:
        limits = {"latency": 20, "downloadThroughput": 400_000, "uploadThroughput": 400_000}
        devtools.send("Network.emulateNetworkConditions", {"offline": offline, **limits})

    phone.context.set_offline(False)
    line(offline=False)
    wait_for(lambda: 0 < steps.reached(phone) < len(photo) or None, "a part of the photo")
    line(offline=True)
    phone.page.wait_for_timeout(seconds * 1000)
    line(offline=False)
    inspection_id = steps.sent(phone)
    assert original_of(phone, inspection_id) == photo
    assert len(phone.call("GET", "/inspections")["items"]) == 1


def test_experts_have_a_copy_while_the_line_does_not_carry_the_original(
    phone: Phone, people: People, tmp_path: Path
) -> None:
    phone.sign_in()
    photo = with_comments(jpeg(), 3_000_000)
    phone.context.route("**/api/v1/uploads", lambda route: route.abort())
    steps.begin(phone)
    steps.take(phone, "vin_stamped", file_of(tmp_path, photo))
    steps.enter_vin(phone)
    steps.send(phone)
    inspection_id = steps.sent(phone)
    expect(phone.page.get_by_text("The originals are still on their way")).to_be_visible()

    expert = people.expert("anna")
    [copied] = expert.wait_until(inspection_id, "queued")["evidence"]
    assert (copied["original"], copied["sha256"]) == ("awaited", hashlib.sha256(photo).hexdigest())
    seen = expert.open_photo(inspection_id, copied["evidence_id"], "preview")
    assert len(seen.content) < len(photo) / 4

    phone.kill_the_tab()
    phone.context.unroute("**/api/v1/uploads")
    phone.open(f"/inspections/{inspection_id}")
    assert original_of(phone, inspection_id) == photo
    expect(phone.page.get_by_text("The originals are still on their way")).to_have_count(0)
    original = expert.open_photo(inspection_id, copied["evidence_id"], "original")
    assert original.content == photo


def original_of(phone: Phone, inspection_id: str) -> bytes:
    """The only photo of the inspection, once the server has it and has decoded it."""

    def held() -> Json | None:
        [photo] = phone.call("GET", f"/inspections/{inspection_id}")["evidence"]
        return photo if photo["original"] == "held" and photo["preview"] == "ready" else None

    evidence_id = wait_for(held, "the original")["id"]
    path = f"{phone.url}/api/v1/inspections/{inspection_id}/evidence/{evidence_id}/original"

    def given_out() -> bytes | None:
        answer = phone.context.request.get(path)
        return answer.body() if answer.ok else None

    return wait_for(given_out, "the original to be decoded")
