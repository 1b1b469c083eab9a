"""Spreadsheets, and jobs with many cars, as the API speaks of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field, StrictFloat, StrictInt, StrictStr

from cabinet_service.bulk import cells, limits
from cabinet_service.bulk.models import LABEL_CHARACTERS
from cabinet_service.bulk.rows import Remark
from cabinet_service.bulk.sheets import columns
from cabinet_service.bulk.sheets.table import MOST_COLUMNS
from cabinet_service.bulk.states import BulkJobState, BulkRowState
from cabinet_service.inspections.core.schemas import nothing_for_empty
from cabinet_service.inspections.numbers.schemas import FromDomain, MeantOut
from service_kit.http.schemas import ApiInput, ApiOutput
from shared_schemas.identifiers import Severity
from shared_schemas.words import IdentifierKind, InspectionState, Verdict

Cell = Annotated[
    Annotated[StrictStr, Field(max_length=limits.MOST_CELL)]
    | StrictInt
    | Annotated[StrictFloat, Field(allow_inf_nan=False)]
    | None,
    Field(description="As it stands in the sheet: a text or a number. What cannot be read is remarked on."),
]
Label = Annotated[
    Annotated[str, Field(max_length=LABEL_CHARACTERS)] | None, BeforeValidator(nothing_for_empty)
]


class BulkRowIn(ApiInput):
    """A car. `row` is its number in your list; `reference` is what you call it.

    The number may stand in `identifier` (VIN, frame number or plate) or in `plate`. `mileage` is in kilometres
    unless it says miles. `as_seen`: it stands so on the car, although it breaks the rules of its kind. `again`:
    order it although your company has ordered that car before.
    """

    row: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    reference: Cell = None
    identifier: Cell = None
    identifier_kind: IdentifierKind | None = None
    plate: Cell = None
    make: Cell = None
    model: Cell = None
    year: Cell = None
    mileage: Cell = None
    advert_url: Cell = None
    worry: Cell = None
    as_seen: bool = False
    again: bool = False

    @property
    def cells(self) -> Mapping[str, cells.Cell]:
        return {name: getattr(self, name) for name in columns.SheetField}


class BulkColumnIn(ApiInput):
    """A column of the sheet that the cars were read from, and what it was taken as."""

    name: Annotated[str, Field(max_length=limits.MOST_NAME)] | None
    field: columns.SheetField | None


class BulkColumnOut(ApiOutput):
    """A column as it was told of."""

    name: str | None
    field: columns.SheetField | None


class BulkIn(ApiInput):
    """Cars to order for a company, in the order in which they are told of; at most 1,000.

    Without a branch they are for one's own, or, of an admin, for none. `label` is what you call the list.
    `columns` are those of the sheet that it came from: told with the job, they say how to read the next one.
    """

    company_id: UUID
    branch_id: UUID | None = None
    label: Label = None
    columns: Annotated[list[BulkColumnIn], Field(max_length=MOST_COLUMNS)] | None = None
    rows: Annotated[
        list[BulkRowIn],
        Field(min_length=1, description=f"At most {limits.MOST_ROWS:,}; more is `bulk_too_many_rows`."),
    ]


class BulkRemarkOut(FromDomain):
    """Something to tell of a cell. An `error` keeps the car from being ordered, an `info` does not.

    `pointer` is a JSON pointer within the row.
    """

    code: str
    pointer: str
    severity: Severity
    params: Mapping[str, int | str]

    @classmethod
    def all_of(cls, remarks: tuple[Remark, ...]) -> list["BulkRemarkOut"]:
        return [cls.model_validate(one) for one in remarks]


class BulkKnownOut(ApiOutput):
    """The newest inspection of the same car that the company has ordered."""

    inspection_id: UUID
    number: str
    state: InspectionState
    verdict: Verdict | None
    created_at: datetime
    submitted_at: datetime | None


class BulkCheckedRowOut(ApiOutput):
    """How a row is read. `display` is its number as people see it; the other values are those that would be kept.

    `would`: `made` is a new inspection, `existing` the one that is `known`, if that is open or was sent
    within 30 days; one that is older is named beside the new one. `candidates` are to be offered where
    the number is wrong, and none is taken without a word of a person.
    """

    place: int
    row: int | None
    would: BulkRowState
    display: str | None
    kind: IdentifierKind | None
    make: str | None
    model: str | None
    year: int | None
    mileage_km: int | None
    remarks: list[BulkRemarkOut]
    candidates: list[MeantOut]
    known: BulkKnownOut | None


class BulkCountsOut(ApiOutput):
    """How many rows are in each state."""

    waiting: int = 0
    made: int = 0
    existing: int = 0
    refused: int = 0


class BulkCheckOut(ApiOutput):
    """What would become of each row, and of how many: only those that are `made` count."""

    counts: BulkCountsOut
    rows: list[BulkCheckedRowOut]


class BulkJobOut(ApiOutput):
    """A job. It is kept until `kept_until`; its inspections stay."""

    id: UUID
    company_id: UUID
    branch_id: UUID | None
    label: str | None
    state: BulkJobState
    rows: int
    columns: list[BulkColumnOut] | None
    counts: BulkCountsOut
    created_at: datetime
    finished_at: datetime | None
    kept_until: datetime


class BulkRowOut(ApiOutput):
    """What became of a row. `given` is the row as it was sent; once its car is erased nothing of it is left."""

    place: int
    row: int | None
    state: BulkRowState
    given: BulkRowIn
    remarks: list[BulkRemarkOut]
    inspection_id: UUID | None
    inspection_number: str | None
    inspection_state: InspectionState | None
    done_at: datetime | None


class SheetColumnOut(ApiOutput):
    """A column: its name in the sheet, if it has one, and what it seems to be."""

    name: str | None
    field: columns.SheetField | None


class SheetRowOut(ApiOutput):
    """A row by its number in the file. Blank cells at its end are left out."""

    row: int
    cells: list[str]


class SheetOut(ApiOutput):
    """A spreadsheet as it was read. `sheet` is which of the `sheets` of a workbook.

    `notes` count what a person should know: `blank_rows` in between, which are left out; `formulas`, of which the
    last results are shown; `merged_cells`, each of which says what the first of them says.
    """

    sheet: str | None
    sheets: list[str]
    columns: list[SheetColumnOut]
    rows: list[SheetRowOut]
    notes: Mapping[str, int]
