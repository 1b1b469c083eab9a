"""What changed from one OpenAPI document to another, field by field, for whoever has a program to keep up."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from api_contracts.compatibility import METHODS

Json = Mapping[str, Any]


def changes(old: Json, new: Json) -> list[str]:
    """One line for each: operations with their parameters and problem codes, then fields of schemas."""
    return [
        *_of_operations(old, new),
        *_of_schemas(old["components"]["schemas"], new["components"]["schemas"]),
    ]


def _of_operations(old: Json, new: Json) -> Iterator[str]:
    before, after = dict(_operations(old)), dict(_operations(new))
    for where in sorted(before.keys() | after.keys()):
        if where not in before:
            yield f"`{where}`: new"
        elif where not in after:
            yield f"`{where}`: gone"
        else:
            yield from _of_names("parameter", where, _parameters(before[where]), _parameters(after[where]))
            codes = [set(one[where].get("x-problem-codes", ())) for one in (before, after)]
            yield from _of_names("problem", where, *codes)


def _of_schemas(old: Json, new: Json) -> Iterator[str]:
    for name in sorted(old.keys() & new.keys()):
        before, after = old[name].get("properties", {}), new[name].get("properties", {})
        for field in sorted(before.keys() | after.keys()):
            where = f"`{name}.{field}`"
            if field not in before:
                optional = "" if field in new[name].get("required", ()) else ", may be left out"
                yield f"{where}: new, {kind_of(after[field])}{optional}"
            elif field not in after:
                yield f"{where}: gone"
            elif (was := kind_of(before[field])) != (now := kind_of(after[field])):
                yield f"{where}: {now}, was {was}"
        words = [set(map(str, one[name].get("enum", ()))) for one in (old, new)]
        yield from _of_names("value", name, *words)


def kind_of(schema: Json) -> str:
    """What a field holds, in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if kinds := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(dict.fromkeys(map(kind_of, kinds)))
    if (values := schema.get("enum") or ([schema["const"]] if "const" in schema else None)) is not None:
        return "one of " + ", ".join(map(str, values))
    return _plain(schema)


def _plain(schema: Json) -> str:
    kind = str(schema.get("type", "anything"))
    if kind == "array":
        return f"list of {kind_of(schema.get('items', {}))}"
    if kind == "object" and isinstance(values := schema.get("additionalProperties"), dict):
        return f"object of {kind_of(cast('Json', values))}"
    return f"{kind} ({schema['format']})" if "format" in schema else kind


def _of_names(what: str, where: str, before: set[str], after: set[str]) -> Iterator[str]:
    for name in sorted(after - before):
        yield f"`{where}`: {what} `{name}` is new"
    for name in sorted(before - after):
        yield f"`{where}`: {what} `{name}` is gone"


def _parameters(operation: Json) -> set[str]:
    return {one["name"] for one in operation.get("parameters", ())}


def _operations(document: Json) -> Iterator[tuple[str, Json]]:
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                yield f"{method.upper()} {path}", methods[method]
