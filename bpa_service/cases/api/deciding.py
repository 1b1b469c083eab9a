"""The answer, and the second opinion before it."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from bpa_service.cases import queries
from bpa_service.cases.api.dependencies import PolicyOfApp, RequiredVersion, SeenVersion, may
from bpa_service.cases.domain import Act
from bpa_service.cases.schemas.inputs import AmendmentIn, DecisionIn, SecondOpinionAnswer, SecondOpinionIn
from bpa_service.cases.schemas.outputs import DecisionOut, SecondOpinionOut
from bpa_service.cases.service import deciding, second_opinions
from bpa_service.experts.dependencies import Once
from bpa_service.experts.domain import Expert
from service_kit.http.edge import Now, WriteSession
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/cases/{case_id}", route_class=CheckedRoute, tags=["deciding"])


@router.post("/second-opinion", status_code=HTTPStatus.CREATED)
async def ask_second_opinion(
    case_id: UUID,
    body: SecondOpinionIn,
    expert: Annotated[Expert, Depends(may(Act.ASK_SECOND_OPINION))],
    once: Once,
    session: WriteSession,
    seen: SeenVersion,
    policy: PolicyOfApp,
    now: Now,
) -> SecondOpinionOut:
    """Ask the seniors. The clock runs on; no answer can be given before theirs, or before it is withdrawn."""
    opinion = await second_opinions.ask(
        session, case_id, question=body.question, by=expert, seen=seen, policy=policy, now=now
    )
    return await once.keep(SecondOpinionOut.of(opinion, {expert.id: expert.display_name}))


@router.post("/second-opinion/answer", status_code=HTTPStatus.CREATED)
async def answer_second_opinion(
    case_id: UUID,
    body: SecondOpinionAnswer,
    expert: Annotated[Expert, Depends(may(Act.ANSWER_SECOND_OPINION))],
    once: Once,
    session: WriteSession,
    seen: SeenVersion,
    policy: PolicyOfApp,
    now: Now,
) -> SecondOpinionOut:
    """Give the second opinion; not to oneself."""
    opinion = await second_opinions.answer(
        session,
        case_id,
        verdict=body.verdict,
        text=body.text,
        by=expert,
        seen=seen,
        policy=policy,
        now=now,
    )
    names = await queries.names(session, [opinion.asked_by, opinion.answered_by])
    return await once.keep(SecondOpinionOut.of(opinion, names))


@router.delete("/second-opinion", status_code=HTTPStatus.NO_CONTENT)
async def withdraw_second_opinion(
    case_id: UUID,
    expert: Annotated[Expert, Depends(may(Act.WITHDRAW_SECOND_OPINION))],
    session: WriteSession,
    seen: SeenVersion,
    policy: PolicyOfApp,
    now: Now,
) -> None:
    """Go on without it."""
    await second_opinions.withdraw(session, case_id, by=expert, seen=seen, policy=policy, now=now)


@router.post("/decision", status_code=HTTPStatus.CREATED)
async def decide(
    case_id: UUID,
    body: DecisionIn,
    expert: Annotated[Expert, Depends(may(Act.DECIDE))],
    once: Once,
    session: WriteSession,
    seen: RequiredVersion,
    policy: PolicyOfApp,
    now: Now,
) -> DecisionOut:
    """Say a first word, or give the answer and so end the work."""
    give = deciding.decide_preliminary if body.preliminary else deciding.decide
    decision = await give(session, case_id, draft=body.draft(), by=expert, seen=seen, policy=policy, now=now)
    return await once.keep(DecisionOut.of(decision, {expert.id: expert.display_name}))


@router.post("/amendments", status_code=HTTPStatus.CREATED)
async def amend(
    case_id: UUID,
    body: AmendmentIn,
    expert: Annotated[Expert, Depends(may(Act.AMEND))],
    once: Once,
    session: WriteSession,
    seen: RequiredVersion,
    policy: PolicyOfApp,
    now: Now,
) -> DecisionOut:
    """Give a new version of an answer that somebody else gave; that answers an open dispute."""
    decision = await deciding.amend(
        session,
        case_id,
        draft=body.draft(),
        reason=body.reason,
        by=expert,
        seen=seen,
        policy=policy,
        now=now,
    )
    return await once.keep(DecisionOut.of(decision, {expert.id: expert.display_name}))
