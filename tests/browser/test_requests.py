"""The requests of a company's programs in the app: none yet, found by answer and by id, refused, and offline."""

from collections.abc import Callable
from http import HTTPStatus

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from deploy.demo.people import wait_for
from tests.browser.conftest import LOOKS
from tests.browser.managing import fits, manage
from tests.browser.phone import Look, Phone

WORDS = {
    "ru": {
        "none": "Программы ещё ничего не запрашивали.",
        "refresh": "Обновить",
        "answer": "Ответ",
        "id": "Номер запроса",
        "find": "Найти",
        "nothing so": "Таких запросов нет.",
        "all": "Показать все",
        "older": "Раньше",
        "again": "Попробовать ещё раз",
    },
    "en": {
        "none": "Programs have asked nothing yet.",
        "refresh": "Refresh",
        "answer": "Answer",
        "id": "Id of the request",
        "find": "Find",
        "nothing so": "There are no such requests.",
        "all": "Show all",
        "older": "Older",
        "again": "Try again",
    },
}


def rows(page: Page) -> Locator:
    return page.locator("section li:has(.badge)")


@pytest.mark.parametrize("look", [*LOOKS, Look(1440, 900, "dark", "en")], ids=str)
def test_what_a_program_asked_is_found(new_phone: Callable[..., Phone], look: Look) -> None:
    phone = new_phone(look)
    firm = manage(phone)
    said, page = WORDS[look.language], phone.page
    name = "Программа учёта с названием, которое длиннее строки" if look.language == "ru" else "C" * 80
    wanted = {"name": name, "scopes": ["inspections:read"]}
    made = phone.call("POST", f"/companies/{firm.id}/api-keys", wanted)
    program = httpx.Client(
        base_url=f"{phone.url}/api/v1", headers={"Authorization": f"Bearer {made['key']}"}, timeout=30
    )
    phone.open("/developer")
    page.locator("a[href='/developer/requests']").click()
    expect(page.get_by_text(said["none"])).to_be_visible()
    fits(phone)

    with program:
        for _ in range(54):
            assert program.get("/inspections").status_code == HTTPStatus.OK
        refused = program.get(f"/companies/{firm.id}/usage")
    assert refused.status_code == HTTPStatus.FORBIDDEN

    def refreshed() -> bool | None:
        page.get_by_role("button", name=said["refresh"]).click()
        expect(page.locator(".loading")).to_have_count(0)
        return page.get_by_text("scope_missing").is_visible() or None

    wait_for(refreshed, "the last request", 30)
    expect(rows(page)).to_have_count(50)
    page.get_by_role("button", name=said["older"]).click()
    expect(rows(page)).to_have_count(55)
    fits(phone)

    page.get_by_label(said["answer"]).select_option("4xx")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("/api/v1/companies/{company_id}/usage")
    expect(rows(page)).to_contain_text(made["api_key"]["client_id"])
    expect(rows(page)).to_contain_text(name)
    page.get_by_label(said["answer"]).select_option("5xx")
    expect(page.get_by_text(said["nothing so"])).to_be_visible()
    page.get_by_role("button", name=said["all"]).click()
    expect(rows(page)).to_have_count(50)
    page.get_by_label(said["id"]).fill(f"  {refused.headers['x-correlation-id']} ")
    page.get_by_role("button", name=said["find"]).click()
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("scope_missing")

    def cut_off(route: Route) -> None:
        route.abort()

    page.route("**/api-requests*", cut_off)
    page.get_by_role("button", name=said["refresh"]).click()
    expect(page.get_by_role("alert").filter(has_text=" ")).to_be_visible()
    fits(phone)
    page.unroute("**/api-requests*", cut_off)
    page.locator("section").get_by_role("button", name=said["again"]).click()
    expect(rows(page)).to_have_count(1)
