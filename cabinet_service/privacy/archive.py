"""A ZIP file of somebody's data: JSON that people can read, and files as they came."""

import asyncio
import json
from collections.abc import AsyncIterable, AsyncIterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

Json = dict[str, Any]

README: Final = """\
Ваши данные в Автодетективе. Каждый файл .json — список записей одного рода; времена — по Гринвичу (UTC).
В папке photos лежат ваши снимки в том виде, в каком вы их прислали, по папке на заявку.
experts.json — то, что о ваших заявках хранит сторона экспертов.

Your data at Autodetective. Each .json file is a list of records of one kind; times are in UTC.
The folder photos holds your photos as you sent them, a folder an inspection.
experts.json is what the experts' side keeps about your inspections.

{kinds}
"""
KINDS: Final = {
    "account": "кто вы · who you are",
    "contacts": "как вас найти · how you are reached",
    "memberships": "компании, в которых вы состоите · companies you are a member of",
    "sessions": "где вы вошли · where you are signed in",
    "passkeys": "ключи входа на ваших устройствах · passkeys of your devices",
    "consents": "на что вы согласились и что отозвали · what you agreed to and took back",
    "invitations": "приглашения в компании, которые вы дали · invitations into companies that you gave",
    "company_agreements": "на что вы согласились за компанию · what you agreed to for a company",
    "inspections": "ваши заявки · what you ordered",
    "history_orders": "истории по номеру, которые вы заказали · histories by number that you ordered",
    "messages": "переписка с экспертами · messages between you and the experts",
    "info_tasks": "что у вас просили и что вы ответили · what you were asked, and said",
    "decisions": "ответы экспертов · the experts' answers",
    "reports": "отчёты по вашим заявкам · reports on what you ordered",
    "disputes": "ваши возражения · your objections",
    "ratings": "ваши оценки ответов · your ratings of answers",
    "outcomes": "что вышло в итоге · what came of it",
    "clocks": "на что ушло время · where the time went",
    "timeline": "что когда произошло · what happened when",
    "shares": "ссылки на отчёты, которые вы дали · links to reports that you gave out",
    "badges": "значки для объявлений, которые вы сделали · badges for adverts that you made",
    "yard_links": "ссылки на машины, которые вы дали · links to cars that you gave out",
    "bulk_jobs": "списки машин, которые вы заказали · lists of cars that you ordered",
    "bulk_rows": "строки этих списков · the rows of these lists",
    "watches": "машины, за которыми вы следите · cars that you watch",
    "photos": "что известно о снимках · what is known of the photos",
    "notifications": "о чём вам писали · what you were written about",
    "notification_deliveries": "какими путями это вам отправляли · by which ways it was sent to you",
    "notification_addresses": "где ещё вам сообщают: чаты, браузеры · where else you are told: chats, browsers",
    "notification_choices": "как вы просили вам сообщать · how you asked to be told",
    "experts": "что хранит сторона экспертов · what the experts' side keeps",
}


class Archive:
    """Written from the beginning to the end; only what is being written is in memory."""

    def __init__(self, path: Path) -> None:
        self._zip = ZipFile(path, "w", ZIP_DEFLATED)

    def __enter__(self) -> Self:
        lines = "\n".join(f"{kind}.json: {meaning}" for kind, meaning in KINDS.items())
        self._zip.writestr("README.txt", README.format(kinds=lines))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    async def add_rows(self, rows: AsyncIterable[tuple[str, Json]]) -> None:
        """Write each row into the list of its kind. Rows of a kind come one after the other."""
        listing: _Listing | None = None
        try:
            async for kind, row in rows:
                if listing is None or listing.kind != kind:
                    if listing:
                        await listing.end()
                    listing = _Listing(self._zip, kind)
                await listing.add(row)
        finally:
            if listing:  # also when the rows break off: an archive with an open entry cannot be closed
                await listing.end()

    async def add_file(self, name: str, chunks: AsyncIterator[bytes]) -> None:
        """Photos are packed already: they are stored as they are."""
        info = ZipInfo(name)
        info.compress_type = ZIP_STORED
        with self._zip.open(info, "w", force_zip64=True) as entry:
            async for chunk in chunks:
                await asyncio.to_thread(entry.write, chunk)


class _Listing:
    """One JSON file, a list, as it grows."""

    def __init__(self, archive: ZipFile, kind: str) -> None:
        self.kind = kind
        self._entry = archive.open(f"{kind}.json", "w", force_zip64=True)
        self._before = "["

    async def add(self, row: Json) -> None:
        text = f"{self._before}\n{json.dumps(row, ensure_ascii=False, indent=2)}"
        self._before = ","
        await asyncio.to_thread(self._entry.write, text.encode())

    async def end(self) -> None:
        await asyncio.to_thread(self._entry.write, b"\n]\n")
        self._entry.close()
