"""What has to hold of every screen, whatever is on it. Each function gives what is wrong, in words."""

import re
from functools import cache
from typing import Any, Final

from playwright.sync_api import Page

from deploy import web
from deploy.demo.people import Json
from tests.browser.phone import Language

SMALLEST_TARGET: Final = 44


@cache
def _axe() -> str:
    return (web.CLIENT / "node_modules" / "axe-core" / "axe.min.js").read_text()


def barriers(page: Page) -> list[str]:
    """What axe finds."""
    return _found_by_axe(page, {})


def pale_words(page: Page) -> list[str]:
    """What it finds of contrast alone: nothing else is different in another theme of the same screen."""
    return _found_by_axe(page, {"runOnly": ["color-contrast"]})


def _found_by_axe(page: Page, wanted: Json) -> list[str]:
    # It is put in by the debugger, which no content security policy keeps out; half a megabyte, once a page.
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    found: list[dict[str, Any]] = page.evaluate(
        "(wanted) => axe.run(document, {resultTypes: ['violations'], ...wanted})"
        ".then((result) => result.violations)",
        wanted,
    )
    return [f"{one['id']}: {one['help']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def small_targets(page: Page) -> list[str]:
    """What a thumb misses: links within a sentence may be as high as its line."""
    found: list[str] = page.evaluate(_SMALL_TARGETS, SMALLEST_TARGET)
    return found


_SMALL_TARGETS: Final = """(smallest) =>
  [...document.querySelectorAll("a, button, input, select, textarea, summary")]
  .map((one) => one.closest("label") ?? one)
  .filter((one) => one.checkVisibility() && !one.disabled)
  .filter((one) => !(getComputedStyle(one).display === "inline" && one.parentElement.innerText !== one.innerText))
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.width < smallest - 0.5 || box.height < smallest - 0.5)
  .map(([one, box]) => `${Math.round(box.width)}x${Math.round(box.height)}: ${one.outerHTML.slice(0, 200)}`)"""


def overflow(page: Page, width: int) -> list[str]:
    """What is cut off or has to be scrolled sideways to on a screen of `width`."""
    found: list[str] = page.evaluate(_OVERFLOW, width)
    return found


_OVERFLOW: Final = """(width) => document.documentElement.scrollWidth <= width ? [] :
  [`${document.documentElement.scrollWidth} wide`].concat([...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > width + 0.5)
    .map((one) => one.outerHTML.slice(0, 150)))"""


def foreign_words(page: Page, language: Language) -> list[str]:
    """Texts in the other language, but for what says itself that it is in that one."""
    texts: list[str] = page.evaluate(_TEXTS, language)
    strange = _CYRILLIC if language == "en" else _ENGLISH
    return [text for text in texts if strange.search(text)]


_CYRILLIC: Final = re.compile(r"[А-Яа-яЁё]")
# Three words on end: a make or a number is no sentence.
_ENGLISH: Final = re.compile(r"\b[A-Za-z']+ [a-z']+ [a-z']+\b")
_TEXTS: Final = """(language) => {
  const found = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    const tongue = parent.closest("[lang]")?.getAttribute("lang") ?? language;
    if (tongue === language && !parent.closest("script, style, noscript")) found.push(node.data.trim());
  }
  for (const one of document.querySelectorAll("[aria-label], [alt], [placeholder], [title]"))
    for (const name of ["aria-label", "alt", "placeholder", "title"]) found.push(one.getAttribute(name) ?? "");
  return found.filter(Boolean);
}"""
