"""Keeps messages as files instead of sending them; /dev/outbox shows them."""

import asyncio
import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

from cabinet_service.adapters.letters import html_of
from service_kit.notifying.channels import Message

ChannelName = Literal["email", "phone"]


@dataclass(frozen=True, slots=True)
class RecordedMessage:
    """One message as it was handed over. A short message has no subject; `html` is a letter laid out."""

    message_id: UUID
    channel: ChannelName
    to: str
    subject: str
    text: str
    recorded_at: datetime
    html: str = ""


class Recorder:
    """One JSON file a message in `folder`, whole or not there at all. Sent again it overwrites itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def channel(self, name: ChannelName) -> "RecorderChannel":
        """A Channel whose messages are kept here."""
        return RecorderChannel(self, name)

    async def keep(self, message: RecordedMessage) -> None:
        await asyncio.to_thread(self._write, message)

    async def newest(self, limit: int) -> list[RecordedMessage]:
        """The newest first."""
        return await asyncio.to_thread(self._read, limit)

    def _write(self, message: RecordedMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        values = asdict(message) | {
            "message_id": str(message.message_id),
            "recorded_at": message.recorded_at.isoformat(),
        }
        draft = self._folder / f".{message.message_id}.{os.getpid()}"
        draft.write_text(json.dumps(values, ensure_ascii=False, indent=2), "utf-8")
        draft.replace(self._folder / f"{message.message_id}.json")

    def _read(self, limit: int) -> list[RecordedMessage]:
        # Message ids sort by the time of their making, which is just before they are sent.
        paths = sorted(self._folder.glob("*.json"), reverse=True)[:limit]
        found = [_parse(path.read_text("utf-8")) for path in paths]
        return sorted(found, key=lambda message: message.recorded_at, reverse=True)


class RecorderChannel:
    """A Channel: of what goes to a phone only the short form is kept."""

    def __init__(self, recorder: Recorder, name: ChannelName) -> None:
        self._recorder = recorder
        self._name: ChannelName = name

    async def send(self, message: Message) -> None:
        wording = message.wording
        subject, text = (wording.subject, wording.letter) if self._name == "email" else ("", wording.short)
        html = html_of(wording) if self._name == "email" and wording.action else ""
        await self._recorder.keep(
            RecordedMessage(
                message.message_id, self._name, message.to, subject, text, datetime.now(UTC), html
            )
        )


def _parse(text: str) -> RecordedMessage:
    values = json.loads(text)
    return RecordedMessage(
        message_id=UUID(values["message_id"]),
        channel=values["channel"],
        to=values["to"],
        subject=values["subject"],
        text=values["text"],
        recorded_at=datetime.fromisoformat(values["recorded_at"]),
        html=values.get("html", ""),
    )
