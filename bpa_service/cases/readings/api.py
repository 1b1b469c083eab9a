"""What stands on the photos of a case: proposed, accepted, compared."""

from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request, Response

from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.dependencies import etag, may, no_version, version_of
from bpa_service.cases.core.domain import OPEN, VERDICT_ROLES, Act
from bpa_service.cases.readings import queries, service
from bpa_service.cases.readings.errors import ReadingVersionRequired
from bpa_service.cases.readings.proposing import Asker
from bpa_service.cases.readings.queries import Found
from bpa_service.cases.readings.schemas import ReadingIn, ReadingsOut
from bpa_service.experts.dependencies import CurrentExpert
from bpa_service.experts.tokens.domain import TokenScope
from service_kit.db import ReadSession
from service_kit.http.access import by_key
from service_kit.http.edge import Now, Reading
from service_kit.http.openapi import header
from service_kit.http.problems import NotFound
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/cases/{case_id}", route_class=CheckedRoute, tags=["preparing"])
Writer = Annotated[ExpertActing, may(Act.RECORD_FINDING, no_version)]


async def _asker_of_the_app(request: Request) -> Asker:
    asker: Asker = request.app.state.asker
    return asker


async def _seen(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description='Required: the version of the reading that you have seen, e.g. `"2"`, or `"0"` for none.',
        ),
    ] = None,
) -> int:
    if if_match in (None, "*"):
        raise ReadingVersionRequired
    return version_of(if_match)


Seen = Annotated[int, Depends(_seen)]
_ETAG: Final = {"ETag": header("The version of the reading. Send it as `If-Match` with what follows it.")}


@router.get("/readings", dependencies=[by_key(TokenScope.CASES_READ)])
async def get_readings(
    case_id: UUID,
    expert: CurrentExpert,
    session: Reading,
    now: Now,
    asker: Annotated[Asker, Depends(_asker_of_the_app)],
) -> ReadingsOut:
    """What stands on each photo, and how that compares.

    Where somebody who works on cases looks, the reader is asked for what it was not asked for yet. That goes on
    by itself: a hint on the stream (`case.reading_proposed`) says when it has come.
    """
    found = await _found(session, case_id)
    is_open = found.case.state in OPEN and found.case.erased_at is None
    if is_open and expert.role in VERDICT_ROLES and queries.to_ask(found.photos, found.proposals, now):
        asker.want(case_id)
    return ReadingsOut.of(found)


@router.put("/evidence/{evidence_id}/reading", responses={HTTPStatus.OK: {"headers": _ETAG}})
async def accept_reading(
    case_id: UUID, evidence_id: UUID, body: ReadingIn, acting: Writer, seen: Seen, response: Response
) -> ReadingsOut:
    """Say what stands on a photo: a new version, which counts. The ETag is its number."""
    accepted = await service.accept(acting, case_id, evidence_id, reading=body, seen=seen)
    response.headers["ETag"] = etag(accepted.version)
    return ReadingsOut.of(await _found(acting.session, case_id))


@router.delete("/evidence/{evidence_id}/reading")
async def withdraw_reading(case_id: UUID, evidence_id: UUID, acting: Writer, seen: Seen) -> ReadingsOut:
    """Let nothing count of what was said of a photo. What was said stays on record."""
    await service.take_back(acting, case_id, evidence_id, seen=seen)
    return ReadingsOut.of(await _found(acting.session, case_id))


async def _found(session: ReadSession, case_id: UUID) -> Found:
    found = await queries.of_case(session, case_id)
    if found is None:
        raise NotFound
    return found
