"""The car of an inspection as a link shows it, and nothing of who ordered it."""

from collections import Counter
from uuid import UUID

from cabinet_service.accounts.domain import Client
from cabinet_service.inspections.asking import queries as asking
from cabinet_service.inspections.core import domain
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.core.domain import Draft, Missing, TaskState
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.drafting import claims
from cabinet_service.inspections.yard.holders import held
from cabinet_service.inspections.yard.models import YardLink
from cabinet_service.inspections.yard.schemas import YardNumber, YardOut, YardPhoto, YardShot, YardTask
from cabinet_service.photos import queries as photos
from cabinet_service.photos.schemas import EvidenceOut
from service_kit.db import ReadSession
from shared_schemas.words import IdentifierKind, InspectionState


async def car(session: ReadSession, client: Client, *, this_year: int) -> YardOut:
    """What the link of `client` shows."""
    link = await session.get_one(YardLink, held(client).id)
    inspection = await inspections.inspection(session, link.inspection_id, client=client)
    evidence = await photos.views(session, inspection.id)
    tasks = await asking.info_tasks(session, inspection.id)
    taken = Counter(photo.shot for photo in evidence if photo.opens)
    answers = {one["shot"]: one["answer"] for one in inspection.shot_answers}
    asked = [YardShot(shot=shot, photos=taken[shot], answer=answers.get(shot)) for shot in _shots(inspection)]
    places = len(domain.vin_places_of(_kind(inspection)))
    return YardOut(
        inspection_id=inspection.id,
        numbers=_numbers(inspection, this_year),
        make=inspection.make,
        model=inspection.model,
        year=inspection.year,
        one_of=asked[:places],
        suggested=asked[places:],
        tasks=[YardTask.of(one) for one in tasks if one.state is TaskState.OPEN],
        photos=[_photo(one) for one in evidence if one.link_id == link.id],
        note=inspection.worry if link.shows_note else None,
        is_sent=inspection.state is not InspectionState.DRAFT,
        may_submit=link.may_submit,
        missing=_missing(inspection, evidence, this_year),
        done_at=link.done_at,
        expires_at=link.expires_at,
    )


async def shown_photos(session: ReadSession, client: Client) -> set[UUID]:
    """The photos that a link shows: what was brought by it, and what an open question of the experts marks."""
    link = held(client)
    brought = {
        photo.id for photo in await photos.views(session, link.inspection_id) if photo.link_id == link.id
    }
    tasks = await asking.open_of(session, [link.inspection_id])
    return brought | {UUID(one.place["evidence_id"]) for one in tasks if one.place}


def _kind(inspection: Inspection) -> IdentifierKind:
    return inspections.identifier_kind(inspection) or IdentifierKind.VIN


def _shots(inspection: Inspection) -> list[domain.Shot]:
    return [*domain.vin_places_of(_kind(inspection)), *domain.SUGGESTED]


def _numbers(inspection: Inspection, this_year: int) -> list[YardNumber]:
    read = (claims.identifier_reading(inspection, this_year=this_year), claims.plate_reading(inspection))
    return [YardNumber(kind=one.kind, text=one.display) for one in read if one is not None]


def _photo(photo: EvidenceOut) -> YardPhoto:
    return YardPhoto(
        id=photo.id,
        shot=photo.shot,
        info_task_id=photo.info_task_id,
        sha256=photo.sha256,
        opens=photo.opens,
    )


def _missing(inspection: Inspection, evidence: list[EvidenceOut], this_year: int) -> list[Missing]:
    if inspection.state is not InspectionState.DRAFT:
        return []
    named = claims.naming(inspection, this_year=this_year)
    shots = {photo.shot for photo in evidence if photo.opens}
    return list(domain.missing(Draft(named is not None, named is not None and named.ok, shots)))
