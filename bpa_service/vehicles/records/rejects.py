"""Rows that became no record, and what a whole file was found to be."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

MOST_TEXT_KEPT: Final = 500
MOST_REJECTS_KEPT: Final = 100_000
"""Of one file; the others are counted."""


class Reason(StrEnum):
    """Why a row was rejected. Codes are stable: they stand in files that people keep, and in the desk's words."""

    LINE_TOO_LONG = "line_too_long"
    QUOTE_UNCLOSED = "quote_unclosed"
    TOO_FEW_CELLS = "too_few_cells"
    TOO_MANY_CELLS = "too_many_cells"
    ROW_CUT_OFF = "row_cut_off"  # the file ends within it
    JSON_MALFORMED = "json_malformed"
    JSON_TOO_DEEP = "json_too_deep"
    NOT_AN_OBJECT = "not_an_object"
    NOTHING_IN_IT = "nothing_in_it"  # a document in which the mapping finds nothing
    REQUIRED_MISSING = "required_missing"
    REQUIRED_UNREADABLE = "required_unreadable"
    IDENTIFIER_MISSING = "identifier_missing"  # nothing says which vehicle it is
    IDENTIFIER_PLACEHOLDER = "identifier_placeholder"  # an answer about strangers' vehicles
    OTHER_VEHICLE = "other_vehicle"  # an answer about another than was asked for
    SOURCE_ERROR = "source_error"  # the row says that the source failed


class FileReason(StrEnum):
    """Why a whole file was refused, or where its reading ended."""

    EMPTY = "file_empty"
    HTML = "html_instead_of_data"
    BINARY = "not_a_known_format"
    COLUMNS_MISSING = "columns_missing"
    CUT_OFF = "file_cut_off"
    MALFORMED = "file_malformed"
    DAMAGED = "archive_damaged"
    TOO_LARGE = "archive_too_large"
    TOO_COMPRESSED = "archive_too_compressed"  # a bomb
    TOO_MANY_FILES = "archive_too_many_files"
    ENCRYPTED = "archive_encrypted"
    NESTED = "archive_within_archive"


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that became no record: where it stands, why, and how it began. `column` is to blame, if one is."""

    file: str
    row: int
    item: int
    reason: Reason
    column: str = ""
    text: str = ""  # its beginning, at most MOST_TEXT_KEPT characters


class FileRefused(Exception):
    """No more can be read of this file. What was read before stands, and the file is not complete."""

    def __init__(self, reason: FileReason, *, row: int = 0, details: tuple[str, ...] = ()) -> None:
        super().__init__(f"{reason}: {', '.join(details)}" if details else str(reason))
        self.reason = reason
        self.row = row
        self.details = details


@dataclass(slots=True)
class Tally:
    """The account of a file. `rows` is always `records` + `duplicates` + `rejected`.

    `duplicates` are those seen within the same portion; others carry the same `row_hash`, for the store to find.
    `complete` says that the file was read to its end: only then may what is missing from it be taken back.
    """

    rows: int = 0
    records: int = 0
    duplicates: int = 0
    rejected: dict[str, int] = field(default_factory=dict[str, int])
    marks: dict[str, int] = field(default_factory=dict[str, int])
    blank_lines: int = 0
    complete: bool = False

    @property
    def adds_up(self) -> bool:
        """Whether no row was lost."""
        return self.rows == self.records + self.duplicates + sum(self.rejected.values())
