"""What would become of each row of a list. Pure: what is known of the cars is given."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cabinet_service.bulk.rows import Remark, RowRead, read_row
from cabinet_service.bulk.schemas import BulkRowIn
from cabinet_service.bulk.states import BulkRowState
from shared_schemas.identifiers import Severity


@dataclass(frozen=True, slots=True)
class Judged:
    """A row that was read, and whether it is refused for itself or for a row of the same car before it."""

    given: BulkRowIn
    read: RowRead
    place: int

    @property
    def ok(self) -> bool:
        return self.read.ok

    def would(self, standing: Collection[str]) -> BulkRowState:
        """What becomes of it; `standing` are the keys of cars whose inspection stands for another order."""
        if not self.ok:
            return BulkRowState.REFUSED
        return (
            BulkRowState.EXISTING if not self.given.again and self.read.key in standing else BulkRowState.MADE
        )


def judge(rows: Sequence[BulkRowIn], *, this_year: int) -> list[Judged]:
    """Each row as it is read. Of one car the first row counts, and the others are refused for it."""
    first: dict[str, Judged] = {}
    judged: list[Judged] = []
    for place, given in enumerate(rows, 1):
        one = Judged(given, read(given, this_year=this_year), place)
        key = one.read.key
        if key is not None and (earlier := first.setdefault(key, one)) is not one:
            params = {"row": earlier.given.row or earlier.place}
            duplicate = Remark("row_duplicate", "", Severity.ERROR, params)
            one = Judged(given, one.read.with_remark(duplicate), place)
        judged.append(one)
    return judged


def read(given: BulkRowIn, *, this_year: int) -> RowRead:
    return read_row(given.cells, kind=given.identifier_kind, as_seen=given.as_seen, this_year=this_year)
