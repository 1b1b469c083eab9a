"""The columns of passkeys and of the challenges that they answer."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from service_kit.personal_columns import erased_otherwise, not_personal

MAX_NAME_LENGTH: Final = 200


class PasskeyColumns:
    """A passkey of `owner_id`: the public half of its key. `credential_id` is what its authenticator calls it.

    A service declares `owner_id` again, with the foreign key to its people.
    """

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(info=not_personal(is_exported=False))
    credential_id: Mapped[bytes] = mapped_column(
        LargeBinary, unique=True, info=erased_otherwise(is_exported=False)
    )
    public_key: Mapped[bytes] = mapped_column(LargeBinary, info=erased_otherwise(is_exported=False))
    sign_count: Mapped[int] = mapped_column(BigInteger, info=not_personal(is_exported=False))
    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH), info=erased_otherwise())
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    last_used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class PasskeyChallengeColumns:
    """Random bytes that an authenticator is to sign: for `owner_id`, who adds a passkey, or for a sign-in."""

    challenge: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, info=not_personal())
    owner_id: Mapped[UUID | None] = mapped_column(info=not_personal(is_exported=False))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
