"""A client finds a check among their own by whatever they remember of it; the list is there without that."""

import re
from collections.abc import Callable

from playwright.sync_api import Route, expect

from cabinet_service.settings import COOKIE
from deploy.demo.people import Client, wait_for
from tests.browser.phone import Phone
from tests.browser.searching import FED_WITHIN, number
from tests.factories.photos import jpeg
from tests.flows.conftest import People


def sent(client: Client, **claim: object) -> str:
    inspection_id: str = client.start(dict(claim), worry="Новые заклёпки на табличке")["id"]
    client.upload(inspection_id, "vin_stamped", jpeg())
    client.submit(inspection_id)
    return inspection_id


def signed_in(phone: Phone, client: Client) -> Phone:
    token = client.headers["Authorization"].removeprefix("Bearer ")
    phone.context.add_cookies([{"name": COOKIE, "value": token, "url": phone.url}])
    return phone


def test_a_check_is_found_as_one_types_and_the_list_comes_back(
    new_phone: Callable[..., Phone], people: People
) -> None:
    client, vin = people.client(), number()
    wanted = sent(client, identifier=vin, make="Skoda")
    other = sent(client, identifier=number(), make="Lada")

    def is_fed() -> bool | None:
        found = client.get("/inspections/search?q=")["items"]
        return {one["inspection"]["id"] for one in found} == {wanted, other} or None

    wait_for(is_fed, "both to be found", FED_WITHIN)
    phone = signed_in(new_phone(), client)
    page = phone.page
    phone.open("/inspections")
    card, beside = (page.locator(f"a[href='/inspections/{one}']") for one in (wanted, other))
    expect(beside).to_be_visible()
    box = page.get_by_role("searchbox")
    for typed in (vin[-6:], "шкода", "заклёпкой шкода", f"{vin[:7]}*{vin[-3:]}"):
        box.fill(typed)
        expect(beside).to_have_count(0)
        expect(card).to_be_visible()
        expect(page.get_by_role("status").filter(has_text="1 check was found")).to_be_visible()
        box.fill("")
        expect(beside).to_be_visible()
    box.fill("заклёпкой")
    expect(page.locator("mark", has_text="заклёпки")).to_have_count(2)
    box.fill(f"{vin[:10]}{(int(vin[10]) + 1) % 10}{vin[11:]}")
    expect(page.get_by_text("one character of the number differs")).to_be_visible()
    box.fill("ZZZZZ00000ZZZZZ")
    expect(page.get_by_role("status").filter(has_text="Nothing was found.")).to_be_visible()


def test_the_list_is_there_though_search_is_not(new_phone: Callable[..., Phone], people: People) -> None:
    client = people.client()
    inspection_id = sent(client, identifier=number())
    phone = signed_in(new_phone(), client)
    page = phone.page

    def gone(route: Route) -> None:
        route.abort()

    page.route(re.compile("/assets/InspectionSearch-"), gone)
    phone.open("/inspections")
    expect(page.locator(f"a[href='/inspections/{inspection_id}']")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_count(0)
