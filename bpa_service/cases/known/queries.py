"""Other cases that are about the same car, or have one of its photos. It costs four statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select

from bpa_service.cases.core.models import Case
from bpa_service.cases.deciding import queries as deciding
from bpa_service.evidence import queries as evidence
from bpa_service.evidence.queries import Compared, SamePhoto, Similar
from service_kit.db import ReadSession
from shared_schemas import vin
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.words import IdentifierKind, Verdict

MOST: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another case, why it is shown, and the answer that counts there, if there is one."""

    case: Case
    same_number: bool
    same_plate: bool
    photos: Sequence[SamePhoto]
    similar: Sequence[Similar]
    verdict: Verdict | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the car of a case: the newest MOST others. `number_counts` is false of what no car has.

    `compared` is what came of comparing its photos with those of others.
    """

    case: Case
    claim: VehicleClaim
    number_counts: bool
    compared: Compared
    others: Sequence[Other]
    has_more: bool


async def known(session: ReadSession, case_id: UUID) -> Known | None:
    """What other cases say; None if there is no such case. Those that are erased say nothing."""
    case = await session.get(Case, case_id)
    if case is None:
        return None
    claim = VehicleClaim.model_validate(case.claim)
    is_placeholder = claim.identifier_kind is IdentifierKind.VIN and vin.is_placeholder(claim.identifier)
    number = None if is_placeholder else case.number_key
    photos = await evidence.seen_in_others(session, case.id)
    compared = await evidence.similar_in_others(session, case.id)
    same = {(photo.evidence_id, photo.other_id) for photo in photos}
    similar = [photo for photo in compared.found if (photo.evidence_id, photo.other_id) not in same]
    with_photo = {photo.case_id for photo in (*photos, *similar)}
    reasons = [Case.id.in_(with_photo)] if with_photo else []
    reasons += [Case.number_key == number] if number is not None else []
    reasons += [Case.plate_key == case.plate_key] if case.plate_key is not None else []
    others: list[Other] = []
    if reasons:
        answer = deciding.newest_beside(Case.id.expression)
        found = await session.execute(
            select(Case, answer.c.verdict, answer.c.decided_at)
            .outerjoin(answer, Case.id == answer.c.case_id)
            .where(or_(*reasons), Case.id != case.id, Case.erased_at.is_(None))
            .order_by(Case.opened_at.desc(), Case.id.desc())
            .limit(MOST + 1)
        )
        others = [
            Other(
                case=other,
                same_number=number is not None and other.number_key == number,
                same_plate=case.plate_key is not None and other.plate_key == case.plate_key,
                photos=[photo for photo in photos if photo.case_id == other.id],
                similar=[photo for photo in similar if photo.case_id == other.id],
                verdict=verdict and Verdict(verdict),
                decided_at=decided_at,
            )
            for other, verdict, decided_at in found
        ]
    return Known(
        case=case,
        claim=claim,
        number_counts=not is_placeholder,
        compared=compared,
        others=others[:MOST],
        has_more=len(others) > MOST,
    )
