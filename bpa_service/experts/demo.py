"""The people of a demo: one for each role, two experts, all with the same password.

The secrets of their authenticator apps follow from that password, so that they are the same at every start.
"""

import hmac
from base64 import b32encode
from datetime import datetime
from typing import Final

from bpa_service.experts import queries, service
from bpa_service.experts.domain import Expert, Role
from bpa_service.experts.factors import service as factors
from bpa_service.experts.service import PersonChange
from bpa_service.ports import Passwords
from service_kit.db import Session
from service_kit.sealing import Seal

PEOPLE: Final = (
    ("anna", "Анна Белова", Role.EXPERT),
    ("boris", "Борис Кузнецов", Role.EXPERT),
    ("vera", "Вера Орлова", Role.SENIOR),
    ("lead", "Лев Дежурный", Role.SHIFT_LEAD),
    ("admin", "Алла Главная", Role.BPA_ADMIN),
    ("auditor", "Артур Внешний", Role.AUDITOR),
)


def totp_secret(login: str, password: str) -> str:
    """The secret of somebody's app, which follows from the password of the demo."""
    return b32encode(hmac.digest(password.encode(), b"totp of " + login.encode(), "sha256")[:20]).decode()


async def ensure(
    session: Session, passwords: Passwords, password: str, *, seal: Seal, now: datetime
) -> list[Expert]:
    """Make those who are missing, and give everybody this password and an app. Done twice, nothing changes."""
    new_hash: str | None = None
    people: list[Expert] = []
    for login, display_name, role in PEOPLE:
        known = await queries.credential(session, login)
        if (
            known is not None
            and known.expert.active
            and await passwords.verify(password, known.password_hash)
        ):
            people.append(known.expert)
            continue
        # One hash for all of them: it is one password.
        new_hash = new_hash or await passwords.hash(password)
        if known is None:
            person = await service.add_person(
                session,
                login=login,
                display_name=display_name,
                role=role,
                password_hash=new_hash,
                by=None,
                now=now,
            )
        else:
            change = PersonChange(password_hash=new_hash, active=True)
            person = await service.change_person(session, known.expert.id, change, by=None, now=now)
        people.append(person)
    for person in people:
        await factors.enrol(session, person, totp_secret(person.login, password), seal=seal)
    return people
