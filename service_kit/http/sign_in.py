"""What the routes of signing in have in common in both services: their bodies, and how tokens come and go."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field, StringConstraints

from service_kit.http.credentials import Carrier, Cookies
from service_kit.http.known_device import MAX_CHARACTERS
from service_kit.http.problems import NotSignedIn
from service_kit.http.schemas import ApiInput, ApiOutput
from service_kit.sessions import SessionColumns, SessionEnded
from service_kit.token_signer import TokenSigner
from service_kit.tokens import AccessToken, BadToken, RefreshToken, TokenPair


class TokensOut(ApiOutput):
    """`token` goes with every request, `refresh_token` gets the next two; null where cookies carry them."""

    token: str | None
    expires_at: datetime
    refresh_token: str | None
    refresh_expires_at: datetime


DeviceToken = Annotated[
    str | None,
    StringConstraints(max_length=MAX_CHARACTERS),
    Field(
        description="What an earlier sign-in on this device gave as `device_token`: its tries are counted by "
        "themselves. Browsers send it as a cookie."
    ),
]


class SignedIn(TokensOut):
    """`device_token` is to be kept, after signing out too, and goes with the next sign-in; null with cookies."""

    device_token: str | None = None


class Refresh(ApiInput):
    """Browsers send no body: their token comes in its cookie."""

    refresh_token: Annotated[str, StringConstraints(max_length=1024)]


class SessionOut(ApiOutput):
    """A signed-in device. `last_seen_at` is right to ten minutes; `network` tells the neighbourhood only."""

    id: UUID
    device: str
    network: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    current: bool

    @classmethod
    def of(cls, session: SessionColumns, *, current: UUID) -> "SessionOut":
        return cls(
            id=session.id,
            device=session.device,
            network=session.network,
            created_at=session.created_at,
            last_seen_at=session.rotated_at,
            expires_at=session.expires_at,
            current=session.id == current,
        )


def read_access(request: Request, cookies: Cookies, signer: TokenSigner) -> AccessToken:
    """The access token of the request, of which the signature only was checked.

    Raises NotSignedIn or CrossSiteRequest.
    """
    try:
        return signer.read_access(cookies.credentials(request).token)
    except BadToken:
        raise NotSignedIn from None


def read_refresh(
    request: Request, body: Refresh | None, cookies: Cookies, signer: TokenSigner
) -> tuple[RefreshToken, Carrier]:
    """The refresh token that was sent, and how. Raises NotSignedIn, CrossSiteRequest or SessionEnded."""
    sent = cookies.refresh_credentials(request, body.refresh_token if body else None)
    try:
        return signer.read_refresh(sent.token), sent.carrier
    except BadToken:
        raise SessionEnded from None


def hand_over(
    response: Response, tokens: TokenPair, *, carrier: Carrier, cookies: Cookies, now: datetime
) -> TokensOut:
    """The answer that gives the tokens to their bearer, or the cookies to a browser."""
    in_body = carrier == "bearer"
    if not in_body:
        cookies.set(response, tokens, now=now)
    return TokensOut(
        token=tokens.access if in_body else None,
        expires_at=tokens.access_expires_at,
        refresh_token=tokens.refresh if in_body else None,
        refresh_expires_at=tokens.refresh_expires_at,
    )
