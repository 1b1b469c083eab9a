"""Asking what is due: each source in a lane of its own, so that one that hangs delays no other and nothing else.

A question is claimed in the database, asked without a transaction, and its answer is written down if nobody else
has claimed it since: whoever dies in between leaves a claim that lapses. Of questions about one car one at a time
is asked of a source, so that the next finds its answer in the cache.
"""

import asyncio
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import Exists, exists, select
from sqlalchemy.orm import aliased

from bpa_service.db.tables import AUDIENCE, outbox
from bpa_service.vehicles.enquiries.answers import CachedAnswers, KeptAnswer
from bpa_service.vehicles.enquiries.models import VehicleEnquiry
from bpa_service.vehicles.enquiries.work import SourcesHeard
from bpa_service.vehicles.records.record import Identifier
from bpa_service.vehicles.sources.asking import Asker
from bpa_service.vehicles.sources.connector import Facts
from service_kit import live, locks
from service_kit.db import Database, Session, database_now, is_database_away
from shared_schemas.records import CoverageState

log = structlog.get_logger(__name__)

ANSWERED: Final = "case.vehicle_answered"
"""The kind of the live hint: a source has answered about the car of a case. Nothing else of the case changed."""

AT_ONCE: Final = 4
"""Questions to one source under way in one process."""
POLL: Final = timedelta(seconds=5)
"""So late at most a question is asked of which no message told: one to be put again, one whose claim lapsed."""
_SLACK: Final = timedelta(seconds=15)  # beyond the source's own time-out until its claim lapses
_RUNNING_FIRST: Final = timedelta(seconds=5)
_RUNNING_MOST: Final = timedelta(minutes=1)
_FAILED_FIRST: Final = timedelta(seconds=15)
MOST_TRIES_OF_FAILED: Final = 4
"""A question that fails may cost as much as one that is answered."""
# What may be otherwise in a minute, whether the source was asked or not.
_PASSING: Final = frozenset(
    {
        *("time_out", "unreachable", "unavailable", "server_error", "too_many_questions", "rate_limited"),
        *("circuit_open", "answer_cut_off", "answer_damaged", "answer_empty", "answer_malformed"),
        "html_instead_of_data",
    }
)
_NOTHING_SAID: Final = frozenset({CoverageState.FAILED, CoverageState.NOT_COVERED})


@dataclass(frozen=True, slots=True)
class Claim:
    """A question that is ours to ask; `tries` says that it still is."""

    id: UUID
    about: Identifier
    tries: int
    fresh: bool
    claimed_at: datetime


