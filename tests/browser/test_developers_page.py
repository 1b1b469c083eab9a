"""What partners' developers read: for everybody, on every width, in both themes, and without a script."""

import pytest
from playwright.sync_api import Browser, expect

from deploy.embedded.stack import Stack
from tests.browser import audit


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
        if name != "reference":  # axe looks at each of its thousands of cells for a minute
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
