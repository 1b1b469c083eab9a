"""Routes of one's own second factors, and of their reset.

None of them keeps its answer under an idempotency key: what they give is shown once and stored nowhere. Done
again they give new secrets, which replace those whose answer was lost.
"""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from bpa_service.api_ports import PortsOfApp
from bpa_service.experts import service as people
from bpa_service.experts.dependencies import CurrentExpert, MaybeEnrolling, SentToken, only
from bpa_service.experts.domain import Expert, Role
from bpa_service.experts.factors import service
from bpa_service.experts.factors.models import passkeys
from bpa_service.experts.factors.schemas import (
    CodeInput,
    EnrolmentOut,
    EnrolmentStart,
    RecoveryCodesOut,
    SecondFactorsOut,
)
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.problem_responses import problem_response
from service_kit.http.problems import Problem
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1", route_class=CheckedRoute, tags=["second factors"])

ConfirmedAdmin = Annotated[Expert, Depends(only(Role.BPA_ADMIN, confirmed=True))]


@router.get("/me/second-factors")
async def get_second_factors(expert: MaybeEnrolling, session: Reading) -> SecondFactorsOut:
    """What one has set up."""
    return SecondFactorsOut(
        totp=await service.is_enrolled(session, expert),
        recovery_codes_left=await service.recovery_codes_left(session, expert),
        passkeys=len(await passkeys.of(session, expert.id)),
    )


@router.post("/me/totp", status_code=HTTPStatus.CREATED, response_model=EnrolmentOut)
async def start_enrolment(
    request: Request,
    expert: MaybeEnrolling,
    session: WriteSession,
    now: Now,
    ports: PortsOfApp,
    body: EnrolmentStart | None = None,
) -> EnrolmentOut | Response:
    """Begin to set up an authenticator app, the first or another one. It counts once it is confirmed."""
    code = body.code if body else None
    outcome = await service.start_enrolment(session, expert, code, seal=ports.seal, now=now)
    if isinstance(outcome, Problem):
        return problem_response(request, outcome)
    return EnrolmentOut.of(outcome)


@router.post("/me/totp/confirmation", response_model=RecoveryCodesOut)
async def confirm_enrolment(
    body: CodeInput,
    request: Request,
    expert: MaybeEnrolling,
    token: SentToken,
    session: WriteSession,
    now: Now,
    ports: PortsOfApp,
) -> RecoveryCodesOut | Response:
    """Show that the app gives the right codes. From now on this session may do everything."""
    outcome = await service.confirm_enrolment(
        session, expert, body.code, token.session_id, seal=ports.seal, now=now
    )
    if isinstance(outcome, Problem):
        return problem_response(request, outcome)
    return RecoveryCodesOut(recovery_codes=outcome)


@router.post("/me/recovery-codes", response_model=RecoveryCodesOut)
async def renew_recovery_codes(
    body: CodeInput,
    request: Request,
    expert: CurrentExpert,
    session: WriteSession,
    now: Now,
    ports: PortsOfApp,
) -> RecoveryCodesOut | Response:
    """Get ten new recovery codes; the old ones count no more."""
    outcome = await service.renew_recovery_codes(session, expert, body.code, seal=ports.seal, now=now)
    if isinstance(outcome, Problem):
        return problem_response(request, outcome)
    return RecoveryCodesOut(recovery_codes=outcome)


@router.post("/me/confirmation", status_code=HTTPStatus.NO_CONTENT, response_model=None)
async def confirm_session(
    body: CodeInput,
    request: Request,
    expert: CurrentExpert,
    token: SentToken,
    session: WriteSession,
    now: Now,
    ports: PortsOfApp,
) -> Response | None:
    """Show a code once more: for five minutes this session may change who may do what."""
    refusal = await service.confirm_session(
        session, expert, body.code, token.session_id, seal=ports.seal, now=now
    )
    return problem_response(request, refusal) if refusal is not None else None


@router.delete("/people/{person_id}/second-factors", status_code=HTTPStatus.NO_CONTENT, tags=["people"])
async def reset_second_factors(
    person_id: UUID, expert: ConfirmedAdmin, session: WriteSession, now: Now
) -> None:
    """Take from somebody who lost them their app, recovery codes and passkeys; they set up new ones.

    They are told who did it. Asks for a session that showed a code within the last five minutes
    (`POST /me/confirmation`).
    """
    await people.reset_second_factors(session, person_id, by=expert, now=now)
