"""Many cars at once: a list is checked, taken as one job, and each of its rows followed."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from cabinet_service.accounts import quotas
from cabinet_service.accounts.dependencies import CurrentClient, Once
from cabinet_service.accounts.domain import KeyScope
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.bulk import queries, results, service, views
from cabinet_service.bulk.limits import MOST_ROWS
from cabinet_service.bulk.models import BulkRow
from cabinet_service.bulk.schemas import BulkCheckOut, BulkIn, BulkJobOut, BulkRowOut
from cabinet_service.bulk.states import BulkRowState
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.core.dependencies import CurrentAct
from cabinet_service.inspections.viewing import queries as viewing
from service_kit import paging
from service_kit.db import ReadSession
from service_kit.http import pages
from service_kit.http.access import by_key
from service_kit.http.edge import Reading
from service_kit.http.problem_responses import language_of
from service_kit.http.route import CheckedRoute
from service_kit.paging import Page, PageOf

PATH: Final = "/bulk-jobs"
CHECK: Final = f"{PATH}/check"
MOST_BYTES: Final = 4 * 1024 * 1024
ASK_AGAIN: Final = {"Retry-After": "2"}
router = APIRouter(prefix=f"/api/v1{PATH}", tags=["bulk"], route_class=CheckedRoute)

_CSV: Final[dict[int | str, dict[str, Any]]] = {
    HTTPStatus.OK: {"content": {"text/csv": {"schema": {"type": "string"}}}}
}


@router.post("/check", dependencies=[by_key(KeyScope.INSPECTIONS_WRITE)])
async def check_bulk(body: BulkIn, acting: CurrentAct, ports: PortsOfApp) -> BulkCheckOut:
    """How each row is read, which cars the company has ordered before, and how many would be new.

    Nothing is ordered or kept.
    """
    await quotas.count(ports.limits, "bulk_checks", acting.client)
    judged, known = await service.check(acting, body)
    standings = await viewing.standings(acting.session, [one.id for one in known.values()])
    return views.check(judged, known, standings, now=acting.now)


@router.post("", status_code=HTTPStatus.ACCEPTED, dependencies=[by_key(KeyScope.INSPECTIONS_WRITE)])
async def order_bulk(
    body: BulkIn, response: Response, acting: CurrentAct, once: Once, ports: PortsOfApp
) -> BulkJobOut:
    """Order the cars of a list. Each becomes an inspection that waits for its photos; ask for the job until then.

    A row with an error is refused and holds up no other one. A car that the company has ordered before is not
    ordered `again` unless the row says so: the row leads to the inspection that there is.
    """
    await quotas.count(ports.limits, "bulk_checks", acting.client)  # it is judged as for a check
    job, judged = await service.order(acting, body)
    waiting = sum(one.ok for one in judged)
    await quotas.count_of_company(ports.limits, "bulk_rows", job.company_id, many=waiting)
    response.headers.update(ASK_AGAIN)
    counts = {BulkRowState.WAITING: waiting, BulkRowState.REFUSED: len(judged) - waiting}
    return await once.keep(views.job(job, counts), status=HTTPStatus.ACCEPTED)


@router.get("", dependencies=[by_key(KeyScope.INSPECTIONS_READ)])
async def list_bulk_jobs(
    company_id: UUID, client: CurrentClient, session: Reading, paged: pages.Paged
) -> PageOf[BulkJobOut]:
    """The jobs of a company that one may see, the youngest first."""
    page = paged.page(paging.instant, UUID)
    found = await queries.jobs(session, company_id, client=client, page=page)
    rows = paged.cut(found, lambda row: (row.created_at.isoformat(), row.id))
    counts = await queries.counts_of(session, [row.id for row in rows])
    return paged.answer([views.job(row, counts[row.id]) for row in rows])


@router.get("/{job_id}", dependencies=[by_key(KeyScope.INSPECTIONS_READ)])
async def get_bulk_job(
    job_id: UUID, response: Response, client: CurrentClient, session: Reading
) -> BulkJobOut:
    """How a job stands. While it is `running`, Retry-After says when to ask again."""
    job = await queries.job(session, job_id, client=client)
    if job.finished_at is None:
        response.headers.update(ASK_AGAIN)
    counts = await queries.counts_of(session, [job.id])
    return views.job(job, counts[job.id])


@router.get("/{job_id}/rows", dependencies=[by_key(KeyScope.INSPECTIONS_READ)])
async def list_bulk_rows(
    job_id: UUID,
    client: CurrentClient,
    session: Reading,
    paged: pages.PagedByHundred,
    state: Annotated[list[BulkRowState] | None, Query(description="Any of these; repeat it.")] = None,
) -> PageOf[BulkRowOut]:
    """What became of each row, in the order in which they were sent."""
    job = await queries.job(session, job_id, client=client)
    found = await queries.rows(session, job.id, states=state or (), page=paged.page(paging.number))
    rows = paged.cut(found, lambda row: (row.place,))
    return paged.answer(await _shown(session, rows))


@router.get(
    "/{job_id}/result.csv",
    response_class=Response,
    responses=_CSV,
    dependencies=[by_key(KeyScope.INSPECTIONS_READ)],
)
async def get_bulk_result(
    job_id: UUID, request: Request, client: CurrentClient, session: Reading, ports: PortsOfApp
) -> Response:
    """What became of each row, as a file for spreadsheets: UTF-8, cells divided by `;` for whoever reads Russian.

    Cells that begin like a formula have an apostrophe before them, so that no spreadsheet runs them.
    """
    job = await queries.job(session, job_id, client=client)
    rows = await queries.rows(session, job.id, page=Page(None, MOST_ROWS))
    text = results.as_csv(
        await _shown(session, rows),
        public_url=ports.settings.public_url,
        language=language_of(request),
    )
    name = f"autodetective-{job.created_at:%Y-%m-%d}-{job.id.hex[-6:]}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


async def _shown(session: ReadSession, rows: Sequence[BulkRow]) -> list[BulkRowOut]:
    ids = [row.inspection_id for row in rows if row.inspection_id]
    found = {one.id: one for one in await inspections.inspections(session, ids)}
    return [views.row(row, found.get(row.inspection_id) if row.inspection_id else None) for row in rows]
