"""The number that is typed: what a slip may mean is offered, and what stands on the metal can be sent."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import audit, steps
from tests.browser.phone import Phone, file_of
from tests.browser.words import AS_SEEN, NEXT
from tests.factories.photos import jpeg


def test_a_number_that_breaks_the_rules_is_sent_as_it_stands_on_the_car(
    any_phone: Phone, tmp_path: Path
) -> None:
    phone, page = any_phone, any_phone.page
    steps.begin(phone)
    steps.take(phone, "vin_stamped", file_of(tmp_path, jpeg()))
    field = steps.number_page(phone)
    field.fill("SAL1A2A4OSA60666")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    field.press("Enter")
    expect(page.locator("#identifier")).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    page.get_by_label(AS_SEEN[phone.look.language]).check()
    expect(page.locator("#identifier")).not_to_have_attribute("aria-invalid", "true")
    assert audit.small_targets(page) == []
    assert audit.overflow(page, phone.look.width) == []
    # The word was for that number: another one needs another.
    field.fill("SAL1A2A4OSA6066")
    expect(page.locator("#identifier")).to_have_attribute("aria-invalid", "true")
    field.fill("SAL1A2A4OSA60666")
    page.get_by_label(AS_SEEN[phone.look.language]).check()
    page.get_by_role("button", name=NEXT[phone.look.language], exact=True).tap()
    page.wait_for_url(steps.REVIEW)
    steps.send(phone)
    page.wait_for_url("**/sign-in?send=*")


@pytest.mark.parametrize(
    ("typed", "offered", "value"),
    [
        ("LB3FX1S115RB136181", "LB3 FX1S15 RB136181", "LB3FX1S15RB136181"),
        ("XTA217030B0288765, Lada Priora", "XTA 217030 B0288765", "XTA217030B0288765"),
        ("NZE1243008110", "NZE124-3008110", "NZE124-3008110"),
    ],
)
def test_what_a_slip_may_mean_is_one_tap_away(phone: Phone, typed: str, offered: str, value: str) -> None:
    page = phone.page
    steps.begin(phone)
    steps.number_page(phone).fill(typed)
    offer = page.get_by_role("button", name=f"Use {offered}")
    expect(offer).to_be_visible()
    assert page.locator("#identifier").input_value() != value
    offer.tap()
    expect(page.locator("#identifier")).to_have_value(value)
    expect(offer).to_have_count(0)
