"""The board of a company: what waits for photos, what an expert has, what is answered; and a reminder."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from cabinet_service.accounts.dependencies import CurrentClient, once
from cabinet_service.accounts.domain import Client
from cabinet_service.api_ports import ApiPorts, PortsOfApp
from cabinet_service.companies import queries as companies
from cabinet_service.inspections.board import queries, service
from cabinet_service.inspections.board.phases import Phase
from cabinet_service.inspections.board.queries import Wanted
from cabinet_service.inspections.board.schemas import BoardCountsOut, BoardRow, ReminderOut
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.core.dependencies import CurrentAct
from cabinet_service.inspections.viewing import queries as viewing
from cabinet_service.inspections.viewing import views
from cabinet_service.inspections.yard import links as yard_links
from cabinet_service.inspections.yard import queries as yard
from cabinet_service.photos import queries as photos
from service_kit import idempotency, paging
from service_kit.db import ReadSession, as_system
from service_kit.http import pages
from service_kit.http.edge import IdempotencyKey, Now, Reading, WriteSession
from service_kit.http.route import CheckedRoute
from service_kit.paging import PageOf
from service_kit.session import ONE_PLAN

PATH = "/api/v1/companies/{company_id}/board"
router = APIRouter(tags=["companies"], route_class=CheckedRoute)
_LINKS: Final = "links"

OfBranch = Annotated[UUID | None, Query(description="Of one branch only. An agent sees their own alone.")]
OfPerson = Annotated[UUID | None, Query(description="What this person ordered only.")]
Text = Annotated[
    str | None,
    Query(
        alias="q",
        max_length=64,
        description="How the number of the car begins, or the check's number: three characters or more. Where "
        "very many begin so, a page with a `next_cursor` may be short, or empty: go on until that is null.",
    ),
]


@router.get(PATH)
async def get_board(
    company_id: UUID,
    client: CurrentClient,
    session: Reading,
    now: Now,
    paged: pages.Paged,
    ports: PortsOfApp,
    phase: Annotated[Phase, Query(description="Where they stand.")] = Phase.PHOTOS,
    branch_id: OfBranch = None,
    account_id: OfPerson = None,
    text: Text = None,
) -> PageOf[BoardRow]:
    """The checks of a company that stand in a phase, the youngest first."""
    wanted = await _wanted(session, client, company_id, branch_id, account_id)
    if text:
        await ports.limits.hit("searches_per_account", str(client.account_id))
    page = paged.page(paging.instant, UUID)
    found = await queries.youngest(session, wanted, phase, text=text, page=page)
    rows = paged.cut(found.rows, lambda row: (row.created_at.isoformat(), row.id), looked_to=found.looked_to)
    ids = [row.id for row in rows]
    # What follows goes by keys, whatever they are; to plan it anew takes longer than to run it.
    await session.put(ONE_PLAN)
    standings = await viewing.standings(session, ids)
    linked = await yard.with_live_links(session, ids, now=now)
    taken = await photos.counts_of(session, ids)
    async with as_system(session):  # what colleagues are called, and nothing else of them
        names = await companies.names_of(session, list({row.account_id for row in rows}))
    return paged.answer(
        [
            BoardRow(
                **dict(views.row(row, standings[row.id])),
                account_id=row.account_id,
                name=names.get(row.account_id),
                photos=taken.get(row.id, 0),
                has_link=row.id in linked,
                reminded_at=row.reminded_at,
            )
            for row in rows
        ]
    )


@router.get(f"{PATH}/counts")
async def get_board_counts(
    company_id: UUID,
    client: CurrentClient,
    session: Reading,
    branch_id: OfBranch = None,
    account_id: OfPerson = None,
) -> BoardCountsOut:
    """How many of a company's checks stand in each phase."""
    wanted = await _wanted(session, client, company_id, branch_id, account_id)
    return BoardCountsOut.of(await queries.counts(session, wanted))


async def _once(
    inspection_id: UUID,
    request: Request,
    session: WriteSession,
    client: CurrentClient,
    key: IdempotencyKey,
    now: Now,
    ports: PortsOfApp,
) -> idempotency.Once:
    """As `once`; but the answer is kept without its links: those that work when it is repeated are told."""
    try:
        return await once(request, session, client, key, now, ports)
    except idempotency.Replay as earlier:
        inspection = await inspections.inspection(session, inspection_id, client=client)
        links = {_LINKS: await _links(session, inspection.id, ports, now)}
        raise idempotency.Replay(earlier.body | links, earlier.status) from None


Once = Annotated[idempotency.Once, Depends(_once, scope="function")]


@router.post("/api/v1/inspections/{inspection_id}/reminders", status_code=HTTPStatus.CREATED)
async def remind_of_inspection(
    inspection_id: UUID, acting: CurrentAct, once: Once, ports: PortsOfApp
) -> ReminderOut:
    """Remind whoever ordered the check for the company that the car waits for photos; at most once an hour.

    Whoever stands at the car with a link is reminded by sending them the link once more: it is told here.
    """
    inspection, told, name = await service.remind(acting, inspection_id, limits=ports.limits)
    shown = ReminderOut(
        reminded_at=acting.now,
        next_at=acting.now + service.AT_MOST_EVERY,
        told=told,
        name=name,
        links=await _links(acting.session, inspection.id, ports, acting.now),
    )
    await once.keep(shown.model_copy(update={_LINKS: []}))  # no kept answer has the secret of a link
    return shown


async def _links(session: ReadSession, inspection_id: UUID, ports: ApiPorts, now: datetime) -> list[str]:
    """The addresses of the links to the car that work, as far as they can be shown still."""
    live = [link for link in await yard.links(session, inspection_id) if link.is_live(now)]
    tokens = [yard_links.TOKENS.of(link.id, link.token_sha256, ports.secrets) for link in live]
    return [yard_links.address(ports.settings.public_url, token) for token in tokens if token]


async def _wanted(
    session: ReadSession, client: Client, company_id: UUID, branch_id: UUID | None, account_id: UUID | None
) -> Wanted:
    """Raises NotFound for a company that the client is no member of."""
    await companies.company(session, company_id, client=client)
    membership = client.membership_in(company_id)
    if membership is not None and not membership.is_of_all:
        branch_id = membership.branch_id
    return Wanted(company_id=company_id, branch_id=branch_id, account_id=account_id)
