"""What several slices ask of a case."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Uuid, any_, bindparam, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY

from bpa_service.cases.core.models import Case
from bpa_service.experts import queries as experts
from service_kit.db import ReadSession
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.words import InspectionState

_CASES: Final = select(Case).where(Case.id == any_(bindparam("case_ids", type_=ARRAY(Uuid))))


async def version(session: ReadSession, case_id: UUID) -> int | None:
    """The version of a case; None if there is no such case."""
    return await session.scalar(select(Case.version).where(Case.id == case_id))


async def claim(session: ReadSession, case_id: UUID) -> VehicleClaim | None:
    """What the client says the car of a case is; None if there is no such case."""
    found = await session.scalar(select(Case.claim).where(Case.id == case_id))
    return None if found is None else VehicleClaim.model_validate(found)


async def case(session: ReadSession, case_id: UUID) -> Case | None:
    return await session.get(Case, case_id)


async def cases(session: ReadSession, case_ids: Collection[UUID]) -> Sequence[Case]:
    """Those of them that exist."""
    return (await session.scalars(_CASES, {"case_ids": list(case_ids)})).all()


async def names(session: ReadSession, expert_ids: Collection[UUID | None]) -> Mapping[UUID, str]:
    """What the people of ours among these ids are called."""
    wanted = {expert_id for expert_id in expert_ids if expert_id}
    return await experts.names(session, wanted) if wanted else {}


def stands_in(*states: InspectionState, table: str = Case.__tablename__) -> ColumnElement[bool]:
    """Whether a case is in one of these states; `table` is what the statement calls the cases."""
    # A list of parameters would be written into the statement anew each time that it is sent.
    words = ", ".join(f"'{state}'" for state in sorted(states))
    return literal_column(f"{table}.state IN ({words})", Boolean)
