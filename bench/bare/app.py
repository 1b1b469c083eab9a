"""The bare application. Its SQL is what the product's promises cost at least."""

import asyncio
import hashlib
import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import UUID

import asyncpg
from fastapi import FastAPI, Form, Header, HTTPException, Request, UploadFile
from pydantic import BaseModel

from bench.bare import hop
from service_kit.ids import new_id

POOL_SIZE: Final = 10

_REQUEST: Final = """
INSERT INTO requests (id, number, state, version, claim, due_at, created_at)
VALUES ($1, 'A-' || nextval('request_numbers'), $2, 1, $3::jsonb, now() + interval '20 minutes', now())
RETURNING number, created_at
"""
_SUBMIT: Final = """
UPDATE requests SET state = 'queued', version = version + 1 WHERE id = $1 AND state = 'draft'
RETURNING number, created_at
"""
_PHOTO: Final = """
INSERT INTO photos (id, request_id, sha256, key, size_bytes, received_at) VALUES ($1, $2, $3, $4, $5, now())
"""
_OUTBOX: Final = "INSERT INTO outbox (event_id, type, data) VALUES ($1, $2, $3::jsonb)"
_AUDIT: Final = "INSERT INTO audit (act, request_id, at) VALUES ($1, $2, now())"
_KEY: Final = """
INSERT INTO idempotency_keys (key, body, created_at) VALUES ($1, $2::jsonb, now())
ON CONFLICT DO NOTHING RETURNING key
"""
_QUEUE: Final = """
SELECT id, number, state, version, claim->>'make' AS make, due_at, created_at FROM requests
WHERE state IN ('queued', 'in_work') ORDER BY due_at, id LIMIT $1
"""


class Claim(BaseModel):
    identifier: str
    make: str | None = None
    model: str | None = None


class NewRequest(BaseModel):
    claim: Claim
    worry: str | None = None


class RequestOut(BaseModel):
    id: UUID
    number: str
    state: str
    created_at: datetime


class QueueRow(BaseModel):
    id: UUID
    number: str
    state: str
    version: int
    make: str | None
    due_at: datetime
    created_at: datetime


Key = Annotated[str, Header(alias="Idempotency-Key")]
FILES: Final = Path(os.environ["BARE_FILES"])


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    pool: Any = await asyncpg.create_pool(
        os.environ["BARE_DATABASE_URL"], min_size=POOL_SIZE, max_size=POOL_SIZE
    )
    app.state.pool = pool
    async with hop.running(app, os.environ.get("BARE_BUS_URL", "")):
        yield
    await pool.close()


app = FastAPI(lifespan=lifespan)
app.include_router(hop.router)


@app.post("/requests", status_code=201)
async def create(body: NewRequest, request: Request, key: Key) -> RequestOut:
    """A whole request in one transaction."""
    async with request.app.state.pool.acquire() as connection, connection.transaction():
        return await _create(connection, body, "queued", key)


@app.post("/requests-with-photos", status_code=201)
async def create_with_photos(
    request: Request, identifier: Annotated[str, Form()], photo: list[UploadFile], key: Key
) -> RequestOut:
    """The same with its photos, all in one body."""
    kept = [await asyncio.to_thread(_keep, one) for one in photo]
    async with request.app.state.pool.acquire() as connection, connection.transaction():
        made = await _create(connection, NewRequest(claim=Claim(identifier=identifier)), "queued", key)
        await _attach(connection, made.id, kept)
        return made


@app.post("/drafts", status_code=201)
async def open_draft(body: NewRequest, request: Request, key: Key) -> RequestOut:
    async with request.app.state.pool.acquire() as connection, connection.transaction():
        return await _create(connection, body, "draft", key)


@app.post("/drafts/{draft_id}/photos", status_code=201)
async def add_photo(draft_id: UUID, request: Request, file: UploadFile) -> dict[str, str]:
    kept = await asyncio.to_thread(_keep, file)
    async with request.app.state.pool.acquire() as connection, connection.transaction():
        await _attach(connection, draft_id, [kept])
        await connection.execute(_AUDIT, "photo_added", draft_id)
    return {"sha256": kept[0].hex()}


@app.post("/drafts/{draft_id}/submit")
async def submit(draft_id: UUID, request: Request, key: Key) -> RequestOut:
    async with request.app.state.pool.acquire() as connection, connection.transaction():
        row = await connection.fetchrow(_SUBMIT, draft_id)
        if row is None:
            raise HTTPException(404)
        made = RequestOut(id=draft_id, number=row[0], state="queued", created_at=row[1])
        await _record(connection, made, "request.submitted", key)
        return made


@app.get("/queue")
async def queue(request: Request, limit: int = 50) -> list[QueueRow]:
    async with request.app.state.pool.acquire() as connection:
        return [QueueRow(**dict(row)) for row in await connection.fetch(_QUEUE, limit)]


async def _create(connection: Any, body: NewRequest, state: str, key: str) -> RequestOut:
    made_id = new_id()
    row = await connection.fetchrow(_REQUEST, made_id, state, body.claim.model_dump_json())
    made = RequestOut(id=made_id, number=row[0], state=state, created_at=row[1])
    await _record(connection, made, f"request.{state}", key)
    return made


async def _record(connection: Any, made: RequestOut, act: str, key: str) -> None:
    body = made.model_dump_json()
    await connection.execute(_OUTBOX, new_id(), act, body)
    await connection.execute(_AUDIT, act, made.id)
    if await connection.fetchval(_KEY, key, body) is None:
        raise HTTPException(409)


Kept = tuple[bytes, str, int]


async def _attach(connection: Any, request_id: UUID, photos: Sequence[Kept]) -> None:
    for digest, name, size in photos:
        await connection.execute(_PHOTO, new_id(), request_id, digest, name, size)


def _keep(upload: UploadFile) -> Kept:
    """Put a photo on the disk for good."""
    content = upload.file.read()
    name = new_id().hex
    draft = FILES / f".{name}"
    with draft.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(FILES / name)
    folder = os.open(FILES, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(folder)
    os.close(folder)
    return hashlib.sha256(content).digest(), name, len(content)
