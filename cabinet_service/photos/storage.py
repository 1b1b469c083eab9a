"""Where the bytes of photos are kept."""

import contextlib
import secrets
from collections.abc import Generator
from typing import Final

from cabinet_service.photos.errors import StorageFull
from service_kit.new_files import NO_ROOM

ORIGINALS: Final = "originals"
COPIES: Final = "copies"
PREVIEWS: Final = "previews"


def new_key(folder: str) -> str:
    """A random key in one of 256 subfolders, so that no folder gets slow."""
    name = secrets.token_hex(16)
    return f"{folder}/{name[:2]}/{name[2:]}"


def preview_key(key: str) -> str:
    """Where the preview of this original or copy is."""
    return f"{PREVIEWS}/{key.partition('/')[2]}"


def sent_keys(key: str) -> tuple[str, ...]:
    """What a file is, or what it may be the preview of; nothing where it is no photo's."""
    folder, _, name = key.partition("/")
    if folder == PREVIEWS:
        return f"{ORIGINALS}/{name}", f"{COPIES}/{name}"
    return (key,) if folder in {ORIGINALS, COPIES} else ()


@contextlib.contextmanager
def room_needed() -> Generator[None]:
    """Around everything that writes a client's photo: raises StorageFull where the disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise StorageFull(headers={"Retry-After": "60"}) from error
        raise
