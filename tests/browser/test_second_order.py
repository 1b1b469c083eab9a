"""The second order: of a car that was checked before, in five taps, with nothing typed."""

from typing import Final

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.managing import manage
from tests.browser.phone import Phone
from tests.browser.words import TAKE
from tests.factories.photos import jpeg
from tests.flows.conftest import People

MOST_TAPS: Final = 5
# Whatever a finger does, and nothing that a script does.
COUNT_TAPS: Final = """() => {
  sessionStorage.setItem("taps", "0");
  const count = () => sessionStorage.setItem("taps", String(Number(sessionStorage.getItem("taps")) + 1));
  addEventListener("pointerup", count, true);
}"""


def test_the_same_car_again_takes_five_taps(phone: Phone, people: People) -> None:
    page = phone.page
    company = manage(phone)
    claim = {"identifier": steps.VIN, "make": "Land Rover"}
    branch = company.branches["North"]
    wish = {"company_id": company.id, "branch_id": branch, "claim": claim, "worry": "The rivets look new"}
    earlier = phone.call("POST", "/inspections", wish)["id"]
    client = people.as_on(phone.token())
    client.upload(earlier, "vin_stamped", jpeg(641, 480))
    client.submit(earlier)
    phone.call("POST", f"/inspections/{earlier}/cancellation", {})
    phone.open()
    page.evaluate(COUNT_TAPS)
    page.locator(f"a.card[href='/inspections/{earlier}']").tap()
    page.get_by_role("button", name="Check this car again").tap()
    page.get_by_role("button", name=TAKE["en"], exact=True).tap()
    page.get_by_role("button", name="Done", exact=True).tap()
    page.wait_for_url(steps.REVIEW)
    expect(page.get_by_label("In whose name").locator("option:checked")).to_have_text("Motors · North")
    page.locator("button.primary[aria-describedby=due]").tap()
    second = steps.sent(phone)
    assert 3 < int(page.evaluate("sessionStorage.getItem('taps')")) <= MOST_TAPS

    now = phone.call("GET", f"/inspections/{second}")
    assert second != earlier
    assert (now["claim"]["identifier"], now["claim"]["make"]) == (steps.VIN, "Land Rover")
    assert (now["company_id"], now["branch_id"], now["worry"]) == (company.id, branch, "The rivets look new")


def test_another_car_like_it_takes_no_number_along(phone: Phone) -> None:
    page = phone.page
    company = manage(phone)
    wish = {"company_id": company.id, "claim": {"identifier": steps.VIN, "make": "Land Rover"}}
    earlier = phone.call("POST", "/inspections", wish)["id"]
    phone.call("POST", f"/inspections/{earlier}/cancellation", {})
    phone.open(f"/inspections/{earlier}")
    page.get_by_role("button", name="Check another car like it").tap()
    page.wait_for_url("**/camera/vin_stamped")
    steps.written(phone, '"make":"Land Rover"')
    steps.review(phone)
    expect(page.get_by_text(steps.VIN)).to_have_count(0)
    expect(page.get_by_label("In whose name").locator("option:checked")).to_have_text("Motors")
