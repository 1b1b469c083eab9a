"""Reading a spreadsheet, of which nothing is kept."""

from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, HTTPException, Query, Request

from cabinet_service.accounts import quotas
from cabinet_service.accounts.dependencies import CurrentClient
from cabinet_service.accounts.domain import KeyScope
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.bulk.errors import SheetTooManyRows, problem_of
from cabinet_service.bulk.limits import MOST_ROWS
from cabinet_service.bulk.schemas import SheetColumnOut, SheetOut, SheetRowOut
from cabinet_service.bulk.sheets.columns import recognise
from cabinet_service.bulk.sheets.reader import SheetReader
from cabinet_service.bulk.sheets.table import MOST_FILE_BYTES
from service_kit.decoding import FileRefused
from service_kit.http.access import by_key
from service_kit.http.problems import TemporarilyUnavailable
from service_kit.http.receiving import received
from service_kit.http.route import CheckedRoute
from service_kit.scratch import nameless_file

__all__ = ["MOST_FILE_BYTES", "PATH", "router"]

PATH: Final = "/bulk-sheets"
router = APIRouter(prefix=f"/api/v1{PATH}", tags=["bulk"], route_class=CheckedRoute)

# The largest file over a line of 800 kbit/s.
UPLOAD_SECONDS: Final = 90.0
# A browser calls a CSV file what the machine calls it: with Excel installed, by Excel's name.
MEDIA_TYPES: Final = (
    "text/csv",
    "text/plain",
    "text/tab-separated-values",
    "application/csv",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
)
_FILE: Final = {
    "type": "string",
    "format": "binary",
    "description": "Up to 8 MiB, 1,000 rows, 100 columns. What it is, is told by what stands in it. Its type: "
    + ", ".join(MEDIA_TYPES),
}
_BODY: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": _FILE}}}
}


async def _reader_of_the_app(request: Request) -> SheetReader:
    reader: SheetReader = request.app.state.sheets
    return reader


ReaderOfApp = Annotated[SheetReader, Depends(_reader_of_the_app)]


@router.post("", openapi_extra=_BODY, dependencies=[by_key(KeyScope.INSPECTIONS_WRITE)])
async def read_sheet(
    request: Request,
    client: CurrentClient,
    ports: PortsOfApp,
    reader: ReaderOfApp,
    sheet: Annotated[str | None, Query(max_length=100, description="Which one of a workbook.")] = None,
) -> SheetOut:
    """What stands in a spreadsheet (XLSX, CSV, or cells that were copied), and what its columns seem to be.

    It is told by its content, not by its type. Formulas are not worked out: what the file says they gave last is
    shown. Nothing is ordered or kept.
    """
    await quotas.count(ports.limits, "sheets", client)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in MEDIA_TYPES:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    with nameless_file() as path:
        if reader.receiving.locked():
            raise TemporarilyUnavailable(headers={"Retry-After": "5"})
        async with reader.receiving:
            await received(request, path, seconds=UPLOAD_SECONDS)
        try:
            table = await reader.read(path, sheet=sheet)
        except FileRefused as refusal:
            raise problem_of(refusal) from None
    found = recognise(table)
    if len(found.rows) > MOST_ROWS:
        raise SheetTooManyRows(most=MOST_ROWS)
    return SheetOut(
        sheet=table.sheet,
        sheets=table.sheets,
        columns=[SheetColumnOut(name=one.name, field=one.field) for one in found.columns],
        rows=[SheetRowOut(row=number, cells=list(cells)) for number, cells in found.rows],
        notes=table.notes,
    )
