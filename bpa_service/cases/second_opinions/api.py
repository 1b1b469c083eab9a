"""A second opinion before the answer."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from bpa_service.cases.core import queries as case_queries
from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.dependencies import may, may_once, named
from bpa_service.cases.core.domain import Act
from bpa_service.cases.second_opinions import service
from bpa_service.cases.second_opinions.schemas import SecondOpinionAnswer, SecondOpinionIn, SecondOpinionOut
from bpa_service.experts.dependencies import Once
from service_kit.http.route import CheckedRoute

router = APIRouter(
    prefix="/api/v1/cases/{case_id}/second-opinion", route_class=CheckedRoute, tags=["deciding"]
)


@router.post("", status_code=HTTPStatus.CREATED)
async def ask_second_opinion(
    case_id: UUID,
    body: SecondOpinionIn,
    acting: Annotated[ExpertActing, may_once(Act.ASK_SECOND_OPINION)],
    once: Once,
) -> SecondOpinionOut:
    """Ask the seniors. The clock runs on; no answer can be given before theirs, or before it is withdrawn."""
    opinion = await service.ask(acting, case_id, question=body.question)
    return await once.keep(SecondOpinionOut.of(opinion, named(acting.by)))


@router.post("/answer", status_code=HTTPStatus.CREATED)
async def answer_second_opinion(
    case_id: UUID,
    body: SecondOpinionAnswer,
    acting: Annotated[ExpertActing, may_once(Act.ANSWER_SECOND_OPINION)],
    once: Once,
) -> SecondOpinionOut:
    """Give the second opinion; not to oneself."""
    opinion = await service.answer(acting, case_id, verdict=body.verdict, text=body.text)
    names = await case_queries.names(acting.session, [opinion.asked_by, opinion.answered_by])
    return await once.keep(SecondOpinionOut.of(opinion, names))


@router.delete("", status_code=HTTPStatus.NO_CONTENT)
async def withdraw_second_opinion(
    case_id: UUID, acting: Annotated[ExpertActing, may(Act.WITHDRAW_SECOND_OPINION)]
) -> None:
    """Go on without it."""
    await service.withdraw(acting, case_id)
