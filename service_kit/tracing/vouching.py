"""Whose word is taken for a trace: that of the other service, and nobody else's.

`traceparent` also says whether a trace is recorded. Were anybody believed, a stranger could have each of their
requests recorded, or write into the traces of others. So the services sign it with the key they share, and what
is not signed is as if it were not there. `tracestate` is neither read nor sent.
"""

from collections.abc import Mapping
from typing import Final

from service_kit import tracing
from service_kit.signing import BadSignature, KeyRing

PARENT_HEADER: Final = "traceparent"
SIGNATURE_HEADER: Final = "x-autodetective-trace-signature"
_LENGTH: Final = 55


def headers(keys: KeyRing) -> dict[str, str]:
    """What a request to the other service carries, for it to go on with this trace."""
    parent = tracing.traceparent()
    return {PARENT_HEADER: parent, SIGNATURE_HEADER: keys.sign(_text(parent))} if parent else {}


def believed(headers: Mapping[str, str], keys: KeyRing) -> str | None:
    """The `traceparent` of a request, if the other service vouches for it."""
    parent = headers.get(PARENT_HEADER, "")
    if len(parent) != _LENGTH:
        return None
    try:
        keys.verify(_text(parent), headers.get(SIGNATURE_HEADER, ""))
    except BadSignature:
        return None
    return parent


def _text(parent: str) -> bytes:
    return f"traceparent\n{parent}".encode("utf-8", "surrogateescape")
