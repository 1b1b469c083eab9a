"""A company's webhooks in the app: an address, its secret, a test, the log, rotating and removing."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import expect
from standardwebhooks import Webhook

from deploy.demo.people import wait_for
from deploy.embedded.stack import Stack
from tests.browser import audit
from tests.browser.conftest import LOOKS
from tests.browser.phone import Look, Phone
from tests.flows.conftest import in_database

WORDS = {
    "ru": {
        "add": "Добавить адрес",
        "url": "Адрес вашего сервера",
        "test": "Отправить пробное",
        "refresh": "Обновить",
        "taken": "принято",
        "rotate": "Сменить секрет",
        "rotate it": "Сменить",
        "remove": "Удалить",
        "close": "Закрыть",
        "none": "Пока ни одного.",
    },
    "en": {
        "add": "Add the address",
        "url": "Address of your server",
        "test": "Send a test",
        "refresh": "Refresh",
        "taken": "taken",
        "rotate": "Rotate the secret",
        "rotate it": "Rotate",
        "remove": "Remove",
        "close": "Close",
        "none": "None yet.",
    },
}


@contextmanager
def server(requests: list[tuple[bytes, dict[str, str]]]) -> Generator[str]:
    """The address of a partner's server that keeps what it is told."""

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            requests.append((body, dict(self.headers.items())))
            self.send_response(HTTPStatus.OK)
            self.end_headers()
            self.wfile.write("принято, спасибо".encode())

        def log_message(self, format: str, *_: Any) -> None: ...  # noqa: A002 - as the base names it

    listening = HTTPServer(("127.0.0.1", 0), Taking)
    Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_port}/hooks"
    listening.shutdown()


def fits(phone: Phone) -> None:
    """The screen keeps the rules of every screen."""
    page = phone.page
    found = [*audit.barriers(page), *audit.small_targets(page), *audit.overflow(page, phone.look.width)]
    assert found == []


def found_company(stack: Stack, account_id: str) -> None:
    founded = """
        WITH company AS (INSERT INTO companies (id, name, created_at) VALUES ($1, 'Motors', now()) RETURNING id)
        INSERT INTO memberships (account_id, company_id, role, created_at)
        SELECT $2, id, 'partner_admin', now() FROM company
    """
    # Beside the loop of Playwright, which has this thread.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(in_database, stack, stack.cabinet, founded, uuid4(), UUID(account_id)).result()


@pytest.mark.parametrize("look", [*LOOKS, Look(1440, 900, "dark", "ru")], ids=str)
def test_an_address_from_the_first_to_the_last(
    new_phone: Callable[..., Phone], stack: Stack, look: Look
) -> None:
    phone = new_phone(look)
    phone.sign_in()
    found_company(stack, phone.call("GET", "/me")["account"]["id"])
    said, page = WORDS[look.language], phone.page
    requests: list[tuple[bytes, dict[str, str]]] = []
    with server(requests) as url:
        phone.open("/profile")
        page.locator("a[href='/developer']").click()
        page.locator("a[href='/developer/webhooks']").click()
        expect(page.get_by_text(said["none"])).to_be_visible()
        page.get_by_label(said["url"]).fill(url)
        page.get_by_role("button", name=said["add"]).click()
        secret = page.locator(".secret")
        expect(secret).to_contain_text("whsec_")
        shown = secret.inner_text()
        page.get_by_role("button", name=said["test"]).click()
        told = page.locator("li button", has_text="webhook.test").filter(has_text=said["taken"])

        def refreshed() -> bool | None:
            page.get_by_role("button", name=said["refresh"]).click()
            expect(page.locator("li button", has_text="webhook.test")).to_be_visible()
            return told.is_visible() or None

        wait_for(refreshed, "the test")
        fits(phone)
        told.click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("принято, спасибо")
        fits(phone)
        dialog.get_by_role("button", name=said["close"]).click()
        [(body, headers)] = requests
        Webhook(shown).verify(body, {name.lower(): value for name, value in headers.items()})
        page.get_by_role("button", name=said["rotate"]).click()
        dialog.get_by_role("button", name=said["rotate it"], exact=True).click()
        expect(secret).not_to_have_text(shown)
        page.get_by_role("button", name=said["remove"], exact=True).click()
        dialog.get_by_role("button", name=said["remove"], exact=True).click()
        expect(page.get_by_text(said["none"])).to_be_visible()
