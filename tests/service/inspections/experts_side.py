"""The experts' side, played, as cabinet asks it."""

import asyncio
import json
from typing import Any, Final

import httpx

from service_kit.http.peer import Peer
from service_kit.signing import KeyRing

KNOWN: Final[dict[str, Any]] = {
    "state": "known",
    "blocks": [
        {"source": "a", "kind": "auction", "records": 9},
        {"source": "b", "kind": "wanted", "records": 1},
        {"source": "b", "kind": "advert", "records": 2},
    ],
    "as_of": "2026-06-01T00:00:00Z",
    "last_mileage_year": 2024,
}


class Experts:
    """The experts' side, as cabinet sees it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer = httpx.Response(200, content=json.dumps(KNOWN))
        self.hangs = False

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if self.hangs:
            await asyncio.Event().wait()
        return self.answer

    def peer(self) -> Peer:
        client = httpx.AsyncClient(transport=httpx.MockTransport(self))
        return Peer("http://experts", KeyRing(("k" * 16,)), client)
