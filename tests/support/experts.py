"""Signed-in experts of bpa, without the hashing of a password that a test is not about."""

from dataclasses import dataclass
from datetime import timedelta

from bpa_service.adapters.argon2 import NOBODY
from bpa_service.api_ports import ApiPorts
from bpa_service.experts import queries, service
from bpa_service.experts.domain import Expert, Role, Stage
from service_kit.db import database_now
from service_kit.sessions import Device

SESSION_LENGTH = timedelta(hours=1)
DESK = Device("Chrome, Linux", "198.51.100.0/24")


@dataclass(frozen=True)
class SignedInExpert:
    """Somebody and the tokens of a session of theirs."""

    expert: Expert
    token: str
    refresh_token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


async def sign_in(
    ports: ApiPorts, role: Role, login: str | None = None, *, stage: Stage = Stage.FULL
) -> SignedInExpert:
    """Somebody of this role, by default the one whose login is the role; made if there is nobody.

    They have shown both factors, unless `stage` says that they have yet to set up the second.
    """
    login = login or role.value
    async with ports.backbone.database.writing() as session:
        now = await database_now(session)
        known = await queries.credential(session, login)
        expert = (
            known.expert
            if known
            else await service.add_person(
                session,
                login=login,
                display_name=login.title(),
                role=role,
                password_hash=NOBODY,
                by=None,
                now=now,
            )
        )
        started = service.start_session(
            session, expert, device=DESK, length=SESSION_LENGTH, stage=stage, now=now
        )
    tokens = started.session.tokens(ports.tokens)
    return SignedInExpert(started.expert, tokens.access, tokens.refresh)
