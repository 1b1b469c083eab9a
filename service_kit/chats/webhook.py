"""Where messengers bring updates, in the API."""

from typing import Any, cast

from fastapi import APIRouter, Request

from service_kit.chats.updates import Updates, is_told_by, webhook_secret
from service_kit.http.edge import Now, ServiceSession
from service_kit.http.problems import InvalidJson, NotSignedIn


def webhook_router(updates: Updates, token: str) -> APIRouter:
    """Answers once the update is kept: what a messenger is told arrived, it sends no more."""
    router = APIRouter(include_in_schema=False)
    messenger = updates.messenger
    secret = webhook_secret(messenger, token)

    @router.post(messenger.webhook)
    async def take_update(request: Request, session: ServiceSession, now: Now) -> None:  # pyright: ignore[reportUnusedFunction] - the router keeps it
        if not is_told_by(secret, request.headers.get(messenger.secret_header)):
            raise NotSignedIn
        try:
            body: object = await request.json()
        except ValueError:
            raise InvalidJson from None
        if isinstance(body, dict):
            await updates.keep(session, cast("dict[str, Any]", body), now=now)

    return router
