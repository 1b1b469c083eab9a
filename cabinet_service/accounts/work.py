"""What this slice gives to cabinet's worker."""

from typing import Literal
from uuid import UUID

from shared_schemas.envelope import Work


class SendSignInCode(Work):
    """Send the code of a challenge: to a chat of its owner's or, without one or `past_chats`, to the contact.

    `adds`: it adds the contact to an account, and says so. Neither the code nor the contact is in it: both are
    looked up.
    """

    TYPE = "cabinet.send_sign_in_code"
    challenge_id: UUID
    language: Literal["ru", "en"]
    past_chats: bool = False
    adds: bool = False
