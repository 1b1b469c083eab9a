"""The bytes of uploads, as they come: no transaction is held while they do, and the end is reached once."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Final
from uuid import UUID
from weakref import WeakValueDictionary

import structlog
from starlette.requests import ClientDisconnect

from cabinet_service.accounts import scopes
from cabinet_service.accounts.domain import Client
from cabinet_service.photos import service as photos
from cabinet_service.photos.service import TakenIn
from cabinet_service.photos.storage import new_key, room_needed
from cabinet_service.ports import Draft, FileMissing, Ports
from cabinet_service.uploads import service
from cabinet_service.uploads.domain import Checksum, UploadState
from cabinet_service.uploads.errors import UploadChecksum, UploadOffset, UploadOverrun
from cabinet_service.uploads.models import Upload, UploadPart
from service_kit.db import Session, database_now
from service_kit.http.problems import Problem, TimedOut

log = structlog.get_logger(__name__)

# 50 MiB in one request take 14 minutes at half a megabit.
PART_SECONDS: Final = 15 * 60
# Uploads whose end is being reached in this process. Whoever waits here holds no connection.
_ends: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()


async def take_part(
    ports: Ports,
    upload_id: UUID,
    content: AsyncIterator[bytes],
    *,
    at: int,
    checksum: Checksum | None,
    client: Client,
) -> Upload:
    """Keep the bytes that begin `at`; returns how the upload stands then. Its end may come again at any time.

    Raises NotFound, UploadOver, UploadOffset, UploadOverrun, UploadChecksum, StorageFull, or why the photo is
    refused.
    """
    async with ports.backbone.database.reading(scopes.of(client)) as session:
        upload = await service.one(session, upload_id, client=client)
        service.check_may_come(upload, at, now=await database_now(session))
    key = new_key(service.PARTS)
    with room_needed():
        async with ports.files.draft(key) as draft:
            size = await _receive(content, draft, at=at, whole=upload.size_bytes, checksum=checksum)
            is_kept = size > 0 and not upload.is_whole
            if is_kept:
                await draft.keep(_unexamined)
        is_end = at + size == upload.size_bytes
        if is_kept:
            try:
                upload = await _say(ports, upload_id, key, at=at, size=size, client=client)
            except UploadOffset:
                if not is_end:
                    raise
    if is_end:
        upload = await ended(ports, upload_id, client=client)
    service.check_took(upload, at=at, size=size)
    return upload


async def ended(ports: Ports, upload_id: UUID, *, client: Client) -> Upload:
    """The upload; if all of its bytes are here it is over when this returns, and the same for all who ask. If the
    store lost some of them, it has come no further than those before.

    Raises NotFound. After all other errors whoever asks next has it tried again.
    """
    async with _ends.setdefault(upload_id, asyncio.Lock()):
        async with ports.backbone.database.writing(scopes.of(client)) as session:
            upload = await service.awaited(session, upload_id, client=client)
            if not upload.is_whole or upload.state is not UploadState.RECEIVING:
                return upload
            unneeded = await _end(ports, session, upload, client=client)
        for key in unneeded:
            await ports.files.delete(key)
        return upload


async def _end(ports: Ports, session: Session, upload: Upload, *, client: Client) -> list[str]:
    """Make all parts one photo and that evidence, refuse it, or have what is lost sent again. Returns the keys of
    files that nobody needs then.

    The row is locked: nobody else joins the parts meanwhile, or takes them away.
    """
    parts = await service.parts(session, upload.id)
    keys = [part.file_key for part in parts]
    try:
        photo = await _joined(ports, upload, parts)
        keys.append(photo.key)
        async with session.savepoint():
            if await service.complete(session, upload, photo, client=client, files=ports.files):
                keys.remove(photo.key)
    except _PartLost as lost:
        log.warning("part_of_upload_lost", upload_id=str(upload.id), held=lost.start)
        await service.cut_back(session, upload, to=lost.start)
        return [part.file_key for part in parts if part.start >= lost.start]
    except Problem as problem:
        if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise
        await service.refuse(session, upload, problem)
    return keys


class _PartLost(Exception):
    """The file of the part from `start` on is gone, or not as long as it was when it was kept."""

    def __init__(self, start: int) -> None:
        self.start = start


async def _joined(ports: Ports, upload: Upload, parts: Sequence[UploadPart]) -> TakenIn:
    """The photo that the parts make, taken in. Raises _PartLost, StorageFull or why it is refused."""
    ends = [*(part.start for part in parts[1:]), upload.offset_bytes]
    joined = 0
    async with photos.arriving(ports.files) as arrival:
        for part, end in zip(parts, ends, strict=True):
            try:
                async for chunk in await ports.files.open(part.file_key):
                    joined += len(chunk)
                    await arrival.write(chunk)
            except FileMissing:
                raise _PartLost(part.start) from None
            if joined != end:
                raise _PartLost(part.start)
        return await photos.take_in(arrival, sha256=upload.sha256.hex())


async def _receive(
    content: AsyncIterator[bytes], draft: Draft, *, at: int, whole: int, checksum: Checksum | None
) -> int:
    """Write the body to the draft; returns how many bytes that are. Raises UploadOverrun or UploadChecksum."""
    received, hashed = 0, None if checksum is None else hashlib.new(checksum.algorithm, usedforsecurity=False)
    try:
        async with asyncio.timeout(PART_SECONDS):
            async for chunk in content:
                received += len(chunk)
                if at + received > whole:
                    raise UploadOverrun(size=whole)
                if hashed is not None:
                    hashed.update(chunk)
                await draft.write(chunk)
    except ClientDisconnect:
        pass  # what came is worth keeping
    except TimeoutError:
        raise TimedOut from None
    if checksum is not None and hashed is not None and hashed.digest() != checksum.digest:
        raise UploadChecksum
    return received


def _unexamined(_: Path) -> None:
    """A part is anything: only all of them together are a photo."""


async def _say(ports: Ports, upload_id: UUID, key: str, *, at: int, size: int, client: Client) -> Upload:
    """Say that the part is durable. One that somebody else was faster with is dropped again."""
    try:
        async with ports.backbone.database.writing(scopes.of(client)) as session:
            now = await database_now(session)
            return await service.add_part(
                session, upload_id, at=at, size=size, file_key=key, client=client, now=now
            )
    except Problem:
        await ports.files.delete(key)
        raise
