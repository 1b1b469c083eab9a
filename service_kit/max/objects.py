"""Reading JSON of others, in which anything may be missing or be something else."""

from collections.abc import Mapping
from typing import Any, cast

Json = Mapping[str, Any]


def object_in(body: Json, key: str) -> Json:
    value = body.get(key)
    return cast("Json", value) if isinstance(value, Mapping) else {}


def objects_in(body: Json, key: str) -> list[dict[str, Any]]:
    value = body.get(key)
    found = cast("list[Any]", value) if isinstance(value, list) else []
    return [cast("dict[str, Any]", one) for one in found if isinstance(one, dict)]


def text_in(body: Json, key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) else ""


def number_in(body: Json, key: str) -> int:
    """0 where there is none."""
    value = body.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
