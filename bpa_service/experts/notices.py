"""What others did to somebody's access, told to them: whoever did not ask for it can say so in time."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, select

from bpa_service.experts.domain import Expert, Role
from bpa_service.experts.models import AccountNotice, ExpertRow
from service_kit.db import ReadSession, Session
from service_kit.ids import new_id


class NoticeKind(StrEnum):
    """`administrator_added` goes to everybody who is one already, about somebody else."""

    PASSWORD_SET = "password_set"  # noqa: S105 - the name of what happened
    ROLE_CHANGED = "role_changed"
    SECOND_FACTORS_RESET = "second_factors_reset"
    ADMINISTRATOR_ADDED = "administrator_added"


def tell(
    session: Session,
    person_id: UUID,
    kind: NoticeKind,
    *,
    by: Expert | None,
    about: str | None = None,
    now: datetime,
) -> None:
    """Tell somebody at the desk, until they have read it. Of what one did oneself nobody is told.

    `by` is None for an operator at the command line; `about` is the name of whom it is about, if not of them.
    """
    if by is not None and by.id == person_id:
        return
    session.add(
        AccountNotice(
            id=new_id(),
            expert_id=person_id,
            kind=kind,
            by_name=by.display_name if by else None,
            about_name=about,
            at=now,
        )
    )


async def tell_administrators(session: Session, added: Expert, *, by: Expert | None, now: datetime) -> None:
    """Tell whoever keeps people that there is one more who does."""
    others = await session.scalars(
        select(ExpertRow.id).where(
            ExpertRow.role == Role.BPA_ADMIN, ExpertRow.active, ExpertRow.id != added.id
        )
    )
    for person_id in others.all():
        kind = NoticeKind.ADMINISTRATOR_ADDED
        tell(session, person_id, kind, by=by, about=added.display_name, now=now)


async def unread(session: ReadSession, person_id: UUID) -> list[AccountNotice]:
    """The oldest first."""
    of_person = select(AccountNotice).where(AccountNotice.expert_id == person_id)
    return list(await session.scalars(of_person.order_by(AccountNotice.at, AccountNotice.id)))


async def read(session: Session, notice_id: UUID, *, expert: Expert) -> None:
    """They have read it; what happened stays on the audit log. Done twice, nothing changes."""
    await session.execute(
        delete(AccountNotice).where(AccountNotice.id == notice_id, AccountNotice.expert_id == expert.id)
    )
