"""Words with the client: questions, messages; and notes that they never see."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from bpa_service.cases.api.dependencies import PolicyOfApp, SeenVersion, may
from bpa_service.cases.domain import Act
from bpa_service.cases.schemas.inputs import InfoTaskIn, TextIn
from bpa_service.cases.schemas.outputs import InfoTaskOut, MessageOut, NoteOut
from bpa_service.cases.service import asking, talking
from bpa_service.experts.dependencies import Once
from bpa_service.experts.domain import Expert
from service_kit.http.edge import Now, WriteSession
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/cases/{case_id}", route_class=CheckedRoute, tags=["words"])


@router.post("/info-tasks", status_code=HTTPStatus.CREATED)
async def create_info_task(
    case_id: UUID,
    body: InfoTaskIn,
    expert: Annotated[Expert, Depends(may(Act.ASK))],
    once: Once,
    session: WriteSession,
    seen: SeenVersion,
    policy: PolicyOfApp,
    now: Now,
) -> InfoTaskOut:
    """Ask the client. A blocking task stops the clock once the client was told of it."""
    task = await asking.ask(session, case_id, ask=body.ask(), by=expert, seen=seen, policy=policy, now=now)
    return await once.keep(InfoTaskOut.of(task, {expert.id: expert.display_name}))


@router.delete("/info-tasks/{task_id}", status_code=HTTPStatus.NO_CONTENT)
async def withdraw_info_task(
    case_id: UUID,
    task_id: UUID,
    expert: Annotated[Expert, Depends(may(Act.WITHDRAW_TASK))],
    session: WriteSession,
    seen: SeenVersion,
    policy: PolicyOfApp,
    now: Now,
) -> None:
    """No longer ask for it."""
    await asking.withdraw(session, case_id, task_id, by=expert, seen=seen, policy=policy, now=now)


@router.post("/messages", status_code=HTTPStatus.CREATED)
async def post_message(
    case_id: UUID,
    body: TextIn,
    expert: Annotated[Expert, Depends(may(Act.WRITE_MESSAGE))],
    once: Once,
    session: WriteSession,
    seen: SeenVersion,
    policy: PolicyOfApp,
    now: Now,
) -> MessageOut:
    """Write to the client."""
    message = await talking.write_message(
        session, case_id, text=body.text, by=expert, seen=seen, policy=policy, now=now
    )
    return await once.keep(MessageOut.of(message, {expert.id: expert.display_name}))


@router.post("/notes", status_code=HTTPStatus.CREATED)
async def write_note(
    case_id: UUID,
    body: TextIn,
    expert: Annotated[Expert, Depends(may(Act.WRITE_NOTE))],
    once: Once,
    session: WriteSession,
    seen: SeenVersion,
    policy: PolicyOfApp,
    now: Now,
) -> NoteOut:
    """Write something for colleagues."""
    note = await talking.write_note(
        session, case_id, text=body.text, by=expert, seen=seen, policy=policy, now=now
    )
    return await once.keep(NoteOut.of(note, {expert.id: expert.display_name}))
