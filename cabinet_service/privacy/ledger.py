"""The ledger of erasures: who was to be forgotten, and since when, in a file that no backup holds.

A backup from before an erasure brings the client back when it is restored. The ledger says whom to forget again:
by ids and instants, which tell nobody who that was.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ValidationError


class LedgerDamaged(Exception):
    """A line of the ledger is none; the message says which."""


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
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, line.encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def accounts_in(path: Path) -> Iterator[UUID]:
    """Each account of a ledger once, in the order in which they were noted. Raises OSError and LedgerDamaged."""
    seen: set[UUID] = set()
    with path.open(encoding="utf-8") as file:
        for number, text in enumerate(file, 1):
            if not text.endswith("\n"):  # a power cut came before its end, so nothing was erased by it
                return
            try:
                account_id = _Line.model_validate_json(text).account_id
            except ValidationError:
                raise LedgerDamaged(f"line {number} of {path} says no erasure") from None
            if account_id not in seen:
                seen.add(account_id)
                yield account_id
