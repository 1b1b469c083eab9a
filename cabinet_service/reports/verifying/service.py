"""How a report stands, by its code or by the bytes of a file."""

from cabinet_service.reports import codes, queries
from cabinet_service.reports.files import queries as files
from cabinet_service.reports.models import KeptReport
from cabinet_service.reports.verifying.judge import Looked
from cabinet_service.reports.verifying.schemas import Standing, VerificationOut
from service_kit.db import ReadSession

_UNKNOWN = VerificationOut(state=Standing.UNKNOWN)


async def by_code(session: ReadSession, code: str) -> VerificationOut:
    """Of whoever holds the code: what became of the report that has it."""
    read = codes.read(code)
    kept = await queries.of_code(session, read) if read else None
    return _UNKNOWN if kept is None else await _standing(session, kept)


async def by_digest(session: ReadSession, sha256: str) -> VerificationOut | None:
    """Of whoever holds a file of ours, byte for byte: no other word is as strong. None where it is none."""
    made = await files.of_digest(session, sha256)
    kept = None if made is None else await queries.report(session, made.report_id)
    return None if kept is None else await _standing(session, kept)


async def by_look(session: ReadSession, looked: Looked) -> VerificationOut:
    """Of whoever holds another file. A signature of ours that covers all of it counts like the bytes; else it is
    a changed one, if it says that it is ours.
    """
    kept = await queries.of_code(session, looked.code) if looked.code else None
    if kept is None:
        return VerificationOut(state=Standing.CHANGED) if looked.signed and not looked.whole else _UNKNOWN
    standing = await _standing(session, kept)
    if looked.whole or standing.state is Standing.ERASED:
        return standing
    return VerificationOut(state=Standing.CHANGED, version=standing.version, made_at=standing.made_at)


async def _standing(session: ReadSession, kept: KeptReport) -> VerificationOut:
    order = await kept.subject.order(session)
    if order.erased_at is not None:
        return VerificationOut(state=Standing.ERASED)
    # By the answers, and not by their reports: what was taken back is not true while its report is on its way.
    given = await kept.subject.given(session)
    newer = [one.decided_at for one in given if one.version > kept.version]
    return VerificationOut(
        state=Standing.REPLACED if newer else Standing.GENUINE,
        version=kept.version,
        made_at=kept.made_at,
        replaced_at=min(newer, default=None),
    )
