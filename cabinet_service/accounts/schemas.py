"""Bodies of the accounts' API."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from cabinet_service.accounts.domain import CODE_DIGITS, ContactKind, Language, Role
from service_kit.http.credentials import Carrier
from service_kit.http.schemas import ApiInput, ApiOutput, ShortText
from service_kit.http.sign_in import DeviceToken, SignedIn

ContactText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=254),
    Field(
        description="An e-mail address, or the number of a mobile phone; without a country code it is Russian."
    ),
]
Code = Annotated[str, StringConstraints(strip_whitespace=True, pattern=rf"^[0-9]{{{CODE_DIGITS}}}$")]


class CodeRequest(ApiInput):
    contact: ContactText
    device_token: DeviceToken = None
    past_chats: bool = Field(
        default=False, description="Send it to the contact itself, though its owner may have a chat."
    )


class CodeSent(ApiOutput):
    """A code is on its way. The answer is the same whether there is an account or not.

    `may_be_in_chat`: who has tied a chat in a messenger to the account finds it there, and not at the contact.
    """

    challenge_id: UUID
    sent_to: str
    may_be_in_chat: bool
    expires_at: datetime
    resend_after: datetime


class SignIn(ApiInput):
    challenge_id: UUID
    code: Code
    carrier: Carrier = Field(
        description="Browsers take the tokens as HttpOnly cookies, other clients in the answer."
    )
    language: Language | None = Field(
        default=None, description="Of a new account; by default that of Accept-Language."
    )
    device_token: DeviceToken = None


class ContactCodeRequest(ApiInput):
    contact: ContactText


class ContactIn(ApiInput):
    challenge_id: UUID
    code: Code


class ContactRemoval(ApiInput):
    """One of one's own contacts, as `GET /me` shows it."""

    kind: ContactKind
    value: str = Field(min_length=1, max_length=254)


class ContactOut(ApiOutput):
    kind: ContactKind
    value: str


class MembershipOut(ApiOutput):
    """An integrator is told as an agent in `role`, which knew no others when it was promised."""

    company_id: UUID
    company_name: str
    branch_id: UUID | None
    branch_name: str | None
    role: Literal[Role.PARTNER_AGENT, Role.PARTNER_ADMIN]
    role_in_detail: Role


class AccountOut(ApiOutput):
    id: UUID
    display_name: str | None
    language: Language
    created_at: datetime


class SignedInOut(SignedIn):
    account: AccountOut


class Me(ApiOutput):
    """`sandbox`: this installation is one for trying, and whatever is ordered in it a test."""

    account: AccountOut
    contacts: list[ContactOut]
    memberships: list[MembershipOut]
    sandbox: bool


class AccountPatch(ApiInput):
    """What is left out stays as it is; a display name of null takes it away."""

    display_name: ShortText | None = None
    language: Language | None = None
