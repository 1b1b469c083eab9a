"""People and sign-ins as the API speaks of them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from bpa_service.experts.domain import Expert, Role, Stage
from bpa_service.experts.models import AccountNotice
from bpa_service.experts.notices import NoticeKind
from service_kit.http.credentials import Carrier
from service_kit.http.schemas import ApiInput, ApiOutput, ShortText
from service_kit.http.sign_in import DeviceToken, SignedIn

Login = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[a-zA-Z0-9][a-zA-Z0-9._@+-]{1,63}$"),
]
NewPassword = Annotated[str, StringConstraints(min_length=12, max_length=128)]


class SignIn(ApiInput):
    """`carrier` says how the tokens are to travel: in HttpOnly cookies, or in the answer for a header."""

    login: Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, max_length=64)]
    password: Annotated[str, StringConstraints(max_length=128)]
    code: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        default=None, description="Of the authenticator app, or a recovery code."
    )
    carrier: Carrier
    device_token: DeviceToken = None


class Person(ApiOutput):
    """Somebody who works here."""

    id: UUID
    login: str
    display_name: str
    role: Role
    active: bool

    @classmethod
    def of(cls, expert: Expert) -> "Person":
        return cls(
            id=expert.id,
            login=expert.login,
            display_name=expert.display_name,
            role=expert.role,
            active=expert.active,
        )


class Notice(ApiOutput):
    """Something that was done to one's access.

    `by_name` is null for an operator at the command line; `about_name` is who became an administrator.
    """

    id: UUID
    kind: NoticeKind
    by_name: str | None
    about_name: str | None
    at: datetime

    @classmethod
    def of(cls, row: AccountNotice) -> "Notice":
        return cls(
            id=row.id,
            kind=NoticeKind(row.kind),
            by_name=row.by_name,
            about_name=row.about_name,
            at=row.at,
        )


class Session(SignedIn):
    """While `stage` is `enrolling`, nothing can be done but to set up an authenticator app.

    `recovery_codes_left` is null unless one was used.
    """

    expert: Person
    stage: Stage
    recovery_codes_left: int | None


class NewPerson(ApiInput):
    """Somebody who is to work here."""

    login: Login
    display_name: ShortText
    role: Role
    password: NewPassword


class PersonPatch(ApiInput):
    """What is to be different; null, or nothing, leaves it as it is."""

    display_name: ShortText | None = None
    role: Role | None = None
    active: bool | None = None
    password: NewPassword | None = Field(default=None)
