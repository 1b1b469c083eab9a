"""The queue's page as it is sent: one SELECT of what a row shows, the arithmetic of its clock, JSON.

`QueueRow` is what it says, and `QueueRow.of` makes the same row from whole objects, which takes several times as
long: every screen asks for this page whenever a case changes. A property test holds the two equal.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import BindParameter, Select, bindparam, select, tuple_

from bpa_service.cases.arranging.domain import View
from bpa_service.cases.asking.queries import OPEN_TASKS
from bpa_service.cases.core import domain
from bpa_service.cases.core.claims import as_read
from bpa_service.cases.core.domain import Hold, Standing
from bpa_service.cases.core.models import Case
from bpa_service.cases.core.policy import Policy
from bpa_service.cases.naming import queries as naming
from bpa_service.cases.queue import effort
from bpa_service.cases.queue.queries import SEEN_ELSEWHERE, SIMILAR_ELSEWHERE, TIED, of_view
from bpa_service.cases.queue.schemas import claim_in
from bpa_service.evidence import queries as evidence
from bpa_service.evidence.links import PreviewOf
from bpa_service.experts import queries as experts
from bpa_service.sla import domain as sla
from bpa_service.sla import queries as ledgers
from service_kit.db import ReadSession
from service_kit.paging import Page
from service_kit.session import ONE_PLAN
from shared_schemas import clock as arithmetic
from shared_schemas.words import IdentifierKind


class Line(NamedTuple):
    """What the SELECT says of a case, in its order. The last ones are what its clock follows from."""

    id: UUID
    number: str
    state: str
    disputed: bool
    answered_by: UUID | None
    version: int
    holder_id: UUID | None
    holder_name: str | None
    lease_expires_at: datetime | None
    claimed_at: datetime | None
    needs_second_expert: bool
    claim_late: bool
    urgent: bool
    worry: str | None
    photos: int
    photo_ids: Sequence[UUID] | None
    shots: Sequence[str] | None
    other_cases: int
    open_elsewhere: bool
    other_plate: bool
    tied: bool
    seen_elsewhere: bool
    similar_elsewhere: bool
    open_tasks: int
    submitted_at: datetime
    queue_place: datetime
    identifier: str
    identifier_kind: str
    as_seen: str | None
    plate: str | None
    make: str | None
    model: str | None
    clock_number: int
    budget_seconds: int
    kinds: Sequence[str]
    ats: Sequence[datetime]
    causes: Sequence[str | None]
    refs: Sequence[UUID | None]


async def lines(session: ReadSession, view: View, page: Page, *, viewer_id: UUID) -> list[Line]:
    """The cases that `queries.queue` gives, in its order.

    For the rest of the transaction statements keep to one plan: to plan this one takes as long as to run it, and
    whatever its values are, it goes along the index of the open cases.
    """
    await session.put(ONE_PLAN)
    params: dict[str, Any] = {"most": page.limit + 1}
    if view is View.MINE:
        params["viewer"] = viewer_id
    if page.after is not None:
        params["place"], params["id"] = page.after
    found = await session.execute(_statement(view, page.after is not None), params)
    return [Line(*row) for row in found]


def page_of(
    rows: Sequence[Line], next_cursor: str | None, policy: Policy, now: datetime, preview: PreviewOf
) -> bytes:
    """A `PageOf[QueueRow]` as JSON."""
    items = [row_of(line, policy, now, preview) for line in rows]
    return to_json({"items": items, "next_cursor": next_cursor})


def row_of(line: Line, policy: Policy, now: datetime, preview: PreviewOf) -> dict[str, Any]:
    """A `QueueRow` as a plain dict."""
    clock = ledgers.clock_in(
        line.clock_number, line.budget_seconds, line.kinds, line.ats, line.causes, line.refs
    )
    reckoning = arithmetic.figures(clock, now)
    threshold = sla.next_threshold(clock, policy.clock.hours, now)
    kind = IdentifierKind(line.identifier_kind)
    return {
        "id": line.id,
        "number": line.number,
        "identifier": as_read(line.identifier, kind, as_seen=line.as_seen == "true"),
        "plate": None if line.plate is None else as_read(line.plate, IdentifierKind.PLATE),
        "make": line.make,
        "model": line.model,
        "state": line.state,
        "disputed": line.disputed,
        "answered_by": line.answered_by,
        "version": line.version,
        "holder": _holder(line, now),
        "needs_second_expert": line.needs_second_expert,
        "claim_late": line.claim_late,
        "claim_in_seconds": claim_in(
            line.claimed_at, reckoning["used_seconds"], policy, is_late=line.claim_late
        ),
        "urgent": line.urgent,
        "worry": line.worry,
        "photos": line.photos,
        "shots": [
            {"evidence_id": evidence_id, "shot": shot, "preview": preview(evidence_id)}
            for evidence_id, shot in zip(line.photo_ids or (), line.shots or (), strict=True)
        ],
        "known": {
            "other_cases": line.other_cases,
            "open_elsewhere": line.open_elsewhere,
            "other_plate": line.other_plate,
            "tied": line.tied,
            "same_photo": line.seen_elsewhere,
            "similar_photo": line.similar_elsewhere,
        },
        "effort_seconds": round(effort.USUAL.of(line.photos, disputed=line.disputed)),
        "open_tasks": line.open_tasks,
        "submitted_at": line.submitted_at,
        "reckoning": reckoning,
        "next_threshold": {"percent": threshold[0], "at": threshold[1]} if threshold else None,
    }


def _holder(line: Line, now: datetime) -> dict[str, Any] | None:
    if line.holder_id is None:
        return None
    held_by = domain.holder(Standing(hold=Hold(line.holder_id, line.lease_expires_at)), now)
    return {"expert_id": held_by, "display_name": line.holder_name} if held_by else None


@cache
def _statement(view: View, is_further: bool) -> Select[*tuple[Any, ...]]:
    clock = ledgers.lines_of(Case.id.expression, Case.clock_number.expression)
    shown = evidence.first_of(Case.id.expression)
    named = naming.said_beside(Case.id.expression)
    viewer: BindParameter[UUID] = bindparam("viewer", type_=Case.id.type)
    statement = (
        select(
            Case.id,
            Case.number,
            Case.state,
            Case.disputed,
            Case.answered_by,
            Case.version,
            Case.holder_id,
            experts.name_of(Case.holder_id.expression),
            Case.lease_expires_at,
            Case.claimed_at,
            Case.needs_second_expert,
            Case.claim_late,
            Case.urgent,
            Case.worry,
            Case.photo_count,
            shown.c.photo_ids,
            shown.c.shots,
            named.c.others,
            named.c.open_elsewhere,
            named.c.other_plate,
            TIED,
            SEEN_ELSEWHERE,
            SIMILAR_ELSEWHERE,
            OPEN_TASKS,
            Case.submitted_at,
            Case.queue_place,
            *(
                Case.claim[name].astext.label(name)
                for name in ("identifier", "identifier_kind", "as_seen", "plate", "make", "model")
            ),
            Case.clock_number,
            clock.c.budget_seconds,
            clock.c.kinds,
            clock.c.ats,
            clock.c.causes,
            clock.c.refs,
        )
        .where(*of_view(view, viewer))
        .order_by(Case.queue_place, Case.id)
        .limit(bindparam("most"))
    )
    if not is_further:
        return statement
    after = tuple_(bindparam("place", type_=Case.queue_place.type), bindparam("id", type_=Case.id.type))
    return statement.where(tuple_(Case.queue_place, Case.id) > after)
