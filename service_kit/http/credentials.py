"""Where a request carries its session token, and why another site cannot make a browser send it.

Mobile clients and partners send `Authorization: Bearer`. Browsers send an HttpOnly cookie; for a request that
changes something the browser must also say that our own page made it (Fetch Metadata, or the Origin header of
older browsers). SameSite=Lax keeps the cookie out of cross-site POSTs in the first place.
"""

from collections.abc import Collection
from http import HTTPStatus
from typing import Final, Literal, NamedTuple

from fastapi import Request, Response

from service_kit.http.problems import NotSignedIn, Problem

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class CrossSiteRequest(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "cross_site_request"
    en = "A page of another site tried to act in your name; this was refused."
    ru = "Страница другого сайта попыталась действовать от вашего имени; мы это отклонили."


class Credentials(NamedTuple):
    """A token as it was sent."""

    token: str
    carrier: Literal["cookie", "bearer"]


def read_credentials(request: Request, *, cookie: str, origins: Collection[str]) -> Credentials:
    """The session token of the request. Raises NotSignedIn or CrossSiteRequest."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return Credentials(token.strip(), "bearer")
    token = request.cookies.get(cookie, "")
    if not token:
        raise NotSignedIn(headers={"WWW-Authenticate": "Bearer"})
    if request.method not in SAFE_METHODS:
        require_own_page(request, origins=origins)
    return Credentials(token, "cookie")


def require_own_page(request: Request, *, origins: Collection[str]) -> None:
    """Raise CrossSiteRequest unless the browser says that a page of ours made the request."""
    site = request.headers.get("sec-fetch-site")
    own = site == "same-origin" if site is not None else request.headers.get("origin", "") in origins
    if not own:
        raise CrossSiteRequest


def set_cookie(response: Response, *, cookie: str, token: str, max_age: int, secure: bool) -> None:
    response.set_cookie(
        cookie, token, max_age=max_age, httponly=True, secure=secure, samesite="lax", path="/"
    )


def clear_cookie(response: Response, *, cookie: str, secure: bool) -> None:
    response.delete_cookie(cookie, httponly=True, secure=secure, samesite="lax", path="/")
