"""Routes of templates and checks."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter

from bpa_service.experts.dependencies import Curator, CurrentExpert, Once
from bpa_service.playbook import queries, service
from bpa_service.playbook.schemas import (
    CheckIn,
    CheckList,
    CheckOut,
    TemplateIn,
    TemplateList,
    TemplateOut,
)
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1", route_class=CheckedRoute, tags=["playbook"])


@router.get("/templates")
async def list_templates(_expert: CurrentExpert, session: Reading) -> TemplateList:
    """Ready words, by kind and title."""
    return TemplateList(items=[TemplateOut.of(template) for template in await queries.templates(session)])


@router.post("/templates", status_code=HTTPStatus.CREATED)
async def add_template(
    body: TemplateIn, expert: Curator, once: Once, session: WriteSession, now: Now
) -> TemplateOut:
    """Add ready words."""
    template = await service.add_template(session, body.words(), by=expert, now=now)
    return await once.keep(TemplateOut.of(template))


@router.put("/templates/{template_id}")
async def change_template(
    template_id: UUID, body: TemplateIn, expert: Curator, session: WriteSession, now: Now
) -> TemplateOut:
    """Let them say something else."""
    return TemplateOut.of(
        await service.change_template(session, template_id, body.words(), by=expert, now=now)
    )


@router.delete("/templates/{template_id}", status_code=HTTPStatus.NO_CONTENT)
async def remove_template(template_id: UUID, expert: Curator, session: WriteSession, now: Now) -> None:
    """Offer them no more."""
    await service.remove_template(session, template_id, by=expert, now=now)


@router.get("/checks")
async def list_checks(_expert: CurrentExpert, session: Reading) -> CheckList:
    """What is asked for each kind of marking."""
    return CheckList(items=[CheckOut.of(check) for check in await queries.checks(session)])


@router.post("/checks", status_code=HTTPStatus.CREATED)
async def add_check(body: CheckIn, expert: Curator, once: Once, session: WriteSession, now: Now) -> CheckOut:
    """Ask for something more; cases that are open are asked too."""
    check = await service.add_check(session, body.question(), by=expert, now=now)
    return await once.keep(CheckOut.of(check))


@router.put("/checks/{check_id}")
async def change_check(
    check_id: UUID, body: CheckIn, expert: Curator, session: WriteSession, now: Now
) -> CheckOut:
    """Ask for it in other words, or elsewhere."""
    return CheckOut.of(await service.change_check(session, check_id, body.question(), by=expert, now=now))


@router.delete("/checks/{check_id}", status_code=HTTPStatus.NO_CONTENT)
async def retire_check(check_id: UUID, expert: Curator, session: WriteSession, now: Now) -> None:
    """Ask for it no more. Cases in which it was answered keep the answer."""
    await service.retire_check(session, check_id, by=expert, now=now)
