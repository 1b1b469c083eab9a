"""Photos brought over from Telegram, outside of any transaction: each durable before a row mentions it."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from cabinet_service.accounts.domain import Language
from cabinet_service.photos import service as photos
from cabinet_service.photos.refusal import PhotoRefused
from cabinet_service.photos.service import TakenIn
from cabinet_service.ports import FileStore
from cabinet_service.readings import domain as readings
from cabinet_service.readings.errors import ReaderBusy
from cabinet_service.readings.reader import PhotoReader
from cabinet_service.telegram import texts
from service_kit.chats.heard import Sent
from service_kit.chats.saying import Saying, escape
from service_kit.http.problems import Problem
from service_kit.notifying.channels import MessageUndeliverable
from service_kit.side_process import Interrupted
from service_kit.telegram.bot import FileTooBig, TelegramBot
from service_kit.telegram.heard import MAX_FILE_BYTES
from shared_schemas.words import Shot

log = structlog.get_logger(__name__)

MOST_READ: Final = 3


@dataclass(frozen=True, slots=True)
class Fetched:
    """Those that were taken in, why the others were not, and the number that one of them seems to show."""

    taken: Sequence[TakenIn]
    refused: Sequence[Saying]
    number: str | None


class Fetcher:
    """Fetches, keeps and reads."""

    def __init__(self, bot: TelegramBot, files: FileStore, reader: PhotoReader) -> None:
        self._bot = bot
        self._files = files
        self._reader = reader

    async def fetch(self, sent: Sequence[Sent], *, language: Language, shot: Shot | None) -> Fetched:
        """With `shot` the number is looked for that such a photo shows. Raises ChannelAway."""
        taken: list[TakenIn] = []
        refused: list[Saying] = []
        number = None
        for one in sent:
            try:
                content = await self._content(one)
                taken.append(await self._take_in(content))
            except (FileTooBig, MessageUndeliverable) as error:
                key = "photo.tooBig" if isinstance(error, FileTooBig) else "photo.lost"
                refused.append(Saying(html=texts.html(language, key)))
                continue
            except Problem as problem:
                refused.append(Saying(html=escape(problem.text(language))))
                continue
            except BaseException:
                await self.drop(taken)
                raise
            if shot is not None and number is None and len(taken) <= MOST_READ:
                number = await self._read(content, shot)
        return Fetched(taken, refused, number)

    async def drop(self, taken: Sequence[TakenIn]) -> None:
        """No row mentions them, nor will."""
        for one in taken:
            await self._files.delete(one.key)

    async def _content(self, one: Sent) -> bytes:
        if one.size > MAX_FILE_BYTES:
            raise FileTooBig
        return await self._bot.download(one.file_id)

    async def _take_in(self, content: bytes) -> TakenIn:
        async with photos.arriving(self._files) as arrival:
            await arrival.write(content)
            return await photos.take_in(arrival, sha256=hashlib.sha256(content).hexdigest())

    async def _read(self, content: bytes, shot: Shot) -> str | None:
        """Whoever cannot be helped by the reader types the number."""
        try:
            seen = await self._reader.read(io.BytesIO(content))
        except (PhotoRefused, Interrupted, ReaderBusy):
            return None
        except Exception:
            log.exception("telegram_photo_not_read")
            return None
        found = readings.candidates(seen, shot=shot)
        return found[0].reading.value if found else None
