"""The mappings that come with the product: one TOML file a source in `by_source/`."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from bpa_service.vehicles.mappings.spec import Mapping

_FOLDER: Final = Path(__file__).parent / "by_source"


def names() -> tuple[str, ...]:
    """The sources that there is a mapping for."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@cache
def mapping(name: str) -> Mapping:
    """The mapping of a source. Raises KeyError for one without."""
    if name not in names():
        raise KeyError(name)
    return parsed((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def title(name: str) -> str:
    """What people call a source; its name where its mapping was taken out since."""
    return mapping(name).title if name in names() else name


def parsed(text: str) -> Mapping:
    """A mapping from its TOML. Raises ValueError, which says what is wrong with it."""
    return Mapping.model_validate(tomllib.loads(text))
