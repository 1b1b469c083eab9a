"""A company of whoever is signed in on a phone, and what its manager brings along."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from deploy.demo.people import Json
from tests.browser import audit
from tests.browser.phone import Phone

# Genuine in form, of a maker that computes no check digit.
VINS: Final = [f"WVWZZZ1JZ3W{number:06}" for number in range(1, 1001)]


class Managed(NamedTuple):
    """A company and its branches, by their names."""

    id: str
    branches: dict[str, str]


def manage(phone: Phone, name: str = "Motors", branches: Iterable[str] = ("North", "South")) -> Managed:
    """Sign in on the phone, and make a company there."""
    phone.sign_in()
    phone.call("PATCH", "/me", {"display_name": "Maria"})
    version = phone.call("GET", "/company-terms")["version"]
    agreement: Json = {"version": version, "language": phone.look.language}
    wish: Json = {"name": name, "branches": [*branches], "agreement": agreement}
    made = phone.call("POST", "/companies", wish)
    return Managed(made["id"], {one["name"]: one["id"] for one in made["branches"]})


def sheet(vins: Iterable[str]) -> str:
    """Cells as they are copied out of a spreadsheet: lot, make, number, year."""
    lines = [f"{lot}\tVW\t{vin}\t20{lot % 20:02}" for lot, vin in enumerate(vins, 1)]
    return "\n".join(["Lot\tMake\tVIN\tYear", *lines])


def fits(phone: Phone) -> None:
    """The screen keeps the rules of every screen."""
    page = phone.page
    found = [*audit.barriers(page), *audit.small_targets(page), *audit.overflow(page, phone.look.width)]
    assert found == []
