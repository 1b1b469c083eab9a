"""What this slice gives to cabinet's worker."""

from uuid import UUID

from cabinet_service.accounts.domain import Change, ContactKind
from shared_schemas.base import UtcDatetime
from shared_schemas.envelope import Work


class SendTestMessage(Work):
    """Send a message to the client's oldest contact of this kind, if there still is one."""

    TYPE = "cabinet.send_test_message"
    account_id: UUID
    channel: ContactKind


class SendAccountChanged(Work):
    """Tell a client what changed in how they sign in, in one place.

    That is the contact that they have had `since` then, the chat `chat_id`, or the contact that was taken away
    and is kept in the challenge `removed_id`: which these are, no work says.
    """

    TYPE = "cabinet.send_account_changed"
    account_id: UUID
    change: Change
    since: UtcDatetime | None = None
    chat_id: UUID | None = None
    removed_id: UUID | None = None
