"""Second factors as the API speaks of them."""

from typing import Annotated

import segno
from pydantic import Field, StringConstraints

from bpa_service.experts.factors.service import Enrolment
from service_kit.http.schemas import ApiInput, ApiOutput

Code = Annotated[str, StringConstraints(max_length=64)]


class EnrolmentStart(ApiInput):
    code: Code | None = Field(
        default=None, description="Of the app or list in use; needed by whoever has one."
    )


class EnrolmentOut(ApiOutput):
    """What an authenticator app has to be told. It is shown this once."""

    secret: str = Field(description="To be typed where the QR code cannot be scanned.")
    uri: str
    qr_svg: str

    @classmethod
    def of(cls, enrolment: Enrolment) -> "EnrolmentOut":
        picture = segno.make_qr(enrolment.uri).svg_inline(scale=4, light="#fff")
        return cls(secret=enrolment.secret, uri=enrolment.uri, qr_svg=picture)


class CodeInput(ApiInput):
    code: Code


class RecoveryCodesOut(ApiOutput):
    """Each lets in once, in place of a code of the app. They are shown this once."""

    recovery_codes: list[str]


class SecondFactorsOut(ApiOutput):
    """`totp` says whether an authenticator app is set up."""

    totp: bool
    recovery_codes_left: int
    passkeys: int
