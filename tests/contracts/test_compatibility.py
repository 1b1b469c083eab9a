"""The direction-aware comparison of contracts: each kind of break is found, and harmless growth is not."""

import copy
from typing import Any

import pytest

from api_contracts.compatibility import asyncapi_breaks, openapi_breaks

FROZEN: dict[str, Any] = {
    "paths": {
        "/cars": {
            "post": {
                "parameters": [
                    {"in": "query", "name": "dry", "required": False, "schema": {"type": "boolean"}}
                ],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewCar"}}},
                },
                "responses": {
                    "201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Car"}}}}
                },
            }
        }
    },
    "components": {
        "schemas": {
            "NewCar": {
                "type": "object",
                "additionalProperties": False,
                "required": ["vin"],
                "properties": {
                    "vin": {"type": "string", "maxLength": 17},
                    "year": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                    "kind": {"type": "string", "enum": ["car", "truck"]},
                },
            },
            "Car": {
                "type": "object",
                "required": ["id", "state", "parts"],
                "properties": {
                    "id": {"type": "string", "format": "uuid"},
                    "state": {"type": "string", "enum": ["new", "old"]},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Car"}},
                },
            },
        }
    },
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The frozen document with one place changed; None deletes it."""
    document = copy.deepcopy(FROZEN)
    *parents, last = path.split("|")
    target: Any = document
    for part in parents:
        target = target[part]
    if value is None:
        del target[last]
    else:
        target[last] = value
    return document


SCHEMAS = "components|schemas"
BREAKS: dict[str, tuple[str, Any]] = {
    "a path is gone": ("paths|/cars", None),
    "a new required request field": (f"{SCHEMAS}|NewCar|required", ["vin", "year"]),
    "a request field is gone": (f"{SCHEMAS}|NewCar|properties|kind", None),
    "a shorter limit for a request field": (f"{SCHEMAS}|NewCar|properties|vin|maxLength", 10),
    "a request field is no longer nullable": (f"{SCHEMAS}|NewCar|properties|year", {"type": "integer"}),
    "a request value is refused": (f"{SCHEMAS}|NewCar|properties|kind|enum", ["car"]),
    "a response field is gone": (f"{SCHEMAS}|Car|required", ["id", "parts"]),
    "a response field changes its type": (f"{SCHEMAS}|Car|properties|id", {"type": "integer"}),
    "a response has a value nobody expects": (f"{SCHEMAS}|Car|properties|state|enum", ["new", "old", "odd"]),
    "a response status is gone": ("paths|/cars|post|responses", {"200": {}}),
    "a parameter is gone": ("paths|/cars|post|parameters", []),
}
GROWTH: dict[str, tuple[str, Any]] = {
    "a new path": ("paths|/trucks", {"get": {"responses": {}}}),
    "a new optional request field": (f"{SCHEMAS}|NewCar|properties|make", {"type": "string"}),
    "a longer limit for a request field": (f"{SCHEMAS}|NewCar|properties|vin|maxLength", 20),
    "a request accepts one more value": (f"{SCHEMAS}|NewCar|properties|kind|enum", ["car", "truck", "bus"]),
    "a request field need not be sent any more": (f"{SCHEMAS}|NewCar|required", []),
    "a new response field": (f"{SCHEMAS}|Car|properties|make", {"type": "string"}),
    "a response has fewer values": (f"{SCHEMAS}|Car|properties|state|enum", ["new"]),
}


def test_what_did_not_change_breaks_nothing() -> None:
    assert openapi_breaks(FROZEN, FROZEN) == []


@pytest.mark.parametrize("change", BREAKS.values(), ids=BREAKS.keys())
def test_breaks_are_found(change: tuple[str, Any]) -> None:
    assert openapi_breaks(FROZEN, changed(*change))


@pytest.mark.parametrize("change", GROWTH.values(), ids=GROWTH.keys())
def test_growth_is_allowed(change: tuple[str, Any]) -> None:
    assert openapi_breaks(FROZEN, changed(*change)) == []


def test_an_event_may_not_promise_less() -> None:
    def document(payload: dict[str, Any]) -> dict[str, Any]:
        return {"components": {"messages": {"car.sold.v1": {"payload": payload}}}}

    promised: dict[str, Any] = {
        "type": "object",
        "required": ["price"],
        "properties": {"price": {"type": "integer"}},
    }
    grown: dict[str, Any] = {
        **promised,
        "properties": {**promised["properties"], "buyer": {"type": "string"}},
    }
    lessened: dict[str, Any] = {**promised, "required": []}
    assert asyncapi_breaks(document(promised), document(grown)) == []
    assert asyncapi_breaks(document(promised), document(lessened))
    assert asyncapi_breaks(document(promised), {"components": {"messages": {}}})
