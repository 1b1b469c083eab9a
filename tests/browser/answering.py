"""Inspections of whoever is signed in on a phone, as far as a test wants them."""

from typing import Final

from deploy.demo.people import Json
from tests.browser.phone import Phone
from tests.factories.photos import jpeg
from tests.flows.conftest import VIN_CLAIM, People

FINDING: Final = "The last characters stand lower"


def answered(people: People, phone: Phone, author: str) -> str:
    """An inspection of whoever is signed in on the phone, with an answer that rests on a finding."""
    inspection = in_queue(phone, people)
    expert = people.expert(author)
    expert.claim(inspection)
    photo = expert.case(inspection)["evidence"][0]["evidence_id"]
    place: Json = {"evidence_id": photo, "region": {"x": 0.2, "y": 0.3, "width": 0.4, "height": 0.2}}
    found = expert.find(inspection, FINDING, severity="anomaly", places=[place])
    expert.decide(inspection, "doubts", "Do not pay yet", finding_ids=[found["finding_id"]])
    people.as_on(phone.token()).wait_until(inspection, "answered")
    return inspection


def in_queue(phone: Phone, people: People) -> str:
    client = people.as_on(phone.token())
    inspection: str = client.start(VIN_CLAIM)["id"]
    client.upload(inspection, "vin_stamped", jpeg(641, 480))
    client.submit(inspection)
    people.expert("anna").wait_until(inspection, "queued")
    client.wait_until(inspection, "queued")
    return inspection
