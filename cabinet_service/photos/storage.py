"""Where the bytes of photos are kept."""

import contextlib
import errno
import secrets
from collections.abc import Generator
from typing import Final

from cabinet_service.photos.errors import StorageFull

ORIGINALS: Final = "originals"
PREVIEWS: Final = "previews"
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


def new_original_key() -> str:
    """A random key in one of 256 subfolders, so that no folder gets slow."""
    name = secrets.token_hex(16)
    return f"{ORIGINALS}/{name[:2]}/{name[2:]}"


def preview_key(original_key: str) -> str:
    """Where the preview of the photo with this original is."""
    return PREVIEWS + original_key.removeprefix(ORIGINALS)


def original_key(key: str) -> str | None:
    """The original that a file is, or is the preview of; None for a file that is no photo's."""
    folder, _, name = key.partition("/")
    return f"{ORIGINALS}/{name}" if folder in {ORIGINALS, PREVIEWS} else None


@contextlib.contextmanager
def room_needed() -> Generator[None]:
    """Around everything that writes a client's photo: raises StorageFull where the disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StorageFull(headers={"Retry-After": "60"}) from error
        raise
