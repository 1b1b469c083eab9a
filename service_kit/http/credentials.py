"""Where a request carries its tokens, and why another site cannot make a browser send them.

Mobile clients and partners send `Authorization: Bearer`, and refresh with a token in the body. Browsers send
HttpOnly cookies; for a request that changes something the browser must also say that our own page made it (Fetch
Metadata, or the Origin header of older browsers). SameSite keeps the cookies out of cross-site POSTs in the first
place, and the one that refreshes goes nowhere but to the addresses of signing in.
"""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Self

from service_kit.http.problems import NotSignedIn, Problem

if TYPE_CHECKING:
    from fastapi import Request, Response

    from service_kit.tokens import TokenPair

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
REFRESH_PATH: Final = "/api/v1/auth"

Carrier = Literal["cookie", "bearer"]


class CrossSiteRequest(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "cross_site_request"
    en = "A page of another site tried to act in your name; this was refused."
    ru = "Страница другого сайта попыталась действовать от вашего имени; мы это отклонили."


class Credentials(NamedTuple):
    """A token as it was sent."""

    token: str
    carrier: Carrier


@dataclass(frozen=True, slots=True)
class Cookies:
    """The cookies in which browsers carry the tokens of one service, whose own pages have this `origin`.

    `device` is how the names of those begin by which a device is known again.
    """

    access: str
    refresh: str
    device: str
    origin: str

    @classmethod
    def named(cls, name: str, origin: str) -> Self:
        """Over https with the prefixes by which a browser takes them from nobody but this host, over https.

        Those that go to the addresses of signing in alone cannot have `__Host-`.
        """
        host, secure = ("__Host-", "__Secure-") if origin.startswith("https:") else ("", "")
        return cls(f"{host}{name}", f"{secure}{name}_refresh", f"{secure}{name}_device_", origin)

    def credentials(self, request: "Request") -> Credentials:
        """The access token of the request. Raises NotSignedIn or CrossSiteRequest."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token.strip():
            return Credentials(token.strip(), "bearer")
        return self._carried(request, self.access)

    def refresh_credentials(self, request: "Request", sent: str | None) -> Credentials:
        """The refresh token `sent` in the body, or that of the cookie. Raises NotSignedIn or CrossSiteRequest."""
        return Credentials(sent, "bearer") if sent is not None else self._carried(request, self.refresh)

    def require_own_page(self, request: "Request") -> None:
        """Raise CrossSiteRequest unless the browser says that a page of ours made the request."""
        site = request.headers.get("sec-fetch-site")
        own = site == "same-origin" if site is not None else request.headers.get("origin", "") == self.origin
        if not own:
            raise CrossSiteRequest

    def set(self, response: "Response", tokens: "TokenPair", *, now: datetime) -> None:
        lasting = tokens.access_expires_at - now
        self._set_one(response, self.access, tokens.access, int(lasting.total_seconds()))
        lasting = tokens.refresh_expires_at - now
        self._set_one(response, self.refresh, tokens.refresh, int(lasting.total_seconds()))

    def clear(self, response: "Response") -> None:
        for name in (self.access, self.refresh):
            self._set_one(response, name, "", 0)

    def _carried(self, request: "Request", name: str) -> Credentials:
        token = request.cookies.get(name, "")
        if not token:
            raise NotSignedIn
        if request.method not in SAFE_METHODS:
            self.require_own_page(request)
        return Credentials(token, "cookie")

    def _set_one(self, response: "Response", name: str, value: str, max_age: int) -> None:
        response.set_cookie(
            name,
            value,
            max_age=max_age,
            httponly=True,
            secure=self.origin.startswith("https:"),
            samesite="strict" if name == self.refresh else "lax",
            path=REFRESH_PATH if name == self.refresh else "/",
        )
