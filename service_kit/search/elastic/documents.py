"""Documents as they lie in Elasticsearch. What is kept there is for finding: none is ever read back."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from service_kit.search import names
from service_kit.search.documents import Change, Document, Name, Removal, words_in
from service_kit.search.elastic import grams

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
ANY_KIND: Final = "any"


def moment(at: datetime) -> int:
    """Microseconds: a date of Elasticsearch has three digits fewer."""
    return (at - _EPOCH) // _MICROSECOND


def moment_of(value: int) -> datetime:
    return _EPOCH + value * _MICROSECOND


def line(change: Change) -> bytes:
    """A change as it stands in a bulk request. Of two versions the server keeps the greater one by itself."""
    about = {"_id": str(change.id), "version": change.version, "version_type": "external"}
    if isinstance(change, Removal):
        return _json({"delete": about})
    return _json({"index": about}) + _json(_source(change))


def _source(document: Document) -> dict[str, Any]:
    kinds = {name.kind for name in document.names}
    fields = {kind: _names(name for name in document.names if name.kind is kind) for kind in kinds}
    return {
        "id": str(document.id),
        "owner": document.owner,
        "at": moment(document.at),
        "names": {ANY_KIND: _names(document.names), **fields},
        "texts": {where: words_in(text) for where, text in document.texts.items()},
        "facets": {facet: sorted(values) for facet, values in document.facets.items()},
    }


def _names(found: Iterable[Name]) -> dict[str, list[str]]:
    keys = sorted({name.key for name in found})
    return {
        "key": keys,
        "grams": [grams.of_name(key) for key in keys],
        "skeleton": sorted({names.skeleton(key) for key in keys}),
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
