"""What of cabinet's API is for partners' programs: what a key opens, tokens for keys, and what a link does."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

Json = dict[str, Any]
_OPEN: Final = re.compile(r"/oauth/token|/api/v1/vin/.+|/api/v1/yard(/.+)?")
"""What takes no key: getting a token, what a number says by itself, and what stands behind a link to a car."""
_OF_KEYS: Final = ("ApiKey", "ClientCredentials")
_REF: Final = "#/components/schemas/"


def partner_part(document: Mapping[str, Any], *, like: Mapping[str, Any] | None = None) -> Json:
    """That part of the OpenAPI document as one of its own: no other operations, and no schemas that none uses.

    With `like`, the part of a newer document, it has the operations of that one, too.
    """
    paths: Json = {}
    newer: Json = like["paths"] if like is not None else {}
    for path, methods in document["paths"].items():
        kept = {
            method: _for_keys(one)
            for method, one in methods.items()
            if _is_for_partners(path, one) or method in newer.get(path, ())
        }
        if kept:
            paths[path] = kept
    schemas = {name: document["components"]["schemas"][name] for name in _used(document, paths)}
    used_tags = {tag for methods in paths.values() for one in methods.values() for tag in one["tags"]}
    schemes = document["components"].get("securitySchemes", {})
    return {
        **{name: document[name] for name in ("openapi", "servers", "x-problem-codes") if name in document},
        "info": {
            "title": "Autodetective for partners",
            "version": document["info"]["version"],
            "description": "Order inspections of cars, send photos, be told what happens, and fetch reports.",
        },
        "tags": [tag for tag in document.get("tags", ()) if tag["name"] in used_tags],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {name: schemes[name] for name in (*_OF_KEYS, "HTTPBearer") if name in schemes},
        },
    }


def scope_of(operation: Mapping[str, Any]) -> str | None:
    """The scope that an operation asks of keys; None: it takes none."""
    return next((one["ApiKey"][0] for one in operation.get("security", ()) if "ApiKey" in one), None)


def _is_for_partners(path: str, operation: Mapping[str, Any]) -> bool:
    return scope_of(operation) is not None or _OPEN.fullmatch(path) is not None


def _for_keys(operation: Mapping[str, Any]) -> Json:
    """The operation as a key opens it. How people sign in is no matter here."""
    of_keys = [one for one in operation.get("security", ()) if one.keys() & {*_OF_KEYS}]
    return {**operation, "security": of_keys or operation.get("security", [])}


def _used(document: Mapping[str, Any], paths: Json) -> set[str]:
    found: set[str] = set()
    waiting: list[Any] = [paths]
    while waiting:
        for name in _references(waiting.pop()):
            if name not in found:
                found.add(name)
                waiting.append(document["components"]["schemas"][name])
    return found


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in cast("Json", value).items():
            if name == "$ref" and isinstance(inner, str):
                yield inner.removeprefix(_REF)
            elif name != "mapping":  # of a discriminator: it names what `oneOf` names
                yield from _references(inner)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _references(inner)
