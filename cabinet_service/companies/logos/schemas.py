"""Logos as the API speaks of them."""

from base64 import b64encode

from pydantic import Field

from cabinet_service.companies.logos.queries import Logo
from service_kit.http.schemas import ApiOutput


class LogoOut(ApiOutput):
    """A company's logo, on white. It comes with what it stands beside, and so is there without a network."""

    src: str = Field(description="The picture itself: a `data:` address of a PNG.")
    width: int
    height: int
    alt: str = Field(description="The name of the company.")

    @classmethod
    def of(cls, logo: Logo) -> "LogoOut":
        src = f"data:image/png;base64,{b64encode(logo.png).decode()}"
        return cls(src=src, width=logo.width, height=logo.height, alt=logo.company)


def shown(logo: Logo | None) -> LogoOut | None:
    """The same of whoever may have none."""
    return None if logo is None else LogoOut.of(logo)
