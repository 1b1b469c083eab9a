"""What partners' developers read: for everybody, on every width, in both themes, and without a script."""

from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from deploy.embedded.stack import Stack
from tests.browser import audit

# Axe would look for minutes at thousands of cells that are made alike: so many of each are left under a heading.
_FIRST_OF_EACH: Final = """(most) => {
  let seen = 0;
  for (const one of [...document.querySelector("main").children]) {
    if (one.matches("h1, h2")) seen = 0;
    if (one.matches("h3")) seen += 1;
    if (seen > most) one.remove();
  }
  for (const body of document.querySelectorAll("tbody"))
    for (const row of [...body.rows].slice(most)) row.remove();
}"""


@pytest.mark.parametrize("name", ["ru", "en", "reference"])
@pytest.mark.parametrize(("width", "theme"), [(320, "dark"), (1440, "light")])
def test_a_page_is_for_everybody(browser: Browser, stack: Stack, name: str, width: int, theme: str) -> None:
    is_dark = theme == "dark"
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme="dark" if is_dark else "light"
    )
    page = context.new_page()
    try:
        page.goto(f"{stack.cabinet.public_url}/developers/{name}")
        assert audit.overflow(page, width) == []
        if name == "reference":
            page.evaluate(_FIRST_OF_EACH, 3)
            assert page.locator("main table").count() > 10
            assert page.locator("main pre").count() > 4
        assert audit.barriers(page) == []
    finally:
        context.close()


def test_it_works_without_scripts(browser: Browser, stack: Stack) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    try:
        page.goto(f"{stack.cabinet.public_url}/developers")
        page.get_by_role("link", name="The first inspection in five requests").click()
        expect(
            page.get_by_text("The first inspection in five requests: sh first_inspection.sh")
        ).to_be_in_viewport()
        page.get_by_role("link", name="Reference").first.click()
        expect(page.get_by_role("heading", name="POST /api/v1/bulk-jobs", exact=True)).to_be_attached()
        page.get_by_role("link", name="Разработчикам").click()
        expect(page.get_by_role("heading", name="Программам партнёров")).to_be_visible()
    finally:
        context.close()
