"""A row as it was sent, and what it says of a car. The number is read by the one reader of identifiers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Final

from pydantic import ValidationError

from cabinet_service.bulk.cells import Cell, Unreadable, fault_of, mileage_of, says_nothing, text_of, year_of
from cabinet_service.inspections.drafting.claims import ClaimIn
from shared_schemas.identifiers import MOST_TYPED, Reading, Severity, read_identifier
from shared_schemas.words import IdentifierKind

MOST_NAME: Final = 200
MOST_NUMBERS: Final = 10
"""So many of the numbers in one cell are named."""
_SHORTEST: Final = 5
_APART: Final = re.compile(r"[\s,;/|]+")
_TEXTS: Final = ("make", "model", "reference")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to tell of a cell. An error keeps the car from being ordered, an info does not.

    `pointer` names the field, as a JSON pointer within the row. Codes are those of `identifiers.Issue`, of
    `cells`, and: `row_without_number`, `row_two_numbers` (numbers), `row_duplicate` (row), `year_from_date` and
    `year_from_days` (year), `mileage_from_miles` (kilometres), `value_unreadable`, `plate_unreadable`,
    `row_not_yours` (whoever sent the list may order there no longer, or the branch is closed).
    """

    code: str
    pointer: str
    severity: Severity = Severity.INFO
    params: Mapping[str, int | str] = field(default_factory=dict[str, int | str])


@dataclass(frozen=True, slots=True)
class RowRead:
    """What a row says. `number` names the car: of its identifier or, without one, of its plate.

    `claim` is what would be ordered; it is whole where no remark is an error.
    """

    claim: ClaimIn
    number: Reading | None
    worry: str | None
    reference: str | None
    remarks: tuple[Remark, ...] = ()

    @property
    def ok(self) -> bool:
        return all(one.severity is not Severity.ERROR for one in self.remarks)

    @property
    def key(self) -> str | None:
        """What two rows of one car have in common."""
        return self.number.value if self.number and self.ok else None

    def with_remark(self, remark: Remark) -> "RowRead":
        return replace(self, remarks=(*self.remarks, remark))


def read_row(
    given: Mapping[str, Cell], *, kind: IdentifierKind | None = None, as_seen: bool = False, this_year: int
) -> RowRead:
    """What the row says. `kind` and `as_seen` are a person's word about its number."""
    reader = _Reader(given, kind, as_seen=as_seen, this_year=this_year)
    number = reader.number()
    said = reader.others()
    worry, reference = said.pop("worry", None), said.pop("reference", None)
    claim = ClaimIn(**reader.numbers, **said)
    return RowRead(claim, number, worry, reference, tuple(reader.remarks))


class _Reader:
    """Reads one row, and remarks on it as it goes."""

    def __init__(
        self, given: Mapping[str, Cell], kind: IdentifierKind | None, *, as_seen: bool, this_year: int
    ) -> None:
        self.remarks: list[Remark] = []
        self.numbers: dict[str, Any] = {}
        self._texts = {name: text_of(cell) for name, cell in given.items()}
        self._kind = kind
        self._as_seen = as_seen
        self._this_year = this_year

    def number(self) -> Reading | None:
        """The number by which the car is named; its remarks are errors where it cannot be ordered by it."""
        typed, plate_typed = self._texts.get("identifier", ""), self._texts.get("plate", "")
        plate = self._plate(plate_typed) if not says_nothing(plate_typed) else None
        if plate is not None and (says_nothing(typed) or _is_not_stated(typed)):
            self.numbers = {"plate": plate_typed}
            return plate
        if not typed:
            self._error("row_without_number", "identifier")
            return None
        if code := fault_of(typed[: MOST_TYPED + 1]):
            self._error(code, "identifier")
            return None
        reading = read_identifier(typed, self._kind, this_year=self._this_year, as_seen=self._as_seen)
        if not reading.ok and len(several := _numbers_in(typed)) > 1:
            self._error("row_two_numbers", "identifier", numbers=", ".join(several))
            return reading
        for issue in reading.issues:
            self.remarks.append(Remark(issue.code, "/identifier", issue.severity, issue.params))
        if reading.kind is IdentifierKind.PLATE and plate is None:
            self.numbers = {"plate": typed}
            return reading
        self.numbers = {"identifier": typed[:MOST_TYPED], "plate": plate_typed if plate else None}
        if self._kind is not None or self._as_seen:
            self.numbers |= {"identifier_kind": self._kind, "as_seen": self._as_seen}
        return reading

    def _plate(self, typed: str) -> Reading | None:
        reading = read_identifier(typed, IdentifierKind.PLATE)
        if not reading.ok:
            self._told("plate_unreadable", "plate")
            return None
        return reading

    def others(self) -> dict[str, Any]:
        """Everything but the numbers, as far as it can be read."""
        said: dict[str, Any] = {}
        for name, text in self._texts.items():
            if name in {"identifier", "plate"} or says_nothing(text):
                continue
            if code := fault_of(text):
                self._told(code, name)
                continue
            try:
                said |= self._value(name, text)
            except Unreadable as unreadable:
                self._told(unreadable.code, name)
            except ValidationError:
                self._told("value_unreadable", name)
        return said

    def _value(self, name: str, text: str) -> dict[str, Any]:
        match name:
            case "year":
                year = year_of(text, this_year=self._this_year)
                if year.from_days or year.from_date:
                    code = "year_from_days" if year.from_days else "year_from_date"
                    self._told(code, name, year=year.value)
                return {"year": year.value}
            case "mileage":
                mileage = mileage_of(text)
                if mileage.from_miles:
                    self._told("mileage_from_miles", name, kilometres=mileage.kilometres)
                return {"mileage_km": mileage.kilometres}
            case "advert_url":
                return {"advert_url": ClaimIn(advert_url=text).advert_url}  # pyright: ignore[reportArgumentType]  # validated here
            case _ if name in _TEXTS and len(text) > MOST_NAME:
                raise Unreadable("cell_too_long")
            case _:
                return {name: text}

    def _told(self, code: str, name: str, **params: int | str) -> None:
        self.remarks.append(Remark(code, f"/{name}", params=params))

    def _error(self, code: str, name: str, **params: int | str) -> None:
        self.remarks.append(Remark(code, f"/{name}", Severity.ERROR, params))


def _is_not_stated(typed: str) -> bool:
    return any(issue.code == "identifier_not_stated" for issue in read_identifier(typed).issues)


def _numbers_in(typed: str) -> Sequence[str]:
    """The different numbers at the beginning of a cell. A long text is not searched for them."""
    return list(islice(dict.fromkeys(_each_number(typed[:MOST_TYPED])), MOST_NUMBERS))


def _each_number(typed: str) -> Iterator[str]:
    for word in _APART.split(typed):
        if len(word) < _SHORTEST or not any(map(str.isdigit, word)):
            continue
        reading = read_identifier(word)
        if reading.ok and reading.kind is not IdentifierKind.PLATE:
            yield reading.value
