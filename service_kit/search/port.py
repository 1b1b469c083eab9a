"""The port to what documents are found in, and how it can fail."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from service_kit.search.documents import Change
from service_kit.search.questions import Answer, Place, Question


class IndexAway(Exception):
    """The engine does not answer now, took too long, or has too much to do: the same may be asked again later."""


class IndexWrong(Exception):
    """The index is not as this version of the product wants it: it must be built anew. `why` is for operators."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Outcome(StrEnum):
    """What became of one change. OLDER: the index had this version or a newer one, and keeps it. REFUSED: the
    engine will never take it as it is.
    """

    TAKEN = "taken"
    OLDER = "older"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Written:
    """The outcome of one change; `why` only if it was refused."""

    id: UUID
    outcome: Outcome
    why: str = ""


class SearchIndex(Protocol):
    """Documents of one kind (a service has one). An index has *copies*, named by whole numbers that grow: one is
    looked into, another may be being built beside it.

    Each raises `IndexAway`; what reads or writes a copy that is not there, or is not made as it should be, raises
    `IndexWrong`.
    """

    async def check(self) -> None:
        """Raise IndexWrong unless the copy that is looked into is there, and made as this version wants it."""
        ...

    async def copies(self) -> Sequence[int]:
        """The copies that are there, whatever they hold."""
        ...

    async def live(self) -> int | None:
        """The copy that is looked into, if there is one."""
        ...

    async def create(self, copy: int) -> None:
        """Make an empty copy. One that is there already is left as it is."""
        ...

    async def publish(self, copy: int) -> None:
        """Have everybody look into this copy from now on: at one instant, and what was written to it is found."""
        ...

    async def drop(self, copy: int) -> bool:
        """Remove a copy and all that is in it, or a part of that; returns whether there is more.

        With the first part it is a copy that can be neither written nor read, and it is one of `copies` until the
        last is gone. One that is not there is no error.
        """
        ...

    async def write(self, copy: int, changes: Sequence[Change]) -> list[Written]:
        """Write changes, at most one of a document, each by itself: one that is refused keeps no other from being
        taken. An answer that was lost may have been carried out; to write the same again changes nothing.
        """
        ...

    async def refresh(self, copy: int) -> None:
        """Have what was written so far be found from now on."""
        ...

    async def versions(self, copy: int, *, after: UUID | None, limit: int) -> list[tuple[UUID, int]]:
        """The ids and versions of the documents in a copy, in the order of their ids. Refreshed first."""
        ...

    async def search(self, question: Question, *, after: Place | None, limit: int) -> Answer:
        """What answers the question, in the order of `Place`."""
        ...

    async def close(self) -> None: ...
