"""Sources that deliver files: each has a folder under its name, into which its files are dropped."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from bpa_service.vehicles.mappings import catalogue

_DAY_IN_NAME: Final = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)"
)
# How a file is named while it is still being written.
_UNFINISHED: Final = (".part", ".tmp", ".crdownload", ".filepart")


@dataclass(frozen=True, slots=True, order=True)
class Drop:
    """A file that was dropped for a source. `as_of` is the day in its name, else when it was written."""

    as_of: datetime
    source: str
    path: Path


def drops(folder: Path) -> Iterator[Drop]:
    """The files in the folders of sources that there is a mapping for, each source's oldest first.

    What is hidden, still being written, or a link is passed over: a link could lead anywhere.
    """
    for source in catalogue.names():
        own = folder / source
        files = own.iterdir() if own.is_dir() and not own.is_symlink() else ()
        yield from sorted(
            Drop(as_of(path), source, path)
            for path in files
            if path.is_file() and not path.is_symlink() and not path.name.startswith(".")
            if not path.name.endswith(_UNFINISHED)
        )


def as_of(path: Path) -> datetime:
    """When what a file says stood so: the first day in its name, or when it was written last."""
    for year, month, day in _DAY_IN_NAME.findall(path.name):
        try:
            named = date(int(year), int(month), int(day))
        except ValueError:  # the 31st of February
            continue
        return datetime(named.year, named.month, named.day, tzinfo=UTC)
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(microsecond=0)
