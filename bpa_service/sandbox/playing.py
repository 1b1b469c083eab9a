"""Playing the script: each step is an act of an expert, by the verb that the desk calls, with all its traces."""

from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import and_, not_, select

from bpa_service.cases.asking import handlers as of_client
from bpa_service.cases.asking import queries as asked
from bpa_service.cases.asking import service as asking
from bpa_service.cases.asking.schemas import InfoTaskIn
from bpa_service.cases.core import claims
from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.models import Case
from bpa_service.cases.core.places import PlaceIn, RegionIn
from bpa_service.cases.core.policy import Policy
from bpa_service.cases.core.queries import stands_in
from bpa_service.cases.deciding import queries as decided
from bpa_service.cases.deciding import service as deciding
from bpa_service.cases.deciding.schemas import DraftIn
from bpa_service.cases.findings import queries as found
from bpa_service.cases.findings import service as findings
from bpa_service.cases.findings.schemas import FindingIn
from bpa_service.cases.holding import service as holding
from bpa_service.evidence import queries as evidence
from bpa_service.sandbox import people, script
from bpa_service.sandbox.script import Outcome, Situation, Step
from bpa_service.sandbox.words import Words, words_in
from bpa_service.sla import queries as sla
from bpa_service.vehicles.enquiries import service as enquiries
from bpa_service.vehicles.enquiries.service import Occasion
from service_kit import audit, locks
from service_kit.db import Session, is_database_away
from service_kit.http.problems import Problem
from shared_schemas import clock as arithmetic
from shared_schemas.clock import Clock
from shared_schemas.events.bpa_v1 import FindingSeverity
from shared_schemas.events.cabinet_v1 import ClientRef, InfoTaskNotifiedV1, VehicleClaim
from shared_schemas.evidence import Original
from shared_schemas.words import InspectionState, Shot, Verdict

log = structlog.get_logger(__name__)

MOST: Final = 500
_LOCK: Final = "sandbox played"
_SOURCE: Final = "rdw"
"""The source that is told to be down."""
_NOTICED: Final = frozenset({FindingSeverity.CONTRADICTION, FindingSeverity.ANOMALY})
_CHANNEL: Final = "sandbox"
_REGION: Final = RegionIn(x=0.2, y=0.4, width=0.6, height=0.2)


async def play(session: Session, now: datetime, *, policy: Policy) -> bool:
    """Take the next step in each test that waits for one. Returns whether one was taken: another may follow it.

    Nothing but tests is looked at, whatever the settings of this process say.
    """
    if not await locks.hold_if_free(session, _LOCK):
        return False
    is_slow = Case.number_key.startswith(f"{script.MAKER}{Outcome.SLOW}")
    rows = await session.scalars(
        select(Case)
        .where(
            Case.is_test,
            stands_in(InspectionState.QUEUED, InspectionState.IN_WORK, InspectionState.DISPUTED),
            not_(and_(is_slow, ~Case.disputed, Case.queue_place > now - script.SLOW_BY)),
        )
        .order_by(Case.id)
        .limit(MOST)
    )
    cases = rows.all()
    clocks = await sla.clocks_of(session, [case.id for case in cases])
    taken = False
    for case in cases:
        player = Player(session, policy, now, case, clocks[case.id])
        taken = await player.play() or taken
    return taken


