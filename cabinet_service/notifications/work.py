"""What this slice gives to cabinet's worker."""

from uuid import UUID

from cabinet_service.accounts.domain import ContactKind
from shared_schemas.envelope import Work


class SendTestMessage(Work):
    """Send a message to the client's oldest contact of this kind, if there still is one."""

    TYPE = "cabinet.send_test_message"
    account_id: UUID
    channel: ContactKind
