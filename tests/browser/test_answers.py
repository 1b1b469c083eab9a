"""What an answer says of itself: that it took the place of another, and what that was."""

import re

from playwright.sync_api import expect

from deploy.demo.people import Json
from tests.browser.answering import in_queue
from tests.browser.phone import Phone
from tests.flows.conftest import People


def test_an_answer_that_changed_says_when_and_what_it_was(phone: Phone, people: People) -> None:
    phone.sign_in()
    inspection = in_queue(phone, people)
    expert, senior = people.expert("anna"), people.expert("vera")
    client = people.as_on(phone.token())
    expert.claim(inspection)
    expert.decide(inspection, "insufficient_data", "Nothing can be read", not_covered=["The number"])
    client.wait_until(inspection, "answered")
    phone.open(f"/inspections/{inspection}")
    expect(phone.page.get_by_role("heading", level=1, name="Not enough to tell")).to_be_visible()
    new_photos = phone.page.get_by_role("link", name="Object with new photos")
    expect(new_photos).to_have_attribute("href", f"/inspections/{inspection}/dispute")
    expect(phone.page.get_by_text("Attach new photos to an objection")).to_be_visible()
    expect(phone.page.get_by_text("The answer changed")).to_have_count(0)

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
    client.wait_until(inspection, "answered")
    changed = re.compile(r"The answer changed at \d\d:\d\d\. It was: Not enough to tell")
    expect(phone.page.get_by_text(changed)).to_be_visible()
    expect(
        phone.page.get_by_role("heading", level=1, name="No signs of altered markings are seen on the photos")
    ).to_be_visible()


def test_a_finding_says_what_it_means_in_the_words_of_the_expert(phone: Phone, people: People) -> None:
    phone.sign_in()
    inspection = in_queue(phone, people)
    expert, page = people.expert("anna"), phone.page
    expert.claim(inspection)
    photo = expert.case(inspection)["evidence"][0]["evidence_id"]
    place: Json = {"evidence_id": photo, "region": {"x": 0.2, "y": 0.3, "width": 0.4, "height": 0.2}}
    own = {"meaning": "The plate was off the car", "to_do": "Ask for the bill of the repair"}
    found = [
        expert.find(inspection, "The rivets are new", severity="anomaly", places=[place], **own),
        expert.find(inspection, "The paint is thick", severity="anomaly", places=[place]),
    ]
    ids = [one["finding_id"] for one in found]
    expert.decide(inspection, "doubts", "Somebody worked here", finding_ids=ids)
    people.as_on(phone.token()).wait_until(inspection, "answered")

    phone.open(f"/inspections/{inspection}/findings/1")
    means = page.get_by_role("region", name="What it means")
    expect(means).to_contain_text(own["meaning"])
    expect(means).to_contain_text(f"What to do: {own['to_do']}")
    expect(means).not_to_contain_text("It is not usually so")

    phone.open(f"/inspections/{inspection}/findings/2")
    expect(means).to_contain_text("It is not usually so")
    expect(means).not_to_contain_text("What to do")
