"""What several slices ask of a case."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, literal_column, select

from bpa_service.cases.core.models import Case
from bpa_service.experts import queries as experts
from service_kit.db import ReadSession
from shared_schemas.words import InspectionState


async def version(session: ReadSession, case_id: UUID) -> int | None:
    """The version of a case; None if there is no such case."""
    return await session.scalar(select(Case.version).where(Case.id == case_id))


async def names(session: ReadSession, expert_ids: Collection[UUID | None]) -> Mapping[UUID, str]:
    """What the people of ours among these ids are called."""
    wanted = {expert_id for expert_id in expert_ids if expert_id}
    return await experts.names(session, wanted) if wanted else {}


def stands_in(*states: InspectionState) -> ColumnElement[bool]:
    """Whether a case is in one of these states."""
    # A list of parameters would be written into the statement anew each time that it is sent.
    words = ", ".join(f"'{state}'" for state in sorted(states))
    return literal_column(f"{Case.__tablename__}.state IN ({words})", Boolean)
