"""What a company ordered in a month, for who sees all of it; for others what their branch did."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response, StreamingResponse

from cabinet_service.accounts.dependencies import CurrentClient
from cabinet_service.accounts.domain import Client, KeyScope, Language
from cabinet_service.api_ports import ApiPorts, PortsOfApp
from cabinet_service.companies import queries as companies
from cabinet_service.companies.domain import Month, NotAMonth
from cabinet_service.inspections.usage import allowing, queries, register
from cabinet_service.inspections.usage.errors import MonthNotUnderstood, RegisterTooLong
from cabinet_service.inspections.usage.register import Csv, Table
from cabinet_service.inspections.usage.schemas import (
    AllowanceOut,
    AllowancesOut,
    RegisterFormat,
    UsageOut,
    UsageRow,
)
from service_kit.http.access import by_key
from service_kit.http.edge import Now, Reading
from service_kit.http.route import CheckedRoute
from service_kit.scratch import nameless_file

router = APIRouter(prefix="/api/v1/companies/{company_id}", tags=["companies"], route_class=CheckedRoute)

MOST_ROWS: Final = 50_000
AT_ONCE: Final = 64 * 1024
_MEDIA_TYPES: Final = {
    RegisterFormat.CSV: "text/csv; charset=utf-8",
    RegisterFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The register.",
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}} for kind in _MEDIA_TYPES.values()
        },
    }
}
MonthName = Annotated[
    str | None,
    Query(alias="month", max_length=7, description="Such as 2026-11; this one where none is named."),
]
OfBranch = Annotated[UUID | None, Query(description="Of one branch only.")]


@router.get("/usage", dependencies=[by_key(KeyScope.USAGE_READ)])
async def get_usage(
    company_id: UUID,
    client: CurrentClient,
    session: Reading,
    now: Now,
    ports: PortsOfApp,
    month_name: MonthName = None,
) -> UsageOut:
    """A month by branch and person: what was sent, what of it counts, and what it came to."""
    await companies.company(session, company_id, client=client)
    month = _month(month_name, now, ports)
    rows = await queries.by_person(session, company_id, _branch_of(client, company_id, None), month)
    return UsageOut(month=month.name, rows=[UsageRow.of(row) for row in rows])


@router.get("/allowance", dependencies=[by_key(KeyScope.USAGE_READ)])
async def get_allowance(
    company_id: UUID,
    client: CurrentClient,
    session: Reading,
    now: Now,
    ports: PortsOfApp,
    branch_id: OfBranch = None,
) -> AllowancesOut:
    """What is left of this month, for the company and for a branch: to be seen before it is used up."""
    await companies.company(session, company_id, client=client)
    wanted = _branch_of(client, company_id, branch_id)
    if wanted is not None:
        await companies.branch(session, company_id, wanted)
    month = Month.of(now, ports.settings.zone_of_reports)
    allowed = await allowing.allowed(session, company_id, wanted, month)
    return AllowancesOut(month=month.name, allowances=[AllowanceOut.of(one) for one in allowed])


@router.get(
    "/register",
    response_class=Response,
    responses=_FILE,
    dependencies=[by_key(KeyScope.USAGE_READ)],
)
async def get_register(
    company_id: UUID,
    client: CurrentClient,
    session: Reading,
    now: Now,
    ports: PortsOfApp,
    month_name: MonthName = None,
    branch_id: OfBranch = None,
    form: Annotated[RegisterFormat, Query(alias="format")] = RegisterFormat.XLSX,
    language: Annotated[Language | None, Query(description="The client's own if none is named.")] = None,
) -> Response:
    """The register of a month: each order with its verdict, its times, who sent it and whether it counts."""
    await companies.company(session, company_id, client=client)
    month = _month(month_name, now, ports)
    wanted = _branch_of(client, company_id, branch_id)
    said = language or client.language
    names = {row.id: row.name for row in await companies.branches(session, company_id, client=client)}
    if await queries.sent(session, company_id, wanted, month) > MOST_ROWS:
        raise RegisterTooLong(most=MOST_ROWS)
    with ExitStack() as kept, ExitStack() as at_work:
        path = kept.enter_context(nameless_file())
        table = await asyncio.to_thread(_begun, form, path, at_work, said)
        async for rows in queries.ordered(session, company_id, wanted, month):
            made = [register.cells(row, names, language=said, zone=month.zone, now=now) for row in rows]
            await asyncio.to_thread(table.add, made)
        await asyncio.to_thread(table.finish)
        headers = {
            "Content-Disposition": f'attachment; filename="register-{month.name}.{form}"',
            "Content-Length": str(path.stat().st_size),
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        }
        return StreamingResponse(
            _chunks(path, kept.pop_all()), media_type=_MEDIA_TYPES[form], headers=headers
        )


def _begun(form: RegisterFormat, path: Path, at_work: ExitStack, language: Language) -> Table:
    table = _workbook(path, at_work) if form is RegisterFormat.XLSX else Csv(path, language)
    table.add([register.HEADS[language]])
    return table


def _workbook(path: Path, at_work: ExitStack) -> Table:
    # Late: what makes workbooks brings numpy and Pillow along, which no other request needs.
    from cabinet_service.inspections.usage.workbook import Xlsx

    return Xlsx(path, at_work.enter_context(nameless_file()))


async def _chunks(path: Path, kept: ExitStack) -> AsyncGenerator[bytes]:
    with kept, path.open("rb") as file:
        while chunk := await asyncio.to_thread(file.read, AT_ONCE):
            yield chunk


def _month(name: str | None, now: datetime, ports: ApiPorts) -> Month:
    zone = ports.settings.zone_of_reports
    try:
        return Month.of(now, zone) if name is None else Month.named(name, zone)
    except NotAMonth:
        raise MonthNotUnderstood from None


def _branch_of(client: Client, company_id: UUID, wanted: UUID | None) -> UUID | None:
    """The branch that is told of: for whoever does not see all of the company their own."""
    membership = client.membership_in(company_id)
    return wanted if membership is None or membership.is_of_all else membership.branch_id
