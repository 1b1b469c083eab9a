"""What the OpenAPI document of a service says of its operations, and requests that fit it."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final, TypeGuard
from uuid import UUID

from api_contracts import generate
from tests.factories.photos import VIN

Json = dict[str, Any]
# The fields in which only a few values make sense.
_SENSIBLE: Final[Mapping[str, tuple[Any, ...]]] = {
    "identifier": (VIN, "SV30-0169266", "А 123 ВС 77"),
    "contact": ("buyer@example.com", "+79161234567"),
    "code": ("123456",),
    "advert_url": ("https://www.avito.example/1",),
}


def is_object(value: Any) -> TypeGuard[Json]:
    return isinstance(value, dict)


def is_array(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


@dataclass(frozen=True)
class Operation:
    """One method of one address. `answers` are the media types of each status that is promised."""

    method: str
    path: str
    parameters: tuple[Json, ...]
    body_type: str | None
    body: Json
    answers: Mapping[int, frozenset[str]]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


@dataclass
class KnownIds:
    """Ids that answers have named, by what they are of: what was made is asked for, and acted upon, later."""

    by_kind: dict[str, list[str]] = field(default_factory=lambda: defaultdict[str, list[str]](list))

    def note(self, path: str, answer: Any) -> None:
        """Remember the ids in the answer of an address; a bare `id` is of what the address is about."""
        [*_, noun] = [part for part in path.split("/") if part and not part.startswith("{")]
        own = {"info-tasks": "task", "people": "person", "evidence": "evidence", "api-keys": "key"}.get(
            noun, noun.rstrip("s")
        )
        waiting: list[tuple[str, Any]] = [("", answer)]
        key: str
        value: Any
        while waiting:
            key, value = waiting.pop()
            if is_object(value):
                waiting += value.items()
            elif is_array(value):
                waiting += [(key, item) for item in value]
            elif isinstance(value, str) and key.endswith("id") and len(value) == len(str(UUID(int=0))):
                self._add(key if key != "id" else f"{own}_id", value)

    def any(self, kind: str, dice: Random) -> str:
        """One of this kind, mostly a young one."""
        known = self.by_kind[kind.removesuffix("s")]
        return known[-1 - min(int(dice.expovariate(0.2)), len(known) - 1)] if known else str(UUID(int=7))

    def _add(self, kind: str, value: str) -> None:
        known = self.by_kind[kind]
        if value not in known[-50:]:
            known.append(value)


class Contract:
    """The committed document: it is what was promised, and `make check` holds it to the code."""

    def __init__(self, service: str) -> None:
        folder = Path(generate.__file__).parent / "openapi" / service
        self._document: Json = json.loads((folder / "v1.json").read_text())
        self.operations: Final = tuple(
            self._operation(method.upper(), path, described)
            for path, methods in self._document["paths"].items()
            for method, described in methods.items()
        )

    @staticmethod
    def _operation(method: str, path: str, described: Json) -> Operation:
        content: Json = described.get("requestBody", {}).get("content", {})
        body_type = next(iter(content), None)
        return Operation(
            method=method,
            path=path,
            parameters=tuple(described.get("parameters", ())),
            body_type=body_type,
            body=content[body_type]["schema"] if body_type else {},
            answers={
                int(status): frozenset(answer.get("content", ()))
                for status, answer in described["responses"].items()
                if status != "default"
            },
        )

    def example(self, schema: Json, dice: Random, ids: KnownIds, name: str = "") -> Any:
        """A value that the schema allows, as far as a schema says."""
        if "$ref" in schema:
            return self.example(self._referred(schema["$ref"]), dice, ids, name)
        if name in _SENSIBLE:
            return dice.choice(_SENSIBLE[name])
        if "enum" in schema or "const" in schema:
            return dice.choice(schema.get("enum") or [schema["const"]])
        for union in ("anyOf", "oneOf"):
            if union in schema:
                return self.example(dice.choice(schema[union]), dice, ids, name)
        return self._of_type(schema, dice, ids, name)

    def _of_type(self, schema: Json, dice: Random, ids: KnownIds, name: str) -> Any:
        kind = schema.get("type")
        if kind == "object":
            required = schema.get("required", ())
            return {
                key: self.example(inner, dice, ids, key)
                for key, inner in schema.get("properties", {}).items()
                if key in required or dice.random() < 0.6
            }
        if kind == "array":
            fewest = schema.get("minItems", 0)
            count = dice.randint(fewest, max(fewest, min(3, schema.get("maxItems", 3))))
            return [self.example(schema.get("items", {}), dice, ids, name) for _ in range(count)]
        if kind in {"integer", "number"}:
            least, most = schema.get("minimum", 0), schema.get("maximum", 1)
            return dice.randint(int(least), int(most)) if kind == "integer" else dice.uniform(0.05, 0.4)
        if kind == "string":
            return _string(schema, dice, ids, name)
        return True if kind == "boolean" else None

    def _referred(self, reference: str) -> Json:
        found: Any = self._document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        return found


def _string(schema: Json, dice: Random, ids: KnownIds, name: str) -> str:
    if schema.get("format") == "uuid":
        return ids.any(name, dice)
    if schema.get("format") == "date-time":
        return dice.choice(("2026-03-01T10:00:00+03:00", "2020-02-29T00:00:00Z"))
    length = max(schema.get("minLength", 1), min(schema.get("maxLength", 40), 12))
    return "".join(dice.choice("abcdefgh0123456789") for _ in range(length))
