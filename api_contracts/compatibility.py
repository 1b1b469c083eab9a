"""Whether a new contract still keeps what a frozen one promised.

Everything comes down to one relation, "every value of schema A is also a value of schema B":
requests must stay acceptable (frozen is a subset of new), responses and events must stay what the reader was
told to expect (new is a subset of frozen). The relation is checked structurally and errs on the side of
reporting a break: it never calls an unsafe change safe for the keywords that our generators emit.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

Schema = Mapping[str, Any]
Document = Mapping[str, Any]

METHODS: Final = ("get", "put", "post", "delete", "patch")
# Keyword of B -> whether A's value keeps within it.
_UPPER: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_LOWER: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_EQUAL: Final = ("pattern", "format", "uniqueItems", "contentMediaType")


class SubsetCheck:
    """Compares schemas of two documents, each with its own `$ref`s."""

    def __init__(self, a_document: Document, b_document: Document) -> None:
        self._a_document = a_document
        self._b_document = b_document
        self._assumed: set[tuple[str, str]] = set()

    def breaks(self, a: Schema, b: Schema, where: str) -> Iterator[str]:
        """Why some value of `a` may not be a value of `b`; nothing if every one is."""
        pair = (str(a.get("$ref", "")), str(b.get("$ref", "")))
        if not all(pair):
            yield from self._breaks(_resolve(a, self._a_document), _resolve(b, self._b_document), where)
        elif pair not in self._assumed:  # else a recursive schema: the pair is being compared further up
            self._assumed.add(pair)
            yield from self._breaks(_resolve(a, self._a_document), _resolve(b, self._b_document), where)
            self._assumed.discard(pair)

    def _breaks(self, a: Schema, b: Schema, where: str) -> Iterator[str]:
        a_branches, b_branches = _branches(a), _branches(b)
        if a_branches:
            for branch in a_branches:
                yield from self.breaks(branch, b, where)
        elif b_branches:
            if not any(not list(self.breaks(a, branch, where)) for branch in b_branches):
                yield f"{where}: {_name(a)} is none of {', '.join(_name(branch) for branch in b_branches)}"
        else:
            yield from self._breaks_of_plain(a, b, where)

    def _breaks_of_plain(self, a: Schema, b: Schema, where: str) -> Iterator[str]:
        b_values = _values(b)
        if b_values is not None:
            a_values = _values(a)
            extra = None if a_values is None else [value for value in a_values if value not in b_values]
            if extra is None or extra:
                yield f"{where}: {'any value' if extra is None else extra} beyond {b_values}"
            return
        a_types, b_types = _types(a), _types(b)
        if b_types and not a_types <= b_types | ({"integer"} if "number" in b_types else set()):
            yield f"{where}: type {sorted(a_types) or 'any'} instead of {sorted(b_types)}"
            return
        yield from _breaks_of_limits(a, b, where)
        if "object" in b_types:
            yield from self._breaks_of_object(a, b, where)
        if "array" in b_types and "items" in b:
            yield from self.breaks(a.get("items", {}), b["items"], f"{where}[]")

    def _breaks_of_object(self, a: Schema, b: Schema, where: str) -> Iterator[str]:
        a_properties: Mapping[str, Schema] = a.get("properties", {})
        b_properties: Mapping[str, Schema] = b.get("properties", {})
        for name in b.get("required", ()):
            if name not in a.get("required", ()):
                yield f"{where}.{name}: not always there"
        others: Any = b.get("additionalProperties", True)
        for name, schema in a_properties.items():
            if name in b_properties:
                yield from self.breaks(schema, b_properties[name], f"{where}.{name}")
            elif others is False:
                yield f"{where}.{name}: not known"
            elif others is not True:
                yield from self.breaks(schema, others, f"{where}.{name}")
        a_others: Any = a.get("additionalProperties", True)
        if not isinstance(others, bool) and not isinstance(a_others, bool):
            yield from self.breaks(a_others, others, f"{where}.*")
        elif others is False and a_others is not False and "properties" not in a:
            yield f"{where}: properties that are not known"


def openapi_breaks(frozen: Document, new: Document) -> list[str]:
    """What a caller of the frozen API would trip over in the new one."""
    found: list[str] = []
    for path, operations in frozen["paths"].items():
        for method in METHODS:
            if method not in operations:
                continue
            where = f"{method.upper()} {path}"
            operation = new["paths"].get(path, {}).get(method)
            if operation is None:
                found.append(f"{where}: gone")
                continue
            found += _breaks_of_parameters(frozen, operations[method], new, operation, where)
            found += _breaks_of_request_body(frozen, operations[method], new, operation, where)
            found += _breaks_of_responses(frozen, operations[method], new, operation, where)
    return found


def asyncapi_breaks(frozen: Document, new: Document) -> list[str]:
    """What a consumer of the frozen events would trip over in the new ones."""
    found: list[str] = []
    messages = new["components"]["messages"]
    for name, message in frozen["components"]["messages"].items():
        if name not in messages:
            found.append(f"{name}: gone")
            continue
        check = SubsetCheck(new, frozen)
        found += check.breaks(messages[name]["payload"], message["payload"], name)
    return found


def _breaks_of_parameters(
    frozen: Document, old: Schema, new: Document, operation: Schema, where: str
) -> Iterator[str]:
    known = {(p["in"], p["name"]): p for p in old.get("parameters", ())}
    now = {(p["in"], p["name"]): p for p in operation.get("parameters", ())}
    for key, parameter in now.items():
        if parameter.get("required") and not known.get(key, {}).get("required"):
            yield f"{where}: parameter {key[1]} is now required"
    for key, parameter in known.items():
        if key not in now:
            yield f"{where}: parameter {key[1]} is gone"
        else:
            check = SubsetCheck(frozen, new)
            yield from check.breaks(parameter["schema"], now[key]["schema"], f"{where}?{key[1]}")


def _breaks_of_request_body(
    frozen: Document, old: Schema, new: Document, operation: Schema, where: str
) -> Iterator[str]:
    old_body: Schema = old.get("requestBody") or {}
    body: Schema = operation.get("requestBody") or {}
    if body.get("required") and not old_body.get("required"):
        yield f"{where}: a body is now required"
    for media_type, content in _contents(old_body).items():
        accepted = _contents(body).get(media_type)
        if accepted is None:
            yield f"{where}: {media_type} is no longer accepted"
        else:
            check = SubsetCheck(frozen, new)
            yield from check.breaks(content["schema"], accepted["schema"], f"{where} request")


def _breaks_of_responses(
    frozen: Document, old: Schema, new: Document, operation: Schema, where: str
) -> Iterator[str]:
    for status, response in old.get("responses", {}).items():
        answer = operation.get("responses", {}).get(status)
        if answer is None:
            yield f"{where}: {status} is gone"
            continue
        for media_type, content in _contents(response).items():
            sent = _contents(answer).get(media_type)
            if sent is None:
                yield f"{where} {status}: {media_type} is gone"
            elif "schema" in content:
                check = SubsetCheck(new, frozen)
                yield from check.breaks(sent.get("schema", {}), content["schema"], f"{where} {status}")


def _contents(body_or_response: Schema) -> Mapping[str, Schema]:
    return body_or_response.get("content") or {}


def _resolve(schema: Schema, document: Document) -> Schema:
    while "$ref" in schema:
        target: Any = document
        for part in str(schema["$ref"]).removeprefix("#/").split("/"):
            target = target[part]
        schema = target
    return schema


def _branches(schema: Schema) -> list[Schema]:
    return list(schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf") or ())


def _values(schema: Schema) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    return list(schema["enum"]) if "enum" in schema else None


def _types(schema: Schema) -> set[str]:
    kind = schema.get("type")
    if kind is None:
        values = _values(schema)
        return {"string"} if values and all(isinstance(value, str) for value in values) else set()
    return {kind} if isinstance(kind, str) else set(kind)


def _breaks_of_limits(a: Schema, b: Schema, where: str) -> Iterator[str]:
    for keyword in _UPPER:
        if keyword in b and not (keyword in a and a[keyword] <= b[keyword]):
            yield f"{where}: {keyword} {a.get(keyword, 'none')} instead of {b[keyword]}"
    for keyword in _LOWER:
        if keyword in b and not (keyword in a and a[keyword] >= b[keyword]):
            yield f"{where}: {keyword} {a.get(keyword, 'none')} instead of {b[keyword]}"
    for keyword in _EQUAL:
        if keyword in b and a.get(keyword) != b[keyword] and _values(a) is None:
            yield f"{where}: {keyword} {a.get(keyword, 'none')} instead of {b[keyword]}"


def _name(schema: Schema) -> str:
    return str(
        schema.get("title") or schema.get("$ref", "").rsplit("/", 1)[-1] or schema.get("type", "value")
    )
