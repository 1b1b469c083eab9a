"""What goes wrong at a server, as the port says it."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any, Final, Never, cast

import structlog
from elasticsearch import ApiError, TransportError, UnsupportedProductError

from service_kit.search.port import IndexAway, IndexWrong

log = structlog.get_logger(__name__)

# Who we are, too much to do, or nobody there: nothing that a new index would mend.
_AWAY: Final = frozenset({401, 403, 407, 408, 429})
_SERVER_ERROR: Final = 500
_OURS_NOT_WANTED: Final = "media_type_header_exception"
_BLOCKED: Final = ("cluster_block_exception", "index_closed_exception")
"""Nothing is written to an index of which the disk is full, or that somebody closed: they open it again."""


@contextmanager
def told(doing: str) -> Generator[None]:
    """What fails in the block is IndexAway or IndexWrong; `doing` says what that was, for the log."""
    try:
        yield
    except UnsupportedProductError:
        away(doing, "what answers there is no Elasticsearch")
    except ApiError as error:
        kinds = kinds_of(error.body)
        if is_passing(error.status_code, kinds):
            away(doing, f"{error.status_code} {kinds}")
        raise IndexWrong(f"{doing}: {error.status_code} {kinds}") from error
    except (TransportError, TimeoutError) as error:
        away(doing, type(error).__name__)


def away(doing: str, why: str) -> Never:
    log.warning("search_index_away", doing=doing, why=why)
    raise IndexAway(f"{doing}: {why}")


def is_passing(status: int, kinds: str) -> bool:
    """Whether the same may be asked again later."""
    return (
        status in _AWAY
        or status >= _SERVER_ERROR
        or any(one in kinds for one in _BLOCKED)
        or kinds.startswith(_OURS_NOT_WANTED)
    )


def kinds_of(body: Any) -> str:
    """The kinds of an error and of its causes. Its sentences would quote what was asked for."""
    return kinds_of_error(_fields(body).get("error"))


def kinds_of_error(error: Any) -> str:
    found: list[str] = []
    while fields := _fields(error):
        found.append(str(fields.get("type")))
        causes = fields.get("root_cause") or [fields.get("caused_by")]
        error = causes[0]
    return " < ".join(dict.fromkeys(found)) or "unknown"


def _fields(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
