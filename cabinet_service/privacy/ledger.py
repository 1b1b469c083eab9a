"""The ledger of erasures: who was to be forgotten, and since when, in a file that no backup holds.

A backup from before an erasure brings the client back when it is restored. The ledger says whom to forget again:
by ids and instants, which tell nobody who that was.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ValidationError


class _Line(BaseModel):
    account_id: UUID
    requested_at: AwareDatetime


@dataclass(frozen=True, slots=True)
class Ledger:
    """A file to which lines are added, or none. Several workers may add to one."""

    path: Path | None

    def note(self, account_id: UUID, requested_at: datetime) -> None:
        """Add a line; it is on the disk when this returns. Noted twice, one is erased no more than once."""
        if self.path is None:
            return
        line = _Line(account_id=account_id, requested_at=requested_at).model_dump_json() + "\n"
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            # A line that was cut off by a full disk or a power cut must not take this one along.
            rest = memoryview((line if _ends_whole(descriptor) else f"\n{line}").encode())
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@dataclass(frozen=True, slots=True)
class Noted:
    """What a ledger says: each account once, in the order in which they were noted, and the numbers of the lines
    that say no erasure."""

    account_ids: Sequence[UUID]
    damaged: Sequence[int]


def read(path: Path) -> Noted:
    """Raises OSError."""
    account_ids: dict[UUID, None] = {}
    damaged: list[int] = []
    for number, text in enumerate(path.read_bytes().split(b"\n"), 1):
        if not text:
            continue
        try:
            account_ids[_Line.model_validate_json(text).account_id] = None
        except ValidationError:
            damaged.append(number)
    return Noted(tuple(account_ids), damaged)


def _ends_whole(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"
