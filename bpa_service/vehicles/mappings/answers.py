"""One answer of a source about one vehicle: its records, and how each block of it stands."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import compress
from typing import Any

from bpa_service.vehicles.mappings.converters.base import text_of
from bpa_service.vehicles.mappings.documents import Document, DocumentShapes, error_in, meets, unwrapped
from bpa_service.vehicles.mappings.paths import Item, getter, items_at
from bpa_service.vehicles.mappings.shapes import ShapeAtWork, Whence, joined
from bpa_service.vehicles.mappings.spec import Block, Mapping
from bpa_service.vehicles.reading.blocks import Block as Rows
from bpa_service.vehicles.records.columns import Batch
from bpa_service.vehicles.records.coverage import Coverage
from bpa_service.vehicles.records.record import Identifier
from bpa_service.vehicles.records.rejects import MOST_TEXT_KEPT, Reason, Reject
from shared_schemas.records import CoverageState, Kind


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source said: records, rows that became none, and for each block that it has how it stands."""

    batch: Batch
    rejects: list[Reject]
    coverage: tuple[Coverage, ...]

    @property
    def is_running(self) -> bool:
        """Whether some of it is still to come."""
        return any(one.state is CoverageState.RUNNING for one in self.coverage)


def kinds_of(mapping: Mapping) -> tuple[Kind, ...]:
    """The blocks that an answer of this source has."""
    return tuple(dict.fromkeys(one.kind for one in mapping.blocks or mapping.shape))


def nothing(
    mapping: Mapping, state: CoverageState, reason: str = "", *, asked_at: datetime | None = None
) -> Answer:
    """An answer without a record, in which every block stands alike."""
    coverage = tuple(
        Coverage(mapping.name, kind, state, asked_at, reason=reason) for kind in kinds_of(mapping)
    )
    return Answer(Batch.of(()), [], coverage)


def read_answer(
    documents: Sequence[Document],
    mapping: Mapping,
    shapes: list[ShapeAtWork],
    asked: Identifier,
    now: datetime,
) -> Answer:
    """The records of an answer to the question about `asked`.

    What is in it about another vehicle is rejected. A count without records is a failure, and records without a
    count are believed: the reason of the block says so. An answer that is a sign of an error is one throughout.
    """
    if (error := next(filter(None, (error_in(one, mapping) for one in documents)), None)) is not None:
        reject = Reject(mapping.name, 1, 0, Reason.SOURCE_ERROR, text=error[:MOST_TEXT_KEPT])
        failed = nothing(mapping, CoverageState.FAILED, "error_in_answer", asked_at=now)
        return Answer(failed.batch, [reject], failed.coverage)
    rows = Rows(list(documents), list(range(1, len(documents) + 1)))
    taken = DocumentShapes(mapping, shapes, Whence(mapping.name, now, now)).take(rows)
    batch, others = _of_this_vehicle(joined([one.columns for one in taken]), asked)
    rejects = [
        *(reject for one in taken for reject in one.rejects if reject.reason != Reason.NOTHING_IN_IT),
        *others,
    ]
    found = Counter(batch.columns["kind"])
    if mapping.blocks:
        within = [inner for one in documents for inner in unwrapped(one, mapping)]
        states = _states(documents, mapping)
        coverage = tuple(_covered(block, mapping, within, states, found, now) for block in mapping.blocks)
    else:
        coverage = tuple(
            Coverage(mapping.name, kind, _data_or_empty(found[kind]), now, now, found[kind])
            for kind in kinds_of(mapping)
        )
    return Answer(batch, rejects, coverage)


def _of_this_vehicle(batch: Batch, asked: Identifier) -> tuple[Batch, list[Reject]]:
    column = batch.columns[asked.name]
    kept = [not value or value.replace("-", "") == asked.value for value in column]
    if all(kept):
        return batch, []
    places = zip(*(batch.columns[name] for name in ("file", "row", "item")), kept, column, strict=True)
    rejects = [
        Reject(file, row, item, Reason.OTHER_VEHICLE, asked.name, value)
        for file, row, item, is_kept, value in places
        if not is_kept
    ]
    return Batch({name: list(compress(values, kept)) for name, values in batch.columns.items()}), rejects


def _states(documents: Sequence[Document], mapping: Mapping) -> dict[str, CoverageState]:
    """How the answer's own sources stand, by their names."""
    if (spec := mapping.states) is None:
        return {}
    found: dict[str, CoverageState] = {}
    for document in documents:
        for item in items_at(spec.at, document):
            name, state = (text_of(getter(path)(item))[0] for path in (spec.name, spec.state))
            found[name] = CoverageState(spec.words.get(state, "failed"))
    return found


# Of several sources that fill a block the one that is missing most says how an empty block stands.
_WORST_FIRST = (CoverageState.RUNNING, CoverageState.FAILED, CoverageState.DECLINED, CoverageState.DATA)


def _covered(
    block: Block,
    mapping: Mapping,
    documents: list[Document],
    states: dict[str, CoverageState],
    found: Counter[str],
    now: datetime,
) -> Coverage:
    items = sum(1 for document in documents for _ in _items(block.at, document))
    count = (
        max((_count(block.count, document) for document in documents), default=0) if block.count else items
    )
    records = found[block.kind]
    state, reason = _data_or_empty(records or items), ""
    if count and not items:
        state, reason = CoverageState.FAILED, "count_without_records"
    elif items and not count and block.count:
        reason = "records_without_count"
    elif not items:
        state, reason = _of_sources(block, mapping, states)
    for sign, instead in (
        (block.declined, CoverageState.DECLINED),
        (block.not_covered, CoverageState.NOT_COVERED),
    ):
        if sign is not None and any(meets(Item((), document, 0), sign) for document in documents):
            state = instead
    return Coverage(mapping.name, block.kind, state, now, now, records, reason)


def _of_sources(
    block: Block, mapping: Mapping, states: dict[str, CoverageState]
) -> tuple[CoverageState, str]:
    """How a block without items stands: as the sources that fill it do."""
    if mapping.states is None:
        return CoverageState.EMPTY, ""
    there = [states[name] for name in block.filled_by if name in states]
    worst = next((state for state in _WORST_FIRST if state in there), CoverageState.NOT_COVERED)
    return (CoverageState.EMPTY if worst is CoverageState.DATA else worst), ""


def _data_or_empty(count: int) -> CoverageState:
    return CoverageState.DATA if count else CoverageState.EMPTY


def _items(path: str, document: Document) -> Iterator[Item]:
    return (item for item in items_at(path, document) if not _is_hollow(item.value))


def _is_hollow(value: Any) -> bool:
    """Whether there is nothing in it but names: how empty answers are written."""
    level = [value]
    while level:
        one = level.pop()
        if isinstance(one, dict | list):
            level += one.values() if isinstance(one, dict) else one  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]  # whatever is in it
        elif one not in {None, ""}:
            return False
    return True


def _count(path: str, document: Document) -> int:
    text = text_of(getter(path)(Item((), document, 0)))[0]
    return int(text) if text.isdigit() else 0
