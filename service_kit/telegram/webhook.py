"""Where Telegram brings updates, in the API."""

from typing import Any, Final, cast

from fastapi import APIRouter, Request

from service_kit.http.edge import Now, ServiceSession
from service_kit.http.problems import InvalidJson, NotSignedIn
from service_kit.telegram.updates import WEBHOOK, Updates, is_told_by, webhook_secret

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of it


def webhook_router(updates: Updates, token: str) -> APIRouter:
    """Answers once the update is kept: what Telegram is told arrived, it sends no more."""
    router = APIRouter(include_in_schema=False)
    secret = webhook_secret(token)

    @router.post(WEBHOOK)
    async def take_update(request: Request, session: ServiceSession, now: Now) -> None:  # pyright: ignore[reportUnusedFunction] - the router keeps it
        if not is_told_by(secret, request.headers.get(SECRET_HEADER)):
            raise NotSignedIn
        try:
            body: object = await request.json()
        except ValueError:
            raise InvalidJson from None
        if isinstance(body, dict):
            await updates.keep(session, cast("dict[str, Any]", body), now=now)

    return router
