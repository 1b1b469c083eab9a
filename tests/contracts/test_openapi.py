"""The OpenAPI documents say what a stranger needs who generates a client from them and never sees the code."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

import pytest

from api_contracts import generate
from service_kit.http.openapi import operations

Json = dict[str, Any]
DOCUMENTS: Final = {
    service: json.loads((Path(generate.__file__).parent / "openapi" / service / "v1.json").read_text("utf-8"))
    for service in ("cabinet", "bpa")
}
documents = pytest.mark.parametrize("document", DOCUMENTS.values(), ids=list(DOCUMENTS))


def nodes(value: Any) -> Iterator[Json]:
    inner: list[Any] = []
    if isinstance(value, dict):
        yield (node := cast("Json", value))
        inner += node.values()
    elif isinstance(value, list):
        inner += cast("list[Any]", value)
    for one in inner:
        yield from nodes(one)


@documents
def test_schemas_have_one_name_each_that_a_class_can_have(document: Json) -> None:
    schemas = document["components"]["schemas"]
    assert [name for name in schemas if "__" in name] == []
    assert {name: schema["title"] for name, schema in schemas.items()} == {name: name for name in schemas}


@documents
def test_whatever_is_referred_to_is_there(document: Json) -> None:
    there = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    kinds = [node["mapping"] for node in nodes(document) if "propertyName" in node and "mapping" in node]
    named = [name for mapping in kinds for name in mapping.values()]
    assert named
    assert {*named, *(node["$ref"] for node in nodes(document) if isinstance(node.get("$ref"), str))} <= there


@documents
def test_nothing_is_said_that_openapi_3_1_does_not_know_or_generators_cannot_compile(document: Json) -> None:
    assert document["openapi"].startswith("3.1.")
    for node in nodes(document):
        assert "itemSchema" not in node
        assert node.get("default") != {}
        assert not isinstance(node.get("const"), bool)


@documents
def test_every_operation_says_who_may_call_it_what_for_and_what_may_go_wrong(document: Json) -> None:
    tags = {tag["name"] for tag in document["tags"] if tag["description"]}
    schemes = document["components"]["securitySchemes"]
    for where, operation in operations(document):
        assert set(operation["tags"]) <= tags, where
        assert all(set(needed) <= set(schemes) for needed in operation["security"]), where
        default = operation["responses"]["default"]
        assert "Retry-After" in default["headers"], where
        assert all(f"`{code}`" in default["description"] for code in operation["x-problem-codes"]), where


@documents
def test_what_only_the_other_service_may_ask_is_signed(document: Json) -> None:
    asked = [operation for (_, path), operation in operations(document) if path.startswith("/internal/")]
    assert asked
    assert all(operation["security"] == [{"SignedRequest": []}] for operation in asked)


def test_the_problems_of_an_operation_are_those_that_it_can_raise() -> None:
    found = {
        where: set(operation["x-problem-codes"]) for where, operation in operations(DOCUMENTS["cabinet"])
    }
    assert {"channel_not_offered", "contact_not_understood", "too_many_requests"} <= found[
        "POST", "/api/v1/auth/codes"
    ]
    assert "not_signed_in" not in found["POST", "/api/v1/auth/codes"]
    assert {"not_found", "not_signed_in", "clock_not_started"} <= found[
        "GET", "/api/v1/inspections/{inspection_id}/clock"
    ]
    assert "photo_polyglot" not in found["GET", "/api/v1/me"]


def test_headers_that_a_client_works_with_are_declared() -> None:
    found: dict[tuple[str, str, str], set[str]] = {}
    for document in DOCUMENTS.values():
        for (method, path), operation in operations(document):
            for status, response in operation["responses"].items():
                found[method, path, status] = set(response.get("headers", {}))
    assert "ETag" in found["GET", "/api/v1/inspections/{inspection_id}", "200"]
    assert "ETag" in found["GET", "/api/v1/cases/{case_id}", "200"]
    assert "Link" in found["GET", "/api/v1/inspections", "200"]
    assert {"Location", "Upload-Offset", "Upload-Expires"} <= found["POST", "/api/v1/uploads", "201"]
    content = "/api/v1/uploads/{upload_id}/content"
    assert {"Upload-Offset", "Upload-Length"} <= found["HEAD", content, "200"]
    assert {"Upload-Offset", "Upload-Expires"} <= found["PATCH", content, "204"]


@documents
def test_units_and_shapes_are_said_where_a_name_does_not_say_them(document: Json) -> None:
    for name, schema in document["components"]["schemas"].items():
        for field, what in schema.get("properties", {}).items():
            kinds = [what, *what.get("anyOf", ())]
            needs = field.endswith(("_seconds", "_bytes", "_sha256", "sha256")) or any(
                kind.get("format") in {"date-time", "date"} for kind in kinds
            )
            assert not needs or "description" in what, f"{name}.{field}"
