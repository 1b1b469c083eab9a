"""The dependency of routes that only the other service may call."""

from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.security import APIKeyHeader

from service_kit.http.access import declares
from service_kit.http.problems import NotSignedIn
from service_kit.signing import SIGNATURE_HEADER, TIMESTAMP_HEADER, BadSignature, KeyRing

# Describes itself in the OpenAPI document only: the ring of keys reads it.
_SIGNED: Final = Depends(
    APIKeyHeader(
        name=SIGNATURE_HEADER,
        scheme_name="SignedRequest",
        auto_error=False,
        description=(
            "For the other service: HMAC-SHA256 in base64url, by a key that both services know, of the method, "
            f"the path with its query, the Unix time in `{TIMESTAMP_HEADER}` (right to five minutes) and the "
            "SHA-256 of the body in hex, with line breaks between them."
        ),
    )
)


@declares
async def only_peer(request: Request, _signed: Annotated[object, _SIGNED]) -> None:
    """A dependency of `/internal` routes: raises NotSignedIn unless the other service signed the request."""
    keys: KeyRing = request.app.state.service_keys
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    try:
        keys.verify_request(request.method, target, request.headers, await request.body(), datetime.now(UTC))
    except BadSignature:
        raise NotSignedIn from None
