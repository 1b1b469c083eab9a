"""An index in memory that fails when a test says so."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from service_kit.search.documents import Change, Removal
from service_kit.search.port import IndexAway, IndexWrong, Outcome, Written
from tests.support.search_in_memory import MemoryIndex


@dataclass
class KeptIndex(MemoryIndex):
    """`away`: it answers nobody. `refused`: documents that it never takes. `wrong`: it was made by other rules.
    `stubborn`: it takes nothing, no removal either. `unwilling`: it makes no copy, for a reason of its own.
    `dropped_at_once`: so many documents are.

    `before_write` is called with what is about to be written; `writes` counts the documents that came.
    """

    dropping: set[int] = field(default_factory=set[int])
    away: bool = False
    wrong: bool = False
    stubborn: bool = False
    unwilling: bool = False
    dropped_at_once: int = 1000
    refused: set[UUID] = field(default_factory=set[UUID])
    before_write: Callable[[Sequence[Change]], Awaitable[None]] | None = None
    writes: int = 0

    def reached(self) -> None:
        if self.away:
            raise IndexAway("as the test says")

    async def check(self) -> None:
        await super().check()
        if self.wrong:
            raise IndexWrong("it is made otherwise")

    async def create(self, copy: int) -> None:
        if self.unwilling:
            raise IndexWrong("no more copies than there are")
        if copy not in self.kept:
            self.dropping.discard(copy)
        await super().create(copy)

    async def publish(self, copy: int) -> None:
        await super().publish(copy)
        self.wrong = False

    async def drop(self, copy: int) -> bool:
        self.reached()
        self.dropping.add(copy)
        left = sorted(self.kept.get(copy, {}))
        if len(left) > self.dropped_at_once:
            for one in left[: self.dropped_at_once]:
                del self.kept[copy][one]
            return True
        return await super().drop(copy)

    async def write(self, copy: int, changes: Sequence[Change]) -> list[Written]:
        if self.before_write is not None:
            await self.before_write(changes)
        assert len({change.id for change in changes}) == len(changes)
        written = await super().write(copy, changes)
        self.writes += len(changes)
        return written

    def there(self, copy: int | None) -> dict[UUID, Change]:
        if copy in self.dropping:
            self.reached()
            raise IndexWrong(f"there is no copy {copy}")
        return super().there(copy)

    def put(self, held: dict[UUID, Change], change: Change) -> Written:
        if self.stubborn or (change.id in self.refused and not isinstance(change, Removal)):
            return Written(change.id, Outcome.REFUSED, "no: and this is what it was about")
        return super().put(held, change)
