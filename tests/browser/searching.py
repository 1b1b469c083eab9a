"""Cases to be found at the desk, and whether they can be yet."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page

from deploy.demo.people import wait_for
from tests.browser.desk_gallery import sent_by
from tests.flows.conftest import People

FED_WITHIN: Final = 60
"""Seconds until a change is found; a second or two on a machine that does nothing else."""
SEARCH: Final = "**/api/v1/search/cases?*"


def number() -> str:
    """A VIN that no other test looks for."""
    return f"XTA21099{int(uuid4().hex[:10], 16) % 10**9:09}"


def word() -> str:
    """A make that no other test looks for."""
    return "Make" + uuid4().hex[:8].translate(str.maketrans("0123456789", "ghijklmnop"))


def is_fed(people: People, asked: str, *case_ids: str) -> None:
    """Wait until a search finds these cases."""
    anna = people.expert("anna")

    def all_of_them() -> bool | None:
        found = anna.get(f"/search/cases?{urlencode({'q': asked})}")["items"]
        return {*case_ids} <= {one["case"]["id"] for one in found} or None

    wait_for(all_of_them, f"{asked} to be found", FED_WITHIN)


def hit(page: Page, case_id: str) -> Locator:
    return page.locator(f"a.hit[href='/cases/{case_id}']")


@pytest.fixture
def queued(people: People) -> Iterator["Queued"]:
    made = Queued(people)
    yield made
    for case_id in made.held:
        with suppress(Exception):
            people.expert("anna").call("DELETE", f"/cases/{case_id}/lease")


@dataclass
class Queued:
    """Cases that a test sends."""

    people: People
    held: list[str] = field(default_factory=list[str])

    def case(self, **claim: object) -> str:
        case_id = sent_by(self.people.client(), **claim)
        self.people.expert("anna").wait_until(case_id, "queued")
        return case_id

    def with_finding(self, text: str, **claim: object) -> str:
        case_id = self.case(**claim)
        anna = self.people.expert("anna")
        anna.claim(case_id)
        self.held.append(case_id)
        [photo, *_] = anna.case(case_id)["evidence"]
        anna.find(case_id, text, severity="anomaly", places=[{"evidence_id": photo["evidence_id"]}])
        return case_id
