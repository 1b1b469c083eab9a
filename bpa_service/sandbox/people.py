"""In whose name the script acts: an expert, and seniors for disputes, since nobody judges their own answer."""

from datetime import datetime
from typing import Final

from bpa_service.cases.core.errors import OwnAnswerDisputed
from bpa_service.cases.core.models import Case
from bpa_service.experts import queries, service
from bpa_service.experts.domain import Expert, Role
from service_kit.db import Session

_EXPERT: Final = ("sandbox-expert", "Sandbox expert", Role.EXPERT)
_SENIORS: Final = (
    ("sandbox-senior", "Sandbox senior", Role.SENIOR),
    ("sandbox-second-senior", "Sandbox second senior", Role.SENIOR),
)
# Of a random password that nobody knows: nobody signs in as them.
_NOBODY: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$WpTFTyuNC5L8i4QoqMhi+g$CRbJZl82EzaOJPM79mhVZAIskNHSrLk+Dw8Slrtcdvs"
)


async def expert(session: Session, _case: Case, *, now: datetime) -> Expert:
    """Who answers. They are let in at their first act."""
    return await _let_in(session, *_EXPERT, now=now)


async def reviewer(session: Session, case: Case, *, now: datetime) -> Expert:
    """Who has the dispute of a case in hand, or may take it. Raises OwnAnswerDisputed where nobody may."""
    for one in _SENIORS:
        senior = await _let_in(session, *one, now=now)
        if senior.id != case.answered_by and case.holder_id in (None, senior.id):
            return senior
    raise OwnAnswerDisputed


async def _let_in(session: Session, login: str, name: str, role: Role, *, now: datetime) -> Expert:
    known = await queries.credential(session, login)
    if known is not None:
        return known.expert
    return await service.add_person(
        session, login=login, display_name=name, role=role, password_hash=_NOBODY, by=None, now=now
    )
