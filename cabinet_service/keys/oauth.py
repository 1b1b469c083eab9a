"""Tokens for keys: the client credentials grant of OAuth 2.0 (RFC 6749, 4.4), for programs that speak that.

A key is the id of a client and its secret, with an underscore between them. What is wrong is said as the RFC has
it (5.2), and not as a problem.
"""

import base64
import binascii
from http import HTTPStatus
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, unquote_plus

from fastapi import APIRouter, BackgroundTasks, Request, Response
from starlette.responses import JSONResponse

from cabinet_service.accounts import programs, scopes
from cabinet_service.accounts.domain import KeyScope
from cabinet_service.accounts.models import ApiKey, api_keys
from cabinet_service.api_ports import PortsOfApp
from service_kit.api_keys import KeyExpired, KeyFromElsewhere, KeyOfAnotherKind, KeyRevoked, KeyWrong
from service_kit.http.access import ANYBODY
from service_kit.http.edge import Now, Reading
from service_kit.http.problems import Problem
from service_kit.http.route import CheckedRoute
from service_kit.http.schemas import ApiOutput
from service_kit.tokens import ACCESS_LENGTH

PATH: Final = "/oauth/token"
FORM_TYPE: Final = "application/x-www-form-urlencoded"
_GRANT: Final = "client_credentials"
_FIELDS: Final = ("grant_type", "scope", "client_id", "client_secret")
_MOST_CHARACTERS: Final = 4096
_FORM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"type": "string", "enum": [_GRANT]},
        "scope": {
            "type": "string",
            "description": "Scopes with spaces between; without it all that the key has.",
        },
        "client_id": {"type": "string", "description": "The key up to its last underscore."},
        "client_secret": {"type": "string", "format": "password", "description": "The key behind it."},
    },
}
_REFUSED: Final = (KeyWrong, KeyOfAnotherKind, KeyRevoked, KeyExpired, KeyFromElsewhere)

router = APIRouter(tags=["developers"], route_class=CheckedRoute)


class TokenOut(ApiOutput):
    """A token for `Authorization: Bearer`; `expires_in` is in seconds, `scope` what it may be used for."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the name of a kind of token
    expires_in: int
    scope: str


class TokenErrorOut(ApiOutput):
    """Why there is no token, in the words of RFC 6749."""

    error: Literal["invalid_request", "invalid_client", "invalid_scope", "unsupported_grant_type"]
    error_description: str


class _Refusal(Exception):
    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description


@router.post(
    PATH,
    dependencies=[ANYBODY],
    response_model=TokenOut,
    responses={
        HTTPStatus.BAD_REQUEST: {"model": TokenErrorOut, "description": "What is wrong with the request."},
        HTTPStatus.UNAUTHORIZED: {"model": TokenErrorOut, "description": "The key opens nothing (any more)."},
    },
    openapi_extra={"requestBody": {"required": True, "content": {FORM_TYPE: {"schema": _FORM}}}},
)
async def get_token(
    request: Request, session: Reading, now: Now, ports: PortsOfApp, background: BackgroundTasks
) -> TokenOut | Response:
    """A token that lasts ten minutes, for a key: by Basic authentication or in the form."""
    try:
        form = _read_form(request, await request.body())
        proof = ports.settings.key_form.read(_credentials(request, form))
        key, _ = await programs.identify(session, proof, request, ports)
        granted = _narrowed(key, form.get("scope"))
    except _Refusal as refusal:
        return _refused(request, refusal.error, refusal.description)
    except _REFUSED as problem:
        return _refused(request, "invalid_client", _words(problem))
    await programs.count_request(key, request, ports)
    if key.use_is_stale(now):
        own = scopes.of_account(key.holder_id)
        background.add_task(api_keys.note_use, ports.backbone.database, own, key.id, now=now)
    token = ports.tokens.program(holder_id=key.holder_id, key_id=key.id, scopes=granted, now=now)
    seconds = int(ACCESS_LENGTH.total_seconds())
    return TokenOut(access_token=token, expires_in=seconds, scope=" ".join(granted))


def _read_form(request: Request, body: bytes) -> dict[str, str]:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != FORM_TYPE or len(body) > _MOST_CHARACTERS:
        raise _Refusal("invalid_request", f"send a form: {FORM_TYPE}")
    try:
        sent = parse_qsl(body.decode("ascii"), strict_parsing=bool(body), errors="strict", max_num_fields=20)
    except ValueError:
        raise _Refusal("invalid_request", "the form cannot be read") from None
    known = [(name, value) for name, value in sent if name in _FIELDS and value]
    form = dict(known)
    if len(form) < len(known):
        raise _Refusal("invalid_request", "a parameter stands there twice")
    if "grant_type" not in form:
        raise _Refusal("invalid_request", "grant_type is missing")
    if form["grant_type"] != _GRANT:
        raise _Refusal("unsupported_grant_type", f"{_GRANT} is the only grant here")
    return form


def _credentials(request: Request, form: dict[str, str]) -> str:
    """The key that was sent, by one of the two ways."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    is_basic = scheme.lower() == "basic"
    if is_basic and "client_secret" in form:
        raise _Refusal("invalid_request", "the client authenticates twice")
    if not is_basic:
        if "client_id" not in form or "client_secret" not in form:
            raise _Refusal("invalid_client", "client_id and client_secret are missing")
        return f"{form['client_id']}_{form['client_secret']}"
    try:
        user, colon, password = (
            base64.b64decode(encoded.strip(), validate=True).decode("ascii").partition(":")
        )
    except (binascii.Error, ValueError):
        raise _Refusal("invalid_client", "the Authorization header cannot be read") from None
    if not colon or form.get("client_id", unquote_plus(user)) != unquote_plus(user):
        raise _Refusal("invalid_client", "the client is not named, or named twice")
    return f"{unquote_plus(user)}_{unquote_plus(password)}"


def _narrowed(key: ApiKey, asked: str | None) -> list[str]:
    """What the token is good for: what was asked for, where the key has it."""
    granted = [scope for scope in KeyScope if scope in key.scopes]
    if asked is None:
        return [*granted]
    wanted = set(asked.split())
    if not wanted or wanted - {*granted}:
        raise _Refusal("invalid_scope", "the key has the scopes " + " ".join(granted))
    return [scope for scope in granted if scope in wanted]


def _words(problem: Problem) -> str:
    return problem.text("en").replace("“", "'").replace("”", "'")


def _refused(request: Request, error: str, description: str) -> Response:
    status, headers = HTTPStatus.BAD_REQUEST, {"Pragma": "no-cache"}
    if error == "invalid_client":
        status = HTTPStatus.UNAUTHORIZED
        if request.headers.get("authorization"):
            headers["WWW-Authenticate"] = 'Basic realm="oauth"'
    return JSONResponse({"error": error, "error_description": description}, status, headers)
