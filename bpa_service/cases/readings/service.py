"""What stands on a photo, as an expert says: version after version, none of which is changed."""

from uuid import UUID

from bpa_service.cases.core import errors
from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.domain import Act
from bpa_service.cases.core.models import Case
from bpa_service.cases.core.queries import names
from bpa_service.cases.naming import domain as naming
from bpa_service.cases.naming import service as naming_service
from bpa_service.cases.readings import domain, queries
from bpa_service.cases.readings.errors import ProposalOutdated, ReadingChanged, ReadingImpossible
from bpa_service.cases.readings.models import AcceptedFrom, PhotoReading, ReadingProposal
from bpa_service.cases.readings.schemas import ReadingIn
from bpa_service.evidence import queries as evidence
from shared_schemas.words import IdentifierKind, Shot


async def accept(
    acting: ExpertActing, case_id: UUID, evidence_id: UUID, *, reading: ReadingIn, seen: int
) -> PhotoReading:
    """Say what stands on a photo; `seen` is the version that it follows, 0 for none.

    Said once more by the same person it stays one version. Raises UnknownEvidence, ReadingImpossible,
    ReadingChanged, or ProposalOutdated if it is to be a proposal and is none.
    """
    case = await acting.on(case_id, Act.RECORD_FINDING)
    shot = await _shot(acting, case, evidence_id)
    proposed = await _is_proposed(acting, evidence_id, reading.text)
    kind = reading.kind or proposed
    try:
        stands = domain.as_it_stands(reading.text, shot, kind)
    except domain.NotOnACar as refusal:
        raise ReadingImpossible(count=refusal.count, most=domain.LONGEST) from None
    region = reading.region and reading.region.model_dump(mode="json")
    newest = await queries.newest(acting.session, evidence_id)
    if newest and newest.author_id == acting.by.id:
        said = (newest.text, newest.kind, newest.accepted_from, newest.region)
        if said == (stands.text, stands.kind, reading.accepted_from, region):
            return newest
    await _check_seen(acting, newest, seen)
    if reading.accepted_from is AcceptedFrom.PROPOSAL and proposed is None:
        raise ProposalOutdated
    accepted = PhotoReading(
        evidence_id=evidence_id,
        version=seen + 1,
        case_id=case.id,
        text=stands.text,
        kind=stands.kind,
        accepted_from=reading.accepted_from,
        region=region,
        author_id=acting.by.id,
        accepted_at=acting.now,
    )
    acting.session.add(accepted)
    acting.record(
        case,
        "reading_accepted",
        evidence_id=evidence_id,
        reading_version=accepted.version,
        accepted_from=reading.accepted_from,
    )
    await _name_car(acting, case)
    return accepted


async def take_back(acting: ExpertActing, case_id: UUID, evidence_id: UUID, *, seen: int) -> None:
    """Let nothing count of what was said of a photo. Raises UnknownEvidence or ReadingChanged."""
    case = await acting.on(case_id, Act.RECORD_FINDING)
    await _shot(acting, case, evidence_id)
    newest = await queries.newest(acting.session, evidence_id)
    if newest is None or newest.text is None:
        return
    await _check_seen(acting, newest, seen)
    acting.session.add(
        PhotoReading(
            evidence_id=evidence_id,
            version=seen + 1,
            case_id=case.id,
            text=None,
            kind=newest.kind,
            accepted_from=None,
            region=None,
            author_id=acting.by.id,
            accepted_at=acting.now,
        )
    )
    acting.record(case, "reading_withdrawn", evidence_id=evidence_id, reading_version=seen + 1)
    await _name_car(acting, case)


async def _name_car(acting: ExpertActing, case: Case) -> None:
    """What stands on its photos is what a car is called, too."""
    read = naming.read(await queries.read_on_photos(acting.session, case.id))
    await naming_service.read_anew(acting, case.id, read)


async def _shot(acting: ExpertActing, case: Case, evidence_id: UUID) -> Shot:
    shot = await evidence.shot_of(acting.session, case.id, evidence_id)
    if shot is None:
        raise errors.UnknownEvidence(evidence_ids=[str(evidence_id)])
    return shot


async def _is_proposed(acting: ExpertActing, evidence_id: UUID, text: str) -> IdentifierKind | None:
    """As which kind of number the reader proposes it; None if it does not."""
    proposal = await acting.session.get(ReadingProposal, evidence_id)
    candidates = proposal.candidates if proposal else []
    kinds = [one["kind"] for one in candidates if one["identifier"] == text]
    return IdentifierKind(kinds[0]) if kinds else None


async def _check_seen(acting: ExpertActing, newest: PhotoReading | None, seen: int) -> None:
    version = newest.version if newest else 0
    if seen == version:
        return
    by, said = "", None
    if newest:
        by, said = (await names(acting.session, {newest.author_id}))[newest.author_id], newest.text
    raise ReadingChanged(version=version, changed_by=by, text=said, said=said or "—")
