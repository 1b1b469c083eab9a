"""Signing in by a code."""

from typing import Any

import httpx

OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


async def sign_in(api: httpx.AsyncClient, challenge_id: str, code: str, **body: Any) -> httpx.Response:
    return await api.post(
        "/api/v1/auth/sessions",
        json={"challenge_id": challenge_id, "code": code, "carrier": "bearer"} | body,
        headers=OWN_PAGE,
    )
