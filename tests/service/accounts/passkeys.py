"""Adding a passkey."""

from typing import Any
from uuid import uuid4

import httpx

Headers = dict[str, str]


async def ask_to_add(api: httpx.AsyncClient, headers: Headers) -> dict[str, Any]:
    answer = await api.post("/api/v1/me/passkey-challenges", headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()["public_key"]


async def add(api: httpx.AsyncClient, headers: Headers, credential: dict[str, Any]) -> httpx.Response:
    return await api.post(
        "/api/v1/me/passkeys",
        json={"name": "My phone", "credential": credential},
        headers=headers | {"Idempotency-Key": uuid4().hex},
    )
