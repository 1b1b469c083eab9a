"""Whoever asks the API of the desk."""

from typing import Any
from uuid import UUID, uuid4

import httpx

from service_kit.db import database_now
from tests.service.cases.conftest import Desk, submitted
from tests.support.experts import SignedInExpert

Json = dict[str, Any]


class Caller:
    """Somebody with a bearer token. Methods return responses as they come."""

    def __init__(self, api: httpx.AsyncClient, who: SignedInExpert) -> None:
        self.expert = who.expert
        self._api = api
        self._headers = who.headers | {"Accept-Language": "en"}

    async def get(
        self, path: str, params: Json | None = None, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        return await self._api.get(f"/api/v1{path}", params=params, headers=self._headers | (headers or {}))

    async def send(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        seen: int | str | None = None,
        key: str | None = None,
    ) -> httpx.Response:
        headers = dict(self._headers)
        if method == "POST":
            headers["Idempotency-Key"] = key or uuid4().hex
        if seen is not None:
            headers["If-Match"] = seen if isinstance(seen, str) else f'"{seen}"'
        return await self._api.request(method, f"/api/v1{path}", json=body, headers=headers)

    async def post(self, path: str, body: Json | None = None, **options: Any) -> httpx.Response:
        return await self.send("POST", path, body, **options)

    async def case(self, case_id: UUID) -> Json:
        return (await self.get(f"/cases/{case_id}")).json()


async def opened_now(desk: Desk, number: str) -> UUID:
    async with desk.ports.backbone.database.reading() as session:
        now = await database_now(session)
    fact = submitted(number, now)
    await desk.hear(fact, now)
    return fact.inspection_id


def problem(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


def decision(**fields: object) -> Json:
    body = {"verdict": "insufficient_data", "summary": "It cannot be read.", "not_covered": ["the number"]}
    return body | fields