class Lane:
    """The questions to one source, a few at once."""

    def __init__(
        self, database: Database, source: Facts, asker: Asker, cached: CachedAnswers, nudged: asyncio.Event
    ) -> None:
        """`nudged` is set when there may be something new to ask."""
        self._database = database
        self._source = source
        self._asker = asker
        self._cached = cached
        self._nudged = nudged
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Ask what becomes due, until cancelled. What is under way then is left to lapse."""
        try:
            while True:
                self._nudged.clear()
                await self._begin_what_is_due()
                waiting = {asyncio.create_task(self._nudged.wait()), *self._under_way}
                await asyncio.wait(waiting, timeout=POLL.total_seconds(), return_when=asyncio.FIRST_COMPLETED)
                for task in waiting - self._under_way:
                    task.cancel()
                self._under_way = {task for task in self._under_way if not task.done()}
        finally:
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def ask_due(self) -> int:
        """Ask what is due now, one after the other, and return how many questions that were."""
        count = 0
        while (claim := await self.claim()) is not None:
            await self.settle(claim)
            count += 1
        return count

    async def claim(self) -> Claim | None:
        """The question that has waited longest, if any is due."""
        async with self._database.writing() as session:
            # One at a time, or two would not see that they are about the same car.
            await locks.hold(session, f"vehicle source {self._source.name}")
            now = await database_now(session)
            row = await session.scalar(
                select(VehicleEnquiry)
                .where(
                    VehicleEnquiry.source == self._source.name,
                    VehicleEnquiry.due_at <= now,
                    ~_same_car_is_asked_about(now),
                )
                .order_by(VehicleEnquiry.due_at, VehicleEnquiry.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            if row is None:
                return None
            row.tries += 1
            row.asking_since = now
            row.due_at = now + self._source.timeout + _SLACK
            return Claim(row.id, row.about, row.tries, row.fresh, now)

    async def settle(self, claim: Claim) -> None:
        """Find the answer to a question, and write it down."""
        answer = await self._answer(claim)
        async with self._database.writing() as session:
            await _keep(session, claim, answer, await database_now(session))

    async def _answer(self, claim: Claim) -> KeptAnswer:
        source, about = self._source, claim.about
        if not claim.fresh and (known := await self._cached.get(source, about, claim.claimed_at)) is not None:
            return known
        answer = KeptAnswer.of(await self._asker.ask(about))
        # Before it is written down: whoever dies in between leaves it to be found here, and pays for it once.
        await self._cached.put(source, about, answer, claim.claimed_at)
        return answer

    async def _begin_what_is_due(self) -> None:
        try:
            while len(self._under_way) < AT_ONCE and (claim := await self.claim()) is not None:
                self._under_way.add(asyncio.create_task(self._settle_alone(claim)))
        except Exception as error:
            if is_database_away(error):
                log.warning("enquiries_postponed", source=self._source.name, error=repr(error))
            else:
                log.exception("enquiries_not_claimed", source=self._source.name)

    async def _settle_alone(self, claim: Claim) -> None:
        try:
            await self.settle(claim)
        except Exception as error:  # the claim lapses, and the question is asked again
            if is_database_away(error):
                log.warning("enquiry_postponed", source=self._source.name, error=repr(error))
            else:
                log.exception("enquiry_not_settled", source=self._source.name)


def _same_car_is_asked_about(now: datetime) -> Exists:
    other = aliased(VehicleEnquiry)
    return exists().where(
        other.source == VehicleEnquiry.source,
        other.name == VehicleEnquiry.name,
        other.value == VehicleEnquiry.value,
        other.id != VehicleEnquiry.id,
        other.asking_since.is_not(None),
        other.due_at > now,
    )


async def _keep(session: Session, claim: Claim, answer: KeptAnswer, now: datetime) -> None:
    """Write down what came of a question, unless its case is over or forgotten or somebody else asks by now."""
    row = await session.get(VehicleEnquiry, claim.id, lock=True)
    if row is None or row.tries != claim.tries or row.due_at is None:
        return
    wait = wait_before_again(answer, row.tries)
    row.asking_since = None
    row.due_at = None if wait is None or now + wait > row.gives_up_at else now + wait
    answer = _with_what_was_known(answer, row)
    row.coverage, row.records, row.rejects = answer.coverage, answer.records, answer.rejects
    row.answered_at, row.asked_at, row.cached = now, answer.asked_at, answer.cached
    if row.case_id is not None:
        live.announce(session, audience=AUDIENCE, kind=ANSWERED, subject_id=row.case_id)
    elif row.history_id is not None and row.due_at is None:
        await session.flush()
        await _tell_if_all_are_heard(session, row.history_id, now)


async def _tell_if_all_are_heard(session: Session, history_id: UUID, now: datetime) -> None:
    # Two last answers that come at once would each take the other's question for open.
    await locks.hold(session, f"sources heard for {history_id}")
    is_open = exists().where(VehicleEnquiry.history_id == history_id, VehicleEnquiry.due_at.is_not(None))
    if not await session.scalar(select(is_open)):
        await outbox.enqueue(session, SourcesHeard(history_id=history_id), now=now)


def wait_before_again(answer: KeptAnswer, tries: int) -> timedelta | None:
    """How long to wait before the question is put again; None for an answer that is all there will be."""
    if CoverageState.RUNNING in answer.states:
        return min(_RUNNING_FIRST * 2 ** min(tries - 1, 10), _RUNNING_MOST)
    failed = answer.states <= _NOTHING_SAID and answer.reasons & _PASSING
    return _FAILED_FIRST * 4 ** (tries - 1) if failed and tries < MOST_TRIES_OF_FAILED else None


def _with_what_was_known(answer: KeptAnswer, row: VehicleEnquiry) -> KeptAnswer:
    """An answer that says nothing takes back nothing that an earlier one to the same question has said."""
    if not answer.states <= _NOTHING_SAID or not row.records:
        return answer
    failed: MappingOf[str, object] = {one["kind"]: one for one in answer.coverage}
    coverage = [
        failed.get(one["kind"], one) if one["state"] == CoverageState.RUNNING else one for one in row.coverage
    ]
    return replace(answer, coverage=coverage, records=row.records, rejects=row.rejects, asked_at=row.asked_at)
