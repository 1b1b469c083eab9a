"""Asking the reader what stands on the photos of a case that somebody opened. Nobody waits for it.

Each photo is claimed in the database, so that of all processes one asks for it; a claim lapses with its process.
A photo that the reader had no time for is asked for again a little later, as long as this goes on, and after that
when the case is looked at again.
"""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.dialects.postgresql import insert

from bpa_service.cases.core.domain import OPEN
from bpa_service.cases.core.models import Case
from bpa_service.cases.readings import queries
from bpa_service.cases.readings.models import Failure, ProposalState, ReadingProposal
from bpa_service.db.tables import AUDIENCE
from bpa_service.evidence import queries as evidence
from service_kit import live
from service_kit.db import Database, Session, database_now, is_database_away
from service_kit.http.peer import Peer, PeerBusy, PeerRefused, PeerUnavailable
from service_kit.http.problems import NotFound
from shared_schemas.evidence import EvidenceRef
from shared_schemas.rest.readings import EvidenceReading
from shared_schemas.words import Original

log = structlog.get_logger(__name__)

PROPOSED: Final = "case.reading_proposed"
"""The kind of the live hint: nothing but the readings changed."""

# More than the reader takes at the most.
SECONDS: Final = 25.0
# Cabinet reads one photo at a time: whoever asks for more is told that it is busy.
AT_ONCE: Final = 2
MOST_CASES: Final = 50
GOES_ON_FOR: Final = timedelta(minutes=2)
MOST_TRIES: Final = 30
_AGAIN: Final = {
    Failure.BUSY: timedelta(seconds=5),
    Failure.NOT_READY: timedelta(seconds=3),
    Failure.AWAY: timedelta(seconds=20),
}


class _Claim(NamedTuple):
    """A photo that is ours to ask for; `asked_at` is by whom."""

    case_id: UUID
    photo: EvidenceRef
    asked_at: datetime
    tries: int


class Asker:
    """Asks for the photos of the cases that are wanted, a few at once, until it is closed."""

    def __init__(self, database: Database, peer: Peer) -> None:
        self._database = database
        self._peer = peer
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._wanted: dict[UUID, asyncio.Task[None]] = {}

    def want(self, case_id: UUID) -> None:
        """Have the photos of this case read some time soon. Returns at once; too many at once are left out."""
        if case_id in self._wanted or len(self._wanted) >= MOST_CASES:
            return
        task = asyncio.create_task(self._ask_for(case_id))
        self._wanted[case_id] = task
        task.add_done_callback(lambda _: self._wanted.pop(case_id, None))

    async def close(self) -> None:
        """Ask no more. What was claimed lapses."""
        tasks = list(self._wanted.values())
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task

    async def settled(self) -> None:
        """Once nothing is wanted any more."""
        while self._wanted:
            await asyncio.wait(self._wanted.values())

    async def _ask_for(self, case_id: UUID) -> None:
        try:
            async with asyncio.timeout(GOES_ON_FOR.total_seconds()):
                while True:
                    wait = await self._ask_for_next(case_id)
                    if wait is None:
                        return
                    await asyncio.sleep(wait)
        except TimeoutError:
            log.info("readings_left_for_later", case_id=str(case_id))
        except Exception as error:
            if is_database_away(error):
                log.warning("readings_left_for_later", case_id=str(case_id), error=repr(error))
            else:
                log.exception("readings_failed", case_id=str(case_id))

    async def _ask_for_next(self, case_id: UUID) -> float | None:
        """Ask for one photo; returns in how many seconds there may be another, None if there is none."""
        async with self._at_once:
            async with self._database.writing() as session:
                now = await database_now(session)
                claim, again_at = await _claim(session, case_id, now)
            if claim is None:
                return max(0.0, (again_at - now).total_seconds()) if again_at else None
            read = await self._read(claim.photo.evidence_id)
            async with self._database.writing() as session:
                await _keep(session, claim, read, await database_now(session))
        return 0.0

    async def _read(self, evidence_id: UUID) -> EvidenceReading | Failure:
        target = f"/internal/v1/evidence/{evidence_id}/reading"
        try:
            return await self._peer.get(target, EvidenceReading, seconds=SECONDS)
        except PeerRefused as refusal:
            return Failure.NOT_READY if refusal.code == "preview_not_ready" else Failure.WITHHELD
        except NotFound:
            return Failure.GONE
        except PeerBusy:
            return Failure.BUSY
        except PeerUnavailable as error:
            log.warning("reader_away", evidence_id=str(evidence_id), error=repr(error))
            return Failure.AWAY


async def _claim(session: Session, case_id: UUID, now: datetime) -> tuple[_Claim | None, datetime | None]:
    """A photo to ask for, or when there is one again."""
    case = await session.get(Case, case_id)
    if case is None or case.erased_at is not None or case.state not in OPEN:
        return None, None
    asked = await queries.proposals(session, case_id)
    for photo in queries.to_ask(await evidence.of_case(session, case_id), asked, now):
        was = asked.get(photo.evidence_id)
        tries = was.tries + 1 if was else 1
        values = {
            "case_id": case_id,
            "state": ProposalState.ASKED,
            "of_copy": photo.original is Original.AWAITED,
            "failure": None,
            "again_at": None,
            "asked_at": now,
            "tries": tries,
        }
        statement = insert(ReadingProposal).values(evidence_id=photo.evidence_id, candidates=[], **values)
        # Whoever was quicker has written another time; one that nobody had asked for has none of before.
        claimed = await session.scalar(
            statement.on_conflict_do_update(
                index_elements=["evidence_id"],
                set_=values,
                where=ReadingProposal.asked_at == (was.asked_at if was else None),
            ).returning(ReadingProposal.evidence_id)
        )
        if claimed is not None:
            return _Claim(case_id, photo, now, tries), None
    return None, queries.next_at(asked)


async def _keep(session: Session, claim: _Claim, read: EvidenceReading | Failure, now: datetime) -> None:
    """Write down what came of it, unless the case was erased or somebody else asks by now."""
    case = await session.get_one(Case, claim.case_id, lock=True)
    row = await session.get_one(ReadingProposal, claim.photo.evidence_id, lock=True)
    if case.erased_at is not None or row.asked_at != claim.asked_at:
        return
    if isinstance(read, Failure):
        wait = _AGAIN.get(read) if claim.tries < MOST_TRIES else None
        row.state, row.failure = ProposalState.FAILED, read
        row.again_at = None if wait is None else now + wait
    else:
        row.state = ProposalState.READ if read.candidates else ProposalState.NOTHING
        row.candidates = [one.model_dump(mode="json") for one in read.candidates]
        row.number_seen, row.read_at = read.number_seen, now
    live.announce(session, audience=AUDIENCE, kind=PROPOSED, subject_id=claim.case_id)
