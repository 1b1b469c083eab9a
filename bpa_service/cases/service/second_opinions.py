"""Hearing a second expert before the answer is given. The clock runs on."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from bpa_service.cases.domain import Act
from bpa_service.cases.models import Case, SecondOpinion
from bpa_service.cases.policy import Policy
from bpa_service.cases.service import acting
from bpa_service.db.tables import outbox
from bpa_service.experts.domain import Expert
from service_kit.audit import Detail
from service_kit.db import Session
from service_kit.ids import new_id
from shared_schemas.events.bpa_v1 import SecondOpinionGivenV1, SecondOpinionRequestedV1
from shared_schemas.words import Verdict


async def ask(
    session: Session,
    case_id: UUID,
    *,
    question: str,
    by: Expert,
    seen: int | None,
    policy: Policy,
    now: datetime,
) -> SecondOpinion:
    """Ask the seniors. Raises SecondOpinionOpen while an earlier question is not answered."""
    act = Act.ASK_SECOND_OPINION
    case = await acting.begin(session, case_id, act, by=by, seen=seen, policy=policy, now=now)
    opinion = SecondOpinion(id=new_id(), case_id=case.id, question=question, asked_by=by.id, asked_at=now)
    session.add(opinion)
    await acting.move(session, case, act, by=by, policy=policy, now=now)
    details = {"second_opinion_id": opinion.id}
    await acting.leave_traces(session, case, "second_opinion_asked", by=by, now=now, details=details)
    asked = SecondOpinionRequestedV1(inspection_id=case.id, requested_at=now, state=case.state)
    await outbox.add(session, asked, now=now)
    return opinion


async def answer(
    session: Session,
    case_id: UUID,
    *,
    verdict: Verdict,
    text: str,
    by: Expert,
    seen: int | None,
    policy: Policy,
    now: datetime,
) -> SecondOpinion:
    """Give the second opinion. Raises SecondOpinionNotAsked or OwnSecondOpinion."""
    act = Act.ANSWER_SECOND_OPINION
    case = await acting.begin(session, case_id, act, by=by, seen=seen, policy=policy, now=now)
    opinion = await _open_one(session, case)
    opinion.answered_by, opinion.answered_at = by.id, now
    opinion.verdict, opinion.text = verdict, text
    details: Mapping[str, Detail] = {"second_opinion_id": opinion.id, "verdict": verdict}
    await _settle(session, case, act, "second_opinion_given", details, by, policy, now)
    return opinion


async def withdraw(
    session: Session, case_id: UUID, *, by: Expert, seen: int | None, policy: Policy, now: datetime
) -> None:
    """Go on without it. Raises SecondOpinionNotAsked."""
    act = Act.WITHDRAW_SECOND_OPINION
    case = await acting.begin(session, case_id, act, by=by, seen=seen, policy=policy, now=now)
    opinion = await _open_one(session, case)
    opinion.withdrawn_at = now
    details = {"second_opinion_id": opinion.id}
    await _settle(session, case, act, "second_opinion_withdrawn", details, by, policy, now)


async def withdraw_open(session: Session, case: Case, *, now: datetime) -> None:
    """Nobody needs it any more: the case has ended."""
    opinion = await session.scalar(_open_of(case))
    if opinion is not None:
        opinion.withdrawn_at = now


async def _settle(
    session: Session,
    case: Case,
    act: Act,
    trace: str,
    details: Mapping[str, Detail],
    by: Expert,
    policy: Policy,
    now: datetime,
) -> None:
    await acting.move(session, case, act, by=by, policy=policy, now=now)
    await acting.leave_traces(session, case, trace, by=by, now=now, details=details)
    given = SecondOpinionGivenV1(inspection_id=case.id, given_at=now, state=case.state)
    await outbox.add(session, given, now=now)


async def _open_one(session: Session, case: Case) -> SecondOpinion:
    return (await session.scalars(_open_of(case))).one()


def _open_of(case: Case) -> Select[SecondOpinion]:
    return select(SecondOpinion).where(
        SecondOpinion.case_id == case.id,
        SecondOpinion.answered_at.is_(None),
        SecondOpinion.withdrawn_at.is_(None),
    )
