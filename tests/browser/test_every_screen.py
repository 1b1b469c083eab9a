"""Every screen, in both languages and themes: no barrier, nothing too small, nothing cut off, one language."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from bpa_service.vehicles.mappings import catalogue
from tests.browser import audit
from tests.browser.gallery import screens
from tests.browser.phone import Language, Look, Phone, Scheme
from tests.flows.conftest import People

OTHER: Final[dict[Scheme, Scheme]] = {"light": "dark", "dark": "light"}
NAMES_OF_EXPERTS: Final = ("Анна Белова", "АБ", "Вера Орлова")
NAMES_OF_SOURCES: Final = tuple(map(catalogue.title, catalogue.names()))
NAMES: Final = NAMES_OF_EXPERTS + NAMES_OF_SOURCES


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_screen_is_for_everybody(
    new_phone: Callable[..., Phone], people: People, tmp_path: Path, language: Language
) -> None:
    phone = new_phone(Look(language=language))
    wrong = [
        f"{screen}: {what}" for screen in screens(phone, people, tmp_path) for what in faults(phone, language)
    ]
    assert not wrong, "\n".join(wrong)


def faults(phone: Phone, language: Language) -> list[str]:
    page = phone.page
    texts = audit.foreign_words(page, language)
    found = [f"foreign: {text}" for text in texts if not any(name in text for name in NAMES)]
    found += [f"small: {what}" for what in audit.small_targets(page)]
    found += audit.barriers(page)
    page.emulate_media(color_scheme=OTHER[phone.look.scheme])
    found += [f"{OTHER[phone.look.scheme]}: {what}" for what in audit.pale_words(page)]
    for width, height in ((360, 740), (320, 568)):
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{width}: {what}" for what in audit.overflow(page, width)]
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found += [f"text at 200 %: {what}" for what in audit.overflow(page, 320)]
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size({"width": phone.look.width, "height": phone.look.height})
    page.emulate_media(color_scheme=phone.look.scheme)
    return found
