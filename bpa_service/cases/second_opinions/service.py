"""Hearing a second expert before the answer is given. The clock runs on."""

from uuid import UUID

from sqlalchemy import Select, select

from bpa_service.cases.core.acting import Acting, ExpertActing
from bpa_service.cases.core.domain import Act
from bpa_service.cases.core.models import Case
from bpa_service.cases.second_opinions.models import SecondOpinion
from service_kit.db import Session
from service_kit.ids import new_id
from shared_schemas.events.bpa_v1 import SecondOpinionGivenV1, SecondOpinionRequestedV1
from shared_schemas.words import Verdict


async def ask(acting: ExpertActing, case_id: UUID, *, question: str) -> SecondOpinion:
    """Ask the seniors. Raises SecondOpinionOpen while an earlier question is not answered."""
    case = await acting.on(case_id, Act.ASK_SECOND_OPINION)
    opinion = SecondOpinion(
        id=new_id(), case_id=case.id, question=question, asked_by=acting.by.id, asked_at=acting.now
    )
    acting.session.add(opinion)
    await acting.move(case, Act.ASK_SECOND_OPINION)
    acting.record(case, "second_opinion_asked", second_opinion_id=opinion.id)
    asked = SecondOpinionRequestedV1(inspection_id=case.id, requested_at=acting.now, state=case.state)
    await acting.announce(asked)
    return opinion


async def answer(acting: ExpertActing, case_id: UUID, *, verdict: Verdict, text: str) -> SecondOpinion:
    """Give the second opinion. Raises SecondOpinionNotAsked or OwnSecondOpinion."""
    case = await acting.on(case_id, Act.ANSWER_SECOND_OPINION)
    opinion = await _open_one(acting.session, case)
    opinion.answered_by, opinion.answered_at = acting.by.id, acting.now
    opinion.verdict, opinion.text = verdict, text
    await acting.move(case, Act.ANSWER_SECOND_OPINION)
    acting.record(case, "second_opinion_given", second_opinion_id=opinion.id, verdict=verdict)
    await _announce_settled(acting, case)
    return opinion


async def withdraw(acting: ExpertActing, case_id: UUID) -> None:
    """Go on without it. Raises SecondOpinionNotAsked."""
    case = await acting.on(case_id, Act.WITHDRAW_SECOND_OPINION)
    opinion = await _open_one(acting.session, case)
    opinion.withdrawn_at = acting.now
    await acting.move(case, Act.WITHDRAW_SECOND_OPINION)
    acting.record(case, "second_opinion_withdrawn", second_opinion_id=opinion.id)
    await _announce_settled(acting, case)


async def withdraw_open(acting: Acting, case: Case) -> None:
    """Nobody needs it any more: the case has ended."""
    opinion = await acting.session.scalar(_open_of(case))
    if opinion is not None:
        opinion.withdrawn_at = acting.now


async def _announce_settled(acting: Acting, case: Case) -> None:
    """No second opinion is out any more, given or not."""
    given = SecondOpinionGivenV1(inspection_id=case.id, given_at=acting.now, state=case.state)
    await acting.announce(given)


async def _open_one(session: Session, case: Case) -> SecondOpinion:
    return (await session.scalars(_open_of(case))).one()


def _open_of(case: Case) -> Select[SecondOpinion]:
    return select(SecondOpinion).where(
        SecondOpinion.case_id == case.id,
        SecondOpinion.answered_at.is_(None),
        SecondOpinion.withdrawn_at.is_(None),
    )
