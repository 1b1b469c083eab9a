"""Mapped cells out of documents: each shape takes its items, and of a document with none it is said so."""

from collections.abc import Iterator
from typing import Any, cast

from bpa_service.vehicles.mappings.converters.base import text_of
from bpa_service.vehicles.mappings.paths import Item, getter, items_at
from bpa_service.vehicles.mappings.shapes import Cells, ShapeAtWork, Taken, Whence
from bpa_service.vehicles.mappings.spec import Condition, Mapping
from bpa_service.vehicles.reading.blocks import Block
from bpa_service.vehicles.records.rejects import MOST_TEXT_KEPT, Reason, Reject

Document = dict[str, Any]


class DocumentShapes:
    """What makes records of documents by the shapes of a mapping."""

    def __init__(self, mapping: Mapping, shapes: list[ShapeAtWork], whence: Whence) -> None:
        self._mapping = mapping
        self._whence = whence
        self._shapes = [_DocumentShape(shape) for shape in shapes]

    def take(self, block: Block[Document]) -> list[Taken]:
        """What becomes of a block's documents."""
        cells = [Cells() for _ in self._shapes]
        rejects: list[Reject] = []
        for place, (document, number) in enumerate(zip(block.rows, block.numbers, strict=True)):
            if (error := error_in(document, self._mapping)) is not None:
                rejects.append(self._reject(number, Reason.SOURCE_ERROR, error))
                continue
            item = 0
            for within in unwrapped(document, self._mapping):
                for shape, into in zip(self._shapes, cells, strict=True):
                    for row in shape.rows(within):
                        item += 1
                        if place in block.marks:
                            into.marks[len(into.rows)] = block.marks[place]
                        into.rows.append(row)
                        into.numbers.append(number)
                        into.items.append(item)
            if not item:
                rejects.append(self._reject(number, Reason.NOTHING_IN_IT, ", ".join(document)))
        taken = [
            shape.at_work.take(one, self._whence) for shape, one in zip(self._shapes, cells, strict=True)
        ]
        taken[0].rejects += rejects
        return taken

    def _reject(self, number: int, reason: Reason, text: str) -> Reject:
        return Reject(self._whence.file, number, 0, reason, text=text[:MOST_TEXT_KEPT])


def error_in(document: Document, mapping: Mapping) -> str | None:
    """The sign that the source failed, whatever its status said; None if there is none."""
    item = Item((), document, 0)
    for sign in mapping.errors:
        if meets(item, sign):
            return f"{sign.at}: {text_of(getter(sign.at)(item))[0]}"
    return None


def unwrapped(document: Document, mapping: Mapping) -> Iterator[Document]:
    """The documents within an answer's wrapping, or the document itself."""
    for path in mapping.unwrap:
        found = [item.value for item in items_at(path, document)]
        if found:
            yield from (cast("Document", value) for value in found if isinstance(value, dict))
            return
    yield document


class _DocumentShape:
    def __init__(self, at_work: ShapeAtWork) -> None:
        self.at_work = at_work
        self._getters = [getter(column) for column in at_work.columns]
        self._own = [
            place for place, column in enumerate(at_work.columns) if not column.startswith(("/", "../"))
        ]

    def rows(self, document: Document) -> Iterator[tuple[Any, ...]]:
        shape = self.at_work.shape
        if not all(_is_there(path, document) for path in shape.needs):
            return
        for item in items_at(shape.each, document):
            if all(meets(item, condition) for condition in shape.only):
                row = tuple(get(item) for get in self._getters)
                # Empty answers come as items of which every field is null.
                if any(row[place] not in {None, "", ()} for place in self._own):
                    yield row


def _is_there(path: str, document: Document) -> bool:
    return any(True for _ in items_at(path, document))


def meets(item: Item, condition: Condition) -> bool:
    """Whether an item meets a condition."""
    text = text_of(getter(condition.at)(item))[0]
    if condition.among:
        return text in condition.among
    return text not in condition.none_of
