"""What can be done with second factors.

A wrong code has to be counted although it is refused. So whatever looks at a code returns its refusal instead of
raising it: an error would roll the count back.
"""

import math
import secrets
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from pyotp import random_base32
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from bpa_service.experts.domain import Expert, Stage
from bpa_service.experts.factors import domain
from bpa_service.experts.factors.errors import (
    METHODS,
    CodeRequired,
    CodeWrong,
    NoEnrolment,
    SecondFactorRequired,
    SecondFactorWrong,
)
from bpa_service.experts.factors.models import RecoveryCode, SecondFactor, passkeys
from bpa_service.experts.models import ExpertSession
from service_kit import audit
from service_kit.db import ReadSession, Session
from service_kit.http.problems import Problem, TooManyRequests

if TYPE_CHECKING:
    from service_kit.sealing import Seal


class Enrolment(NamedTuple):
    """What an authenticator app has to be told: as text to type, and as the content of a QR code."""

    secret: str
    uri: str


class Shown(NamedTuple):
    """How far somebody got who signs in; how many recovery codes are left where they used one."""

    stage: Stage
    recovery_codes_left: int | None = None


async def show(
    session: Session, expert: Expert, code: str | None, *, seal: "Seal", now: datetime
) -> Shown | Problem:
    """The second step of a sign-in. Who has set nothing up yet comes in as far as to do so."""
    factor = await _locked(session, expert)
    if factor is None or factor.secret is None:
        return Shown(Stage.ENROLLING)
    if code is None:
        return SecondFactorRequired(methods=METHODS)
    refusal = await _check(session, factor, code, seal=seal, now=now)
    if isinstance(refusal, CodeWrong):
        return SecondFactorWrong()
    if refusal is not None:
        return refusal
    left = None if domain.is_app_code(code) else await recovery_codes_left(session, expert)
    return Shown(Stage.FULL, left)


async def verify(
    session: Session, expert: Expert, code: str | None, *, seal: "Seal", now: datetime
) -> Problem | None:
    """A fresh code of somebody signed in, before what only they themselves may do; None if it is right."""
    factor = await _locked(session, expert)
    if factor is None or factor.secret is None:
        return CodeWrong()
    if code is None:
        return CodeRequired(methods=METHODS)
    refusal = await _check(session, factor, code, seal=seal, now=now)
    if refusal is not None:
        audit.record(session, "second_factor_refused", by=expert, now=now)
    return refusal


async def is_enrolled(session: ReadSession, expert: Expert) -> bool:
    factor = await session.get(SecondFactor, expert.id)
    return factor is not None and factor.secret is not None


async def recovery_codes_left(session: ReadSession, expert: Expert) -> int:
    count = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.expert_id == expert.id)
    return await session.scalar(count) or 0


async def start_enrolment(
    session: Session, expert: Expert, code: str | None, *, seal: "Seal", now: datetime
) -> Enrolment | Problem:
    """A new secret for the expert's app. It counts from its confirmation on; until then the old one does.

    Who has one already shows a code first: a session alone, which may be stolen, moves nothing to another phone.
    """
    if await is_enrolled(session, expert):
        refusal = await verify(session, expert, code, seal=seal, now=now)
        if refusal is not None:
            return refusal
    secret = random_base32()
    pending = seal.seal(secret)
    await session.execute(
        insert(SecondFactor)
        .values(expert_id=expert.id, pending_secret=pending, wrong_codes=0)
        .on_conflict_do_update(
            index_elements=[SecondFactor.expert_id], set_={SecondFactor.pending_secret: pending}
        )
    )
    return Enrolment(secret, domain.enrolment_uri(secret, expert.login))


async def confirm_enrolment(
    session: Session, expert: Expert, code: str, session_id: UUID, *, seal: "Seal", now: datetime
) -> list[str] | Problem:
    """The app shows right codes: it is in force, and this session may do everything. Returns recovery codes.

    The expert's other sessions that are still enrolling end: whoever holds them knows the password and was not
    shown this secret. For the same reason wrong codes are counted here, too. Raises NoEnrolment.
    """
    factor = await _locked(session, expert)
    if factor is None or factor.pending_secret is None:
        raise NoEnrolment
    if (wait := _wait(factor, now)) is not None:
        return wait
    step = domain.step_of(code, seal.open(factor.pending_secret), now=now, after=None)
    if step is None:
        audit.record(session, "second_factor_refused", by=expert, now=now)
        return _count_wrong(factor, now)
    factor.secret, factor.pending_secret = factor.pending_secret, None
    factor.last_step = step
    _forgive(factor)
    mine = ExpertSession.holder_id == expert.id
    await session.execute(
        update(ExpertSession)
        .where(mine, ExpertSession.id == session_id)
        .values(stage=Stage.FULL, confirmed_at=now)
    )
    await session.execute(delete(ExpertSession).where(mine, ExpertSession.stage == Stage.ENROLLING))
    audit.record(session, "second_factor_enrolled", by=expert, now=now)
    return await _new_recovery_codes(session, expert)


