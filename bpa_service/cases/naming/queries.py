"""Reads of what cars are called."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Text, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import LateralFromClause

from bpa_service.cases.core.domain import OPEN
from bpa_service.cases.core.models import Case
from bpa_service.cases.core.queries import stands_in
from bpa_service.cases.naming.domain import Name, NameKind
from bpa_service.cases.naming.models import CarName, SameCar
from service_kit.db import ReadSession

MOST_OF_A_NAME: Final = 50
"""Of a name that more cases have, the newest: it says no more with each of them."""
MOST_COUNTED: Final = 9
_OTHER: Final = "other_case"
_ONE: Final = literal_column("1", Integer)
_NUMBER: Final = literal_column(f"'{NameKind.NUMBER}'", Text)
# By the index of the names, one walk for each.
_SHARING: Final = """
SELECT DISTINCT other.case_id, other.kind
FROM unnest($1::text[], $2::text[]) AS name (kind, key), LATERAL (
    SELECT case_id, kind FROM car_names
    WHERE car_names.key = name.key AND car_names.kind = name.kind AND case_id <> $3
    ORDER BY said_at DESC LIMIT $4
) AS other
"""


async def of_case(session: ReadSession, case_id: UUID) -> list[Name]:
    """What the car of a case is called."""
    return (await of_cases(session, {case_id}))[case_id]


async def of_cases(session: ReadSession, case_ids: Collection[UUID]) -> Mapping[UUID, list[Name]]:
    """The same of several cases."""
    names: dict[UUID, list[Name]] = {case_id: [] for case_id in case_ids}
    in_order = (CarName.kind, CarName.said_at, CarName.key)
    for row in await session.scalars(
        select(CarName).where(CarName.case_id.in_(case_ids)).order_by(*in_order)
    ):
        name = Name(
            kind=row.kind, key=row.key, source=row.source, said_at=row.said_at, evidence_id=row.evidence_id
        )
        names[row.case_id].append(name)
    return names


async def sharing(session: ReadSession, case_id: UUID, names: Sequence[Name]) -> set[tuple[UUID, NameKind]]:
    """The other cases that have one of these names, and of which kind it is; of a name MOST_OF_A_NAME at most."""
    keys = sorted({(name.kind.value, name.key) for name in names})
    found = await session.fetch(
        _SHARING, [kind for kind, _ in keys], [key for _, key in keys], case_id, MOST_OF_A_NAME
    )
    return {(row["case_id"], NameKind(row["kind"])) for row in found}


def known_beside(case_id: ColumnElement[UUID]) -> LateralFromClause:
    """The same in full: `own` kinds of names that the case has, and each of `others` with the kind (`kinds`) of
    name that it shares; null where there are none.
    """
    own = select(func.array_agg(CarName.kind.distinct())).where(CarName.case_id == case_id)
    order = (SameCar.other_id, SameCar.kind)
    return (
        select(
            own.correlate_except(CarName).scalar_subquery().label("own"),
            func.array_agg(aggregate_order_by(SameCar.other_id, *order)).label("others"),
            func.array_agg(aggregate_order_by(SameCar.kind, *order)).label("kinds"),
        )
        .where(SameCar.case_id == case_id)
        .correlate_except(SameCar)
        .lateral("known")
    )


def said_beside(case_id: ColumnElement[UUID]) -> LateralFromClause:
    """What names say of the car, beside each row of a SELECT that has the id of its case.

    `others` of its number, MOST_COUNTED at most; whether one that shares a name is `open_elsewhere`, and whether
    one of its number says another plate at the same time (`other_plate`). Each stops at what it looks for: an
    index has the open cases alone, so that very many that are over cost little.
    """
    mine = SameCar.case_id == case_id
    numbered = select(_ONE).where(mine, SameCar.kind == _NUMBER).limit(MOST_COUNTED)
    other = aliased(Case, name=_OTHER)
    is_open = select(_ONE).select_from(SameCar).join(other, other.id == SameCar.other_id)
    return select(
        select(func.count())
        .select_from(numbered.correlate_except(SameCar).subquery("numbered"))
        .scalar_subquery()
        .label("others"),
        is_open.where(mine, stands_in(*OPEN, table=_OTHER))
        .correlate_except(SameCar, other)
        .exists()
        .label("open_elsewhere"),
        select(_ONE).where(mine, SameCar.other_plate).correlate_except(SameCar).exists().label("other_plate"),
    ).lateral("named")
