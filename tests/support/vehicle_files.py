"""Files of vehicle sources for tests: written, read through a mapping, and what became of them."""

import io
import os
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import arro3.core
import arro3.io
import openpyxl

from bpa_service.vehicles.mappings import catalogue
from bpa_service.vehicles.mappings.columns import Fit
from bpa_service.vehicles.mappings.files import FileReading
from bpa_service.vehicles.mappings.spec import Mapping
from bpa_service.vehicles.records.record import Record
from bpa_service.vehicles.records.rejects import FileRefused, Reject, Tally

# Real files of sources lie beside the repository, if they do.
REAL_FILES: Final = Path(
    os.environ.get("AUTODETECTIVE_TEST_DATA", Path(__file__).parents[3] / "shared" / "data")
).resolve()
AS_OF: Final = datetime(2026, 11, 29, tzinfo=UTC)
CARS: Final = """
name = "cars"
title = "Cars"
language = "en"
country = "GB"

[file]
header = ["id", "vin", "make", "year", "km", "day", "note"]
may_lack = ["note"]

[file.renamed]
km = ["kilometres"]

[[versions]]
name = "with notes"
has = ["note"]

[[versions]]
name = "without notes"

[[shape]]
kind = "advert"
key = ["id"]

[shape.fields]
vin = { from = "vin", as = "vin" }
make = { from = "make", as = "name" }
year = { from = "year", as = "year" }
mileage = { from = "km", as = "mileage" }
began = { from = "day", as = "date" }
text = "note"
"""

HEADER: Final = "id,vin,make,year,km,day,note\n"
ROW: Final = "1,XTA21144094700001,LADA,2009,100000,2022-03-04,fine\n"


@dataclass(slots=True)
class Outcome:
    """What became of a file; `refused` is why its reading ended early."""

    records: list[Record]
    rejects: list[Reject]
    tally: Tally
    fits: dict[str, Fit]
    refused: FileRefused | None

    @property
    def reasons(self) -> list[str]:
        """Why each reject was one, in the order of the rows."""
        return [str(reject.reason) for reject in self.rejects]


def cars() -> Mapping:
    """A small mapping of a table of cars."""
    return catalogue.parsed(CARS)


def outcome_of(path: Path, mapping: Mapping | str, *, after: int = 0, as_of: datetime = AS_OF) -> Outcome:
    """The file at `path`, read; its account adds up, or the test fails here."""
    mapping = catalogue.mapping(mapping) if isinstance(mapping, str) else mapping
    reading = FileReading(path, mapping, as_of, after=after)
    records: list[Record] = []
    rejects: list[Reject] = []
    refused = None
    try:
        for portion in reading.portions():
            records += portion.batch
            rejects += portion.rejects
    except FileRefused as error:
        refused = error
    tally = reading.tally
    assert tally.adds_up
    assert tally.records == len(records)
    assert sum(tally.rejected.values()) == len(rejects)
    assert not (tally.complete and refused)
    return Outcome(records, rejects, tally, reading.fits, refused)


def written(folder: Path, content: str | bytes, name: str = "file.csv") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(folder: Path, content: str | bytes, name: str = "file.csv") -> Outcome:
    """What becomes of a file with this content, read as a table of cars."""
    return outcome_of(written(folder, content, name), cars())


def row(number: int, note: str = "fine") -> str:
    """One row of the table of cars, with this id and note."""
    return ROW.replace("1,X", f"{number},X").replace("fine", note)


def rows(count: int) -> list[dict[str, str]]:
    """Rows of the table of cars by their columns, with ids from 1."""
    names = HEADER.strip().split(",")
    return [dict(zip(names, row(number).strip().split(","), strict=True)) for number in range(1, count + 1)]


def csv_of(rows: list[dict[str, str]]) -> str:
    """These rows as a table with commas."""
    return "\n".join([",".join(rows[0]), *(",".join(row.values()) for row in rows)]) + "\n"


def zipped(members: dict[str, bytes]) -> bytes:
    """An archive with these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def spreadsheet_of(rows: list[dict[str, str]]) -> bytes:
    """These rows below a title, with numbers and days as a table program keeps them."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Our cars"])
    sheet.append(list(rows[0]))
    for row in rows:
        typed = {
            **row,
            "km": int(row["km"]),
            "year": float(row["year"]),
            "day": date.fromisoformat(row["day"]),
        }
        sheet.append(list(typed.values()))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def parquet_of(rows: list[dict[str, str]]) -> bytes:
    """These rows as columns of texts."""
    columns = {
        name: arro3.core.Array([row[name] for row in rows], type=arro3.core.DataType.utf8())
        for name in rows[0]
    }
    file = io.BytesIO()
    table = arro3.core.Table.from_arrays(list(columns.values()), names=list(columns))  # pyright: ignore[reportUnknownMemberType]  # its stub names numpy
    arro3.io.write_parquet(table, file)
    return file.getvalue()