class Player:
    """The script of one case."""

    def __init__(self, session: Session, policy: Policy, now: datetime, case: Case, clock: Clock) -> None:
        self._session = session
        self._policy = policy
        self._now = now
        self._case = case
        self._clock = clock
        self._outcome = script.outcome_of(case.number_key)

    async def play(self) -> bool:
        """Take the next step, if there is one to take now. One that is refused is tried again the next time."""
        step = script.next_step(await self._seen())
        if step is None:
            return False
        try:
            async with audit.attempt(self._session):
                await self._take(step)
        except Exception as error:
            if is_database_away(error):
                raise
            if isinstance(error, Problem):
                log.info("sandbox_step_refused", case_id=str(self._case.id), step=step, code=error.code)
            else:
                log.exception("sandbox_step_failed", case_id=str(self._case.id), step=step)
            return False
        return True

    async def _seen(self) -> Situation:
        case = self._case
        tasks = await asked.of_case(self._session, case.id) if self._outcome is Outcome.QUESTION else ()
        return Situation(
            outcome=self._outcome,
            state=case.state,
            held=case.holder_id is not None,
            used=arithmetic.used(self._clock, self._now),
            budget=self._clock.budget,
            asked=bool(tasks),
            awaited=any(task.ended_at is None for task in tasks),
        )

    async def _take(self, step: Step) -> None:
        reviewing = self._case.disputed
        by = await (people.reviewer if reviewing else people.expert)(self._session, self._case, now=self._now)
        acting = ExpertActing(session=self._session, policy=self._policy, now=self._now, by=by)
        words = words_in(ClientRef.model_validate(self._case.client).language)
        match step:
            case Step.CLAIM:
                await holding.claim(acting, self._case.id)
                if self._outcome is Outcome.SOURCE_DOWN and not reviewing:
                    await self._let_source_be_down()
            case Step.ASK:
                ask = InfoTaskIn(shot=Shot.VIN_STAMPED, question=words.question, blocking=True)
                task = await asking.ask(acting, self._case.id, ask=ask)
                await self._tell(acting, task.id)
            case Step.DECIDE:
                await self._decide(acting, words)
            case Step.REVIEW:
                await self._review(acting, words)

    async def _tell(self, acting: ExpertActing, task_id: UUID) -> None:
        """A program has no channel that would say that it knows of the question: here it knows at once."""
        await self._session.flush()
        told = InfoTaskNotifiedV1(
            inspection_id=self._case.id, task_id=task_id, channel=_CHANNEL, notified_at=self._now
        )
        await of_client.record_notification(acting.consequence, told)

    async def _decide(self, acting: ExpertActing, words: Words) -> None:
        tasks = await asked.of_case(self._session, self._case.id)
        declined = any(task.decline_reason is not None for task in tasks)
        answer = script.answer_of(self._outcome, declined=declined)
        await self._find(acting, words, answer.severity)
        not_covered = (words.not_covered,) if answer.not_covered else ()
        draft = await self._draft(words, answer.verdict, not_covered)
        await deciding.decide(acting, self._case.id, draft=draft)

    async def _review(self, acting: ExpertActing, words: Words) -> None:
        """The answer stands, unless the number is for one that a dispute changes; which it does once."""
        answers = await decided.answers_of(self._session, self._case.id)
        verdict, not_covered = answers[-1].verdict, tuple(answers[-1].not_covered)
        if self._outcome is Outcome.DISPUTED and len(answers) == 1:
            verdict = Verdict.CLEAN
            for finding in (await found.held(self._session, self._case)).values():
                if finding.severity in _NOTICED:
                    await findings.explain(acting, self._case.id, finding.id, explanation=words.explanation)
            await self._find(acting, words, FindingSeverity.CONFIRMED)
        draft = await self._draft(words, verdict, not_covered)
        await deciding.amend(acting, self._case.id, draft=draft, reason=words.reviewed)

    async def _find(self, acting: ExpertActing, words: Words, severity: FindingSeverity) -> None:
        photos = await evidence.of_case(self._session, self._case.id)
        # A copy of a photo is nothing that an answer may rest on.
        seen = next((one for one in photos if one.original is Original.HELD), photos[0])
        place = PlaceIn(evidence_id=seen.evidence_id, region=_REGION)
        statement = FindingIn(severity=severity, text=words.found[severity], places=(place,))
        await findings.record(acting, self._case.id, statement=statement)

    async def _draft(self, words: Words, verdict: Verdict, not_covered: tuple[str, ...]) -> DraftIn:
        await self._session.flush()
        held = await found.held(self._session, self._case)
        return DraftIn(
            verdict=verdict, summary=words.summary[verdict], finding_ids=(*held,), not_covered=not_covered
        )

    async def _let_source_be_down(self) -> None:
        occasion = Occasion(case_id=self._case.id)
        for about in claims.identifiers(VehicleClaim.model_validate(self._case.claim)):
            await enquiries.put_down_failed(self._session, occasion, about, _SOURCE, now=self._now)
