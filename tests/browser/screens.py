"""Pictures of every screen, in docs/screens: `make screens`. Not collected with the tests, but made as one."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from PIL import Image

from deploy.demo.people import wait_for
from tests.browser.desk_gallery import NewDesk, desk_screens
from tests.browser.gallery import screens
from tests.browser.phone import Look, Phone
from tests.flows.conftest import People

FOLDER: Final = Path(__file__).parents[2] / "docs" / "screens"
# What is not seen may never be asked for.
_ARE_THERE: Final = "[...document.images].every((image) => image.complete || !image.getClientRects().length)"
DESK_LOOKS: Final = (
    Look(1440, 900, "light", "ru"),
    Look(1280, 720, "dark", "en"),
    Look(390, 844, "light", "ru"),
)
# There are many of a phone: enough to read them by.
WIDTH: Final = 540
LOOKS: Final = (Look(language="ru"), Look(language="en"), Look(language="ru", scheme="dark"))


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_screens(new_phone: Callable[..., Phone], people: People, tmp_path: Path, look: Look) -> None:
    phone = new_phone(look)
    for name in screens(phone, people, tmp_path):
        taken = tmp_path / f"{name}.png"
        # As a phone that is long enough would show it: what sticks to the bottom is at the bottom.
        whole: int = phone.page.evaluate("document.documentElement.scrollHeight")
        phone.page.set_viewport_size({"width": look.width, "height": whole})
        wait_for(lambda: phone.page.evaluate(_ARE_THERE) or None, f"the pictures of {name}")
        phone.page.screenshot(path=taken)
        phone.page.set_viewport_size({"width": look.width, "height": look.height})
        keep(taken, FOLDER / f"{look.language}-{look.scheme}" / f"{name}.webp", WIDTH)


@pytest.mark.parametrize("look", DESK_LOOKS, ids=str)
def test_screens_of_the_desk(new_desk: NewDesk, people: People, tmp_path: Path, look: Look) -> None:
    for name, page in desk_screens(new_desk, people, look):
        wait_for(lambda page=page: page.evaluate(_ARE_THERE) or None, f"the pictures of {name}")
        taken = tmp_path / f"{name}.png"
        page.screenshot(path=taken)
        keep(taken, FOLDER / f"desk-{look.language}-{look.scheme}-{look.width}" / f"{name}.webp")


def keep(taken: Path, kept: Path, width: int | None = None) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.open(taken)
    if width:
        picture = picture.resize((width, round(picture.height * width / picture.width)))
    picture.save(kept, quality=75, method=6)
