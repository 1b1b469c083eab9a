"""Holds every problem that a service answers with against its contract: is it one that the operation declares?"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import httpx

from api_contracts import generate
from service_kit.http.openapi import operations
from service_kit.http.problems import MEDIA_TYPE

_CONTRACTS: Final = Path(generate.__file__).parent / "openapi"


class Undeclared(AssertionError):
    """An operation answered with a problem that its contract does not name."""


async def check(service: str, response: httpx.Response) -> None:
    """Raises Undeclared. For operations that the contract knows."""
    if response.request.method == "HEAD" or response.headers.get("content-type") != MEDIA_TYPE:
        return
    code = json.loads(await response.aread())["code"]
    everywhere, known = _known(service)
    for (method, path), codes in known.items():
        if response.request.method == method and path.fullmatch(response.request.url.path):
            if code not in everywhere | codes:
                raise Undeclared(f"{method} {path.pattern}: {code}")
            return


@cache
def _known(service: str) -> tuple[frozenset[str], dict[tuple[str, re.Pattern[str]], frozenset[str]]]:
    document: dict[str, Any] = json.loads((_CONTRACTS / service / "v1.json").read_text(encoding="utf-8"))
    return frozenset(document["x-problem-codes"]), {
        # What has a place for an id comes after what has none, as it does in the service.
        (method, re.compile(re.sub(r"\{\w+\}", "[^/]+", path))): frozenset(operation["x-problem-codes"])
        for (method, path), operation in sorted(operations(document), key=lambda one: "{" in one[0][1])
    }
