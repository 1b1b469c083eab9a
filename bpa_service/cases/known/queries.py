"""Other cases that are about the same car, or have one of its photos. It costs four statements."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, any_, bindparam, select

from bpa_service.cases.core.models import Case
from bpa_service.cases.deciding import queries as deciding
from bpa_service.cases.naming import queries as naming
from bpa_service.cases.naming.domain import NameKind
from bpa_service.cases.tying import queries as tying
from bpa_service.cases.tying.queries import Tie
from bpa_service.evidence import queries as evidence
from bpa_service.evidence.queries import Compared, SamePhoto, Similar
from bpa_service.experts import queries as experts
from bpa_service.vehicles.enquiries import queries as enquiries
from service_kit.db import ReadSession
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.records import CoverageState
from shared_schemas.words import Verdict

MOST: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another case, why it is shown, and the answer that counts there, if there is one.

    `shares` are the kinds of names that both cars have.
    """

    case: Case
    holder_name: str | None
    shares: Collection[NameKind]
    photos: Sequence[SamePhoto]
    similar: Sequence[Similar]
    tie: Tie | None
    verdict: Verdict | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the car of a case: the newest MOST others.

    `names` are the kinds of names by which it could be looked for, and `compared` is what came of comparing its
    photos with those of others. `answered` is how that stands which sources were asked about it.
    """

    case: Case
    claim: VehicleClaim
    names: Collection[NameKind]
    compared: Compared
    answered: Collection[CoverageState]
    others: Sequence[Other]
    has_more: bool


async def known(session: ReadSession, case_id: UUID) -> Known | None:
    """What other cases say; None if there is no such case. Those that are erased say nothing."""
    found = await session.execute(_named(), {"case_id": case_id})
    row = found.one_or_none()
    if row is None:
        return None
    case, own, named_alike, kinds, tied_to, by, names, at, asked = row
    told = zip(tied_to or (), by or (), names or (), at or (), strict=True)
    ties: dict[UUID, Tie] = {other_id: Tie(*one) for other_id, *one in told}
    shares: defaultdict[UUID, list[NameKind]] = defaultdict(list)
    for other_id, kind in zip(named_alike or (), kinds or (), strict=True):
        shares[other_id].append(NameKind(kind))
    photos = await evidence.seen_in_others(session, case.id)
    compared = await evidence.similar_in_others(session, case.id)
    same = {(photo.evidence_id, photo.other_id) for photo in photos}
    similar = [photo for photo in compared.found if (photo.evidence_id, photo.other_id) not in same]
    ids = {*shares, *ties, *(photo.case_id for photo in (*photos, *similar))}
    others: list[Other] = []
    if ids:
        rows = await session.execute(_others(), {"ids": sorted(ids)})
        others = [
            Other(
                case=other,
                holder_name=holder_name,
                shares=shares.get(other.id, ()),
                photos=[photo for photo in photos if photo.case_id == other.id],
                similar=[photo for photo in similar if photo.case_id == other.id],
                tie=ties.get(other.id),
                verdict=verdict and Verdict(verdict),
                decided_at=decided_at,
            )
            for other, holder_name, verdict, decided_at in rows
        ]
    return Known(
        case=case,
        claim=VehicleClaim.model_validate(case.claim),
        names=[NameKind(kind) for kind in own or ()],
        compared=compared,
        answered=enquiries.states_in(asked),
        others=others[:MOST],
        has_more=len(others) > MOST,
    )


# Built once: that takes longer than running them.
@cache
def _named() -> Select[*tuple[Any, ...]]:
    """A case, what its car is called, what it is tied to, and how that stands which sources were asked."""
    named, tied = naming.known_beside(Case.id.expression), tying.tied_beside(Case.id.expression)
    return select(
        Case,
        named.c.own,
        named.c.others,
        named.c.kinds,
        tied.c.others,
        tied.c.by,
        tied.c.names,
        tied.c.at,
        enquiries.states_beside(Case.id.expression),
    ).where(Case.id == bindparam("case_id", type_=Case.id.type))


@cache
def _others() -> Select[*tuple[Any, ...]]:
    """The newest of these cases that are not erased, who has each, and the answer that counts."""
    answer = deciding.newest_beside(Case.id.expression)
    return (
        select(Case, experts.name_of(Case.holder_id.expression), answer.c.verdict, answer.c.decided_at)
        .outerjoin(answer, Case.id == answer.c.case_id)
        .where(Case.id == any_(bindparam("ids", type_=ARRAY(Uuid()))), Case.erased_at.is_(None))
        .order_by(Case.opened_at.desc(), Case.id.desc())
        .limit(MOST + 1)
    )
