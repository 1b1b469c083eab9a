"""A process that is told to stop: it ends what it is at, in order, and says so by its exit code."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Final

import httpx
import pytest

from deploy.embedded.processes import free_port
from service_kit import heartbeat

_API: Final = """
import asyncio, sys
from types import SimpleNamespace
from fastapi import FastAPI
from service_kit.http.serving import serve

app = FastAPI()
app.state.hub = SimpleNamespace(end=lambda: None)

@app.get("/slow")
async def slow() -> str:
    print("asked", flush=True)
    await asyncio.sleep(1)
    return "answered"

serve(app, host="127.0.0.1", port=int(sys.argv[1]))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_an_api_answers_what_it_is_at_and_ends_in_order(number: signal.Signals) -> None:
    port = free_port()
    words = (sys.executable, "-c", _API, str(port))
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            under_way = asyncio.create_task(_once_it_is_up(client))
            assert process.stdout is not None
            async with asyncio.timeout(60):
                assert await process.stdout.readline() == b"asked\n"
                process.send_signal(number)
                assert (await under_way).json() == "answered"
                assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()


async def _once_it_is_up(client: httpx.AsyncClient) -> httpx.Response:
    while True:
        try:
            return await client.get("/slow")
        except httpx.ConnectError:
            await asyncio.sleep(0.05)


async def test_a_loop_that_turns_touches_its_file_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "EVERY", 0.01)
    file = tmp_path / "alive"
    beating = asyncio.create_task(heartbeat.beat(file))
    try:
        for _ in range(2):
            while not (file.exists() and file.stat().st_mtime > 0):
                await asyncio.sleep(0.01)
            os.utime(file, (0, 0))
    finally:
        beating.cancel()