async def confirm_session(
    session: Session, expert: Expert, code: str, session_id: UUID, *, seal: "Seal", now: datetime
) -> Problem | None:
    """A session shows a fresh code, and may change who may do what for the next minutes; None if it is right."""
    refusal = await verify(session, expert, code, seal=seal, now=now)
    if refusal is None:
        await session.execute(
            update(ExpertSession)
            .where(ExpertSession.id == session_id, ExpertSession.holder_id == expert.id)
            .values(confirmed_at=now)
        )
        audit.record(session, "session_confirmed", by=expert, now=now)
    return refusal


async def renew_recovery_codes(
    session: Session, expert: Expert, code: str, *, seal: "Seal", now: datetime
) -> list[str] | Problem:
    """Ten new codes; the old ones count no more."""
    refusal = await verify(session, expert, code, seal=seal, now=now)
    if refusal is not None:
        return refusal
    audit.record(session, "recovery_codes_renewed", by=expert, now=now)
    return await _new_recovery_codes(session, expert)


async def enrol(session: Session, expert: Expert, secret: str, *, seal: "Seal") -> None:
    """Put a secret in force that the expert knows already: for people of a demo."""
    sealed = seal.seal(secret)
    await session.execute(
        insert(SecondFactor)
        .values(expert_id=expert.id, secret=sealed, wrong_codes=0)
        .on_conflict_do_update(index_elements=[SecondFactor.expert_id], set_={SecondFactor.secret: sealed})
    )


async def forget(session: Session, expert_id: UUID) -> None:
    """Whatever somebody has set up: their app, their recovery codes, their passkeys."""
    await session.execute(delete(SecondFactor).where(SecondFactor.expert_id == expert_id))
    await session.execute(delete(RecoveryCode).where(RecoveryCode.expert_id == expert_id))
    await passkeys.remove_all(session, expert_id)


async def reseal(session: Session, *, seal: "Seal") -> int:
    """Seal every secret with the key that is the first now; returns how many there are."""
    factors = (await session.scalars(select(SecondFactor).with_for_update())).all()
    for factor in factors:
        factor.secret = factor.secret and seal.renew(factor.secret)
        factor.pending_secret = factor.pending_secret and seal.renew(factor.pending_secret)
    return len(factors)


async def _locked(session: Session, expert: Expert) -> SecondFactor | None:
    # Codes that are sent side by side are looked at one by one, or each would be the first.
    return await session.get(SecondFactor, expert.id, lock=True)


async def _check(
    session: Session, factor: SecondFactor, code: str, *, seal: "Seal", now: datetime
) -> CodeWrong | TooManyRequests | None:
    if (wait := _wait(factor, now)) is not None:
        return wait
    if not await _is_right(session, factor, code, seal=seal, now=now):
        return _count_wrong(factor, now)
    _forgive(factor)
    return None


async def _is_right(
    session: Session, factor: SecondFactor, code: str, *, seal: "Seal", now: datetime
) -> bool:
    """Whether the code lets in; it does so this once."""
    if not domain.is_app_code(code):
        used = await session.scalar(
            delete(RecoveryCode)
            .where(
                RecoveryCode.expert_id == factor.expert_id,
                RecoveryCode.digest == domain.recovery_digest(code),
            )
            .returning(RecoveryCode.digest)
        )
        return used is not None
    assert factor.secret is not None  # noqa: S101 - nobody's code is looked at who has not enrolled
    step = domain.step_of(code, seal.open(factor.secret), now=now, after=factor.last_step)
    if step is None:
        return False
    factor.last_step = step
    return True


def _wait(factor: SecondFactor, now: datetime) -> TooManyRequests | None:
    if factor.waits_until is None or now >= factor.waits_until:
        return None
    return TooManyRequests(retry_after=math.ceil((factor.waits_until - now).total_seconds()))


def _count_wrong(factor: SecondFactor, now: datetime) -> CodeWrong:
    factor.wrong_codes += 1
    wait = domain.wait_after(factor.wrong_codes)
    # Not `now` where there is no wait: whoever waited for the lock may have begun before that.
    factor.waits_until = now + wait if wait else None
    return CodeWrong()


def _forgive(factor: SecondFactor) -> None:
    factor.wrong_codes = 0
    factor.waits_until = None


async def _new_recovery_codes(session: Session, expert: Expert) -> list[str]:
    await session.execute(delete(RecoveryCode).where(RecoveryCode.expert_id == expert.id))
    entropies = (secrets.token_bytes(domain.RECOVERY_BYTES) for _ in range(domain.RECOVERY_CODES))
    codes = [domain.recovery_code(entropy) for entropy in entropies]
    session.add_all(RecoveryCode(expert_id=expert.id, digest=domain.recovery_digest(code)) for code in codes)
    return codes
