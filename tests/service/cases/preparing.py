"""Checks that are asked for."""

from uuid import UUID

from bpa_service.experts.domain import Role
from bpa_service.playbook import service as playbook
from bpa_service.playbook.service import Question
from service_kit.db import database_now
from shared_schemas.words import Shot
from tests.service.cases.conftest import Desk
from tests.support.experts import sign_in


async def asked(desk: Desk, shot: Shot | None = Shot.VIN_STAMPED, *, required: bool = True) -> UUID:
    """A check of the checklist."""
    admin = (await sign_in(desk.ports, Role.BPA_ADMIN)).expert
    question = Question(shot=shot, text="Is the surface around it painted?", required=required, position=1)
    async with desk.ports.backbone.database.writing() as session:
        now = await database_now(session)
        return (await playbook.add_check(session, question, by=admin, now=now)).id
