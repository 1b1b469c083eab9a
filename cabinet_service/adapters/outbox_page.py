"""/dev/outbox: the messages that the recorder kept, for people and for programs. Never there in production."""

import base64
import hashlib
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

# Whatever comes in shows at once, and nobody is torn from what they read: it is only asked for from the top.
_SCRIPT: Final = """
setInterval(async () => {
  const { messages } = await (await fetch("/dev/outbox.json")).json();
  const newest = messages[0]?.message_id ?? "";
  if (newest !== document.body.dataset.newest && scrollY < 40) location.reload();
}, 2000);
"""
_SCRIPT_HASH: Final = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
_HEADERS: Final = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_SCRIPT_HASH}';"
        " connect-src 'self'; frame-src 'self'"
    )
}
_STYLE: Final = """
:root { color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif }
body { max-width: 44rem; margin: 0 auto; padding: 1rem }
article { border-top: 1px solid #7C8694; padding: .5rem 0 }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: .5rem 0 }
iframe { width: 100%; height: 21rem; border: 1px solid #7C8694; border-radius: .5rem; background: #fff }
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
    newest = messages[0].message_id if messages else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Outbox ({len(messages)})</title><style>{_STYLE}</style></head>"
        f'<body data-newest="{newest}"><main>'
        "<h1>Outbox</h1>"
        "<p>Nothing is really sent in development: this is what would have been, the newest first. "
        "The page follows by itself.</p>"
        f"{articles or '<p>There is nothing yet.</p>'}"
        f"</main><script>{_SCRIPT}</script></body></html>"
    )


def _laid_out(message: RecordedMessage) -> str:
    """As a mail program shows it: by itself, where nothing in it can reach this page."""
    if not message.html:
        return ""
    return f'<iframe sandbox title="{escape(message.subject)}" srcdoc="{escape(message.html)}"></iframe>'


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
        _laid_out(message),
    ]
    return f"<article>{' '.join(lines)}</article>"
