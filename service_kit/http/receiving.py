"""A body that is a file, on its way to the disk."""

import asyncio
import hashlib
from http import HTTPStatus
from pathlib import Path

from fastapi import HTTPException, Request
from starlette.requests import ClientDisconnect

from service_kit.http.problems import TemporarilyUnavailable
from service_kit.new_files import NO_ROOM


async def received(request: Request, path: Path, *, seconds: float) -> str:
    """Write what is sent, which the limit of bodies bounds, within so long; its SHA-256, in hex."""
    digest = hashlib.sha256()
    try:
        with path.open("wb") as file:
            async with asyncio.timeout(seconds):
                async for chunk in request.stream():
                    digest.update(chunk)
                    await asyncio.to_thread(file.write, chunk)
    except (TimeoutError, ClientDisconnect):
        raise HTTPException(HTTPStatus.REQUEST_TIMEOUT) from None
    except OSError as error:
        if error.errno in NO_ROOM:
            raise TemporarilyUnavailable(headers={"Retry-After": "60"}) from error
        raise
    return digest.hexdigest()
