"""Answers as partners' programs get them, made from the contract: with everything, and with as little as may be.

Shapes are the contract's and follow it by themselves; a test holds each to its schema. Values are samples, by the
name of the field where there is a likely one.
"""

from collections.abc import Mapping
from typing import Any, Final

Json = Mapping[str, Any]
_REF: Final = "#/components/schemas/"
_FORMATS: Final = {
    "uuid": "0193a5c2-7d1e-7c40-9a51-3f2b8c6d4e10",
    "date-time": "2026-11-30T09:30:00Z",
    "date": "2026-11-30",
    "uri": "https://example.com/",
}
_TEXTS: Final = {
    "access_token": "eyJhbGciOiJIUzI1NiJ9…",
    "advert_url": "https://example.com/cars/17",
    "advice": "Ask the seller for the papers.",
    "answer": "OK",
    "author_name": "Anna",
    "body": '{"type":"inspection.answered", …}',
    "code": "number_unreadable",
    "display": "WVWZZZ1JZ3W000017",
    "identifier": "WVWZZZ1JZ3W000017",
    "inspection_number": "A-1000017",
    "key": "adk_live_9f86d081884c7d65",
    "make": "Volkswagen",
    "maker": "Volkswagen",
    "media_type": "image/jpeg",
    "method": "GET",
    "mileage": "120000",
    "model": "Golf",
    "month": "2026-11",
    "name": "CRM",
    "next_cursor": "WyIyMDI2LTExLTMwIl0",
    "number": "A-1000017",
    "plate": "A123BC77",
    "pointer": "/rows/0/plate",
    "problem": "not_found",
    "reference": "lot 17",
    "request_id": "0193a5c2-7d1e-7c40-9a51-3f2b8c6d4e11",
    "route": "/api/v1/inspections/{inspection_id}",
    "scope": "inspections:read reports:read",
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "typed": "WVWZZZ1JZ3W000017",
    "url": "https://hooks.example.com/inspections",
    "year": "2003",
}
_NUMBERS: Final = {"expires_in": 600, "mileage": 120_000, "status": 404, "took_ms": 12, "year": 2003}


class Samples:
    """Samples of the schemas of an OpenAPI document."""

    def __init__(self, document: Json) -> None:
        self._schemas: Json = document["components"]["schemas"]

    def full(self, schema: Json) -> Any:
        """With every field, and one item in each list."""
        return self._of(schema, "", full=True, within=())

    def empty(self, schema: Json) -> Any:
        """With nothing that may be left out, be null or have no items."""
        return self._of(schema, "", full=False, within=())

    def _of(self, schema: Json, name: str, *, full: bool, within: tuple[str, ...]) -> Any:
        """Of the field `name`, in samples of the schemas `within`."""
        if "$ref" in schema:
            named = schema["$ref"].removeprefix(_REF)
            # What holds itself ends where it would begin again.
            full, within = full and named not in within, (*within, named)
            return self._of(self._schemas[named], name, full=full, within=within)
        if choices := schema.get("anyOf") or schema.get("oneOf"):
            return self._of(_chosen(choices, full=full), name, full=full, within=within)
        if schema.get("type") == "object":
            return self._object(schema, full=full, within=within)
        if "prefixItems" in schema:
            return [self._of(one, name, full=full, within=within) for one in schema["prefixItems"]]
        if schema.get("type") == "array":
            item = self._of(schema.get("items", {}), name, full=full, within=within)
            return [item] * max(schema.get("minItems", 0), int(full))
        return _scalar(schema, name, full=full)

    def _object(self, schema: Json, *, full: bool, within: tuple[str, ...]) -> dict[str, Any]:
        required = schema.get("required", ())
        made = {
            field: self._of(one, field, full=full, within=within)
            for field, one in schema.get("properties", {}).items()
            if full or field in required
        }
        others: Json | bool = schema.get("additionalProperties", False)
        if full and not isinstance(others, bool):
            named: Json = schema.get("propertyNames", {"type": "string"})
            field = self._of(named, "", full=True, within=within)
            made[field] = self._of(others, field, full=True, within=within)
        return made


def _chosen(choices: list[Json], *, full: bool) -> Json:
    """Of several things that may stand there: null in an answer that is empty, anything else in a full one."""
    fitting = [one for one in choices if (one.get("type") == "null") is not full]
    return (fitting or choices)[0]


def _scalar(schema: Json, name: str, *, full: bool) -> Any:
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    least = int(max(schema.get("minimum", 0), schema.get("exclusiveMinimum", -1) + 1, full))
    number = _NUMBERS.get(name, least)
    values = {"string": _text(schema, name), "integer": number, "number": number, "boolean": full}
    return values.get(schema.get("type", "null"))


def _text(schema: Json, name: str) -> str:
    if (form := schema.get("format")) in _FORMATS:
        return _FORMATS[str(form)]
    return _TEXTS.get(name, "…")[: schema.get("maxLength")]
