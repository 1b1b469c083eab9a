"""/dev/outbox: the messages that the recorder kept, for people and for programs. Never there in production."""

import re
from datetime import datetime
from html import escape
from typing import Final

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import HTMLResponse

from cabinet_service.adapters.recorder import RecordedMessage, Recorder

SHOWN: Final = 200
# Of all that is written to clients only a sign-in code is a number of six digits.
_CODE: Final = re.compile(r"\b\d{6}\b")

_HEADERS: Final = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
_STYLE: Final = """
:root { color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif }
body { max-width: 44rem; margin: 0 auto; padding: 1rem }
article { border-top: 1px solid #7C8694; padding: .5rem 0 }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: .5rem 0 }
.code { font: 1.625rem ui-monospace, monospace; letter-spacing: .1em }
"""


class MessageOut(BaseModel):
    """`code` is the sign-in code in the message, if it is one of those."""

    message_id: str
    channel: str
    to: str
    subject: str
    text: str
    code: str | None
    recorded_at: datetime


class OutboxOut(BaseModel):
    """The newest first."""

    messages: list[MessageOut]


def outbox_routes(recorder: Recorder) -> APIRouter:
    """The page, and the same as JSON."""
    router = APIRouter(prefix="/dev", include_in_schema=False)

    @router.get("/outbox", response_class=HTMLResponse)
    async def show_outbox() -> HTMLResponse:  # pyright: ignore[reportUnusedFunction] - FastAPI calls it
        return HTMLResponse(_page(await recorder.newest(SHOWN)), headers=_HEADERS)

    @router.get("/outbox.json")
    async def list_outbox() -> OutboxOut:  # pyright: ignore[reportUnusedFunction] - FastAPI calls it
        found = await recorder.newest(SHOWN)
        return OutboxOut(messages=[_message_out(message) for message in found])

    return router


def _message_out(message: RecordedMessage) -> MessageOut:
    return MessageOut(
        message_id=str(message.message_id),
        channel=message.channel,
        to=message.to,
        subject=message.subject,
        text=message.text,
        code=_code_in(message),
        recorded_at=message.recorded_at,
    )


def _code_in(message: RecordedMessage) -> str | None:
    found = _CODE.search(message.text)
    return found[0] if found else None


def _page(messages: list[RecordedMessage]) -> str:
    articles = "".join(_article(message) for message in messages)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Outbox ({len(messages)})</title><style>{_STYLE}</style></head><body><main>"
        "<h1>Outbox</h1>"
        "<p>Nothing is really sent in development: this is what would have been, the newest first. "
        '<a href="">Refresh</a></p>'
        f"{articles or '<p>There is nothing yet.</p>'}"
        "</main></body></html>"
    )


def _article(message: RecordedMessage) -> str:
    heading = message.subject or f"Message to {message.to}"
    at = message.recorded_at.isoformat(timespec="seconds")
    code = _code_in(message)
    lines = [
        f"<h2>{escape(heading)}</h2>",
        f"<p>{escape(message.channel)} to <strong>{escape(message.to)}</strong>,",
        f'<time datetime="{at}">{at}</time></p>',
        f'<p>Code: <span class="code">{escape(code)}</span></p>' if code else "",
        f"<pre>{escape(message.text)}</pre>",
    ]
    return f"<article>{' '.join(lines)}</article>"
