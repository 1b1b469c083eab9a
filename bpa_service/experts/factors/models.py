"""The tables of second factors."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.passkeys import Passkeys
from service_kit.passkeys.tables import PasskeyChallengeColumns, PasskeyColumns
from service_kit.personal_columns import not_personal


class SecondFactor(Base):
    """Somebody's authenticator app, and how the last codes went.

    The secrets are sealed. `pending_secret` is one that was shown and not confirmed yet; until it is, `secret`
    stays in force.
    """

    __tablename__ = "second_factors"

    expert_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"), primary_key=True)
    secret: Mapped[bytes | None] = mapped_column(LargeBinary, info=not_personal())
    pending_secret: Mapped[bytes | None] = mapped_column(LargeBinary, info=not_personal())
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    wrong_codes: Mapped[int] = mapped_column(SmallInteger)
    waits_until: Mapped[datetime | None]


class RecoveryCode(Base):
    """One that was not used yet. The code itself is with its owner only."""

    __tablename__ = "recovery_codes"

    expert_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, info=not_personal())


class ExpertPasskey(PasskeyColumns, Base):
    __tablename__ = "expert_passkeys"

    owner_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"), index=True)


class PasskeyChallenge(PasskeyChallengeColumns, Base):
    __tablename__ = "passkey_challenges"


passkeys: Final = Passkeys(ExpertPasskey, PasskeyChallenge)
