"""What comes over a connection before anything is a request: slow, large, half, or in another protocol's name."""

import asyncio
import json
import shutil
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI, Request, Response

from service_kit.http.protocol import Http11
from tests.support.serving import served

JAVA: Final = """
import java.net.URI;
import java.net.http.*;

public class Ask {
    public static void main(String[] words) throws Exception {
        var client = HttpClient.newHttpClient();
        for (var body : new String[] {"", "a".repeat(200_000), "шесть"}) {
            var request = HttpRequest.newBuilder(URI.create(words[0] + "/echo"))
                .POST(HttpRequest.BodyPublishers.ofString(body)).build();
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            System.out.println(answer.statusCode() + " " + answer.body().equals(body));
        }
    }
}
"""


class Hurried(Http11):
    """The same with less patience."""

    HEAD_SECONDS = 0.6
    BODY_SECONDS = 0.6
    MAX_UNFINISHED = 20


class Quiet:
    """A hub without streams."""

    def end(self) -> None: ...


class Wire:
    """One connection, as bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def send(self, text: bytes) -> None:
        self._writer.write(text)
        await self._writer.drain()

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        async with asyncio.timeout(20):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
            body = await self._reader.readexactly(int(headers["content-length"]))
        return int(head[0].split()[1]), headers, body

    async def code(self) -> tuple[int, str]:
        """Status and code of a problem."""
        status, headers, body = await self.answer()
        assert headers["content-type"] == "application/problem+json"
        return status, json.loads(body)["code"]

    async def is_closed(self) -> bool:
        async with asyncio.timeout(20):
            try:
                return await self._reader.read() == b""
            except ConnectionResetError:
                return True

    def close(self) -> None:
        self._writer.close()


class House:
    """An app that is served, and connections to it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._open: list[Wire] = []

    async def connect(self) -> Wire:
        place = urlsplit(self.url)
        wire = Wire(*await asyncio.open_connection(place.hostname, place.port))
        self._open.append(wire)
        return wire

    def leave(self) -> None:
        for wire in self._open:
            wire.close()


@asynccontextmanager
async def open_house(http: type[Http11] = Hurried) -> AsyncGenerator[House]:
    app = FastAPI()
    app.state.hub = Quiet()

    @app.post("/echo")
    async def echo(request: Request) -> Response:
        return Response(await request.body(), headers={"seen": ",".join(request.headers)})

    @app.get("/slow")
    async def slow() -> str:
        await asyncio.sleep(2)
        return "at last"

    async with served(app, http) as url:
        house = House(url)
        try:
            yield house
        finally:
            house.leave()


@pytest.fixture
async def house() -> AsyncGenerator[House]:
    async with open_house() as house:
        yield house


async def test_a_head_that_never_ends_is_given_up(house: House) -> None:
    wire = await house.connect()
    await wire.send(b"POST /echo HTTP/1.1\r\nHost: x\r\n")
    for _ in range(3):
        await wire.send(b"X: y\r\n")
        await asyncio.sleep(0.05)
    assert await wire.code() == (408, "request_too_slow")
    assert await wire.is_closed()


async def test_a_connection_over_which_nothing_comes_is_closed_without_a_word(house: House) -> None:
    assert await (await house.connect()).is_closed()


async def test_a_second_head_has_no_more_time_than_the_first(house: House) -> None:
    wire = await house.connect()
    await wire.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi")
    assert (await wire.answer())[2] == b"hi"
    await wire.send(b"\r\n")  # blank lines before a request are allowed, and none of them begins one
    assert await wire.code() == (408, "request_too_slow")
    assert await wire.is_closed()


async def test_a_body_that_never_ends_is_given_up(house: House) -> None:
    wire = await house.connect()
    await wire.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n12345")
    assert await wire.code() == (408, "request_too_slow")
    assert await wire.is_closed()


async def test_a_slow_upload_that_goes_on_is_waited_for(house: House) -> None:
    part = b"x" * 2048
    began = time.monotonic()
    wire = await house.connect()
    await wire.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (len(part) * 12))
    for _ in range(12):  # far above 500 bytes a second, far longer than the start
        await wire.send(part)
        await asyncio.sleep(0.2)
    status, _, body = await wire.answer()
    assert (status, len(body)) == (200, len(part) * 12)
    assert time.monotonic() - began > 3 * Hurried.BODY_SECONDS


async def test_an_answer_may_take_its_time(house: House) -> None:
    wire = await house.connect()
    await wire.send(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
    await wire.send(b"GET /slow HT")  # the next request begins before the first is answered
    assert (await wire.answer())[2] == b'"at last"'


async def test_of_heads_that_are_not_complete_the_oldest_make_room(house: House) -> None:
    hanging = [await house.connect() for _ in range(3 * Hurried.MAX_UNFINISHED)]
    await asyncio.gather(*(wire.send(b"GET /slow HTTP/1.1\r\nX: ") for wire in hanging))
    wire = await house.connect()
    await wire.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi")
    assert (await wire.answer())[0] == 200
    cut = await asyncio.gather(*(first.is_closed() for first in hanging[: Hurried.MAX_UNFINISHED]))
    assert all(cut)


async def test_a_head_without_end_is_refused_before_it_fills_the_memory() -> None:
    async with open_house(Http11) as house:
        wire = await house.connect()
        await wire.send(b"GET /slow HTTP/1.1\r\n")
        sent = 0
        try:
            while sent < 50_000_000:
                await wire.send(b"X-Filler: " + b"x" * 8000 + b"\r\n")
                sent += 8000
        except ConnectionError:
            pass
        assert sent < 20_000_000  # what the buffers of the system hold


async def test_what_is_no_http_is_told_so(house: House) -> None:
    wire = await house.connect()
    await wire.send(b"\x16\x03\x01\x02\x00\x01")  # TLS, where there is none
    assert await wire.code() == (400, "malformed_http")


OFFER: Final = b"Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAEAAEAAAAIAAAAB\r\nUpgrade: h2c\r\n"


@pytest.mark.parametrize("pause_at", [0, 1, 3])
async def test_an_offer_to_go_on_in_another_protocol_is_ignored(house: House, pause_at: int) -> None:
    """As Java's HttpClient makes it; the body may come with the head, in parts, or after it."""
    body = b"wheel"
    wire = await house.connect()
    head = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nX-Mine: 1\r\n" + OFFER + b"\r\n"
    await wire.send(head + body[:pause_at])
    await asyncio.sleep(0.1)
    await wire.send(body[pause_at:])
    status, headers, answer = await wire.answer()
    assert (status, answer) == (200, body)
    assert "x-mine" in headers["seen"]
    assert not {"upgrade", "http2-settings"} & set(headers["seen"].split(","))
    assert headers.get("connection") != "close"
    await wire.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi")
    assert (await wire.answer())[2] == b"hi"


async def test_the_offer_is_ignored_with_a_chunked_body_and_with_none(house: House) -> None:
    wire = await house.connect()
    await wire.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n" + OFFER + b"\r\n")
    await wire.send(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
    assert (await wire.answer())[2] == b"abcde"
    await wire.send(b"GET /nothing HTTP/1.1\r\nHost: x\r\n" + OFFER + b"\r\n")
    assert (await wire.answer())[0] == 404
    websocket = b"Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n"
    await wire.send(b"GET /nothing HTTP/1.1\r\nHost: x\r\n" + websocket)
    assert (await wire.answer())[0] == 404


async def test_nobody_gets_a_tunnel(house: House) -> None:
    wire = await house.connect()
    await wire.send(b"CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere\r\n\r\nGET / HTTP/1.1\r\n\r\n")
    assert (await wire.answer())[0] in (400, 404, 405)


@pytest.mark.skipif(shutil.which("java") is None, reason="no Java here")
async def test_javas_own_client_is_served(tmp_path: Path) -> None:
    (tmp_path / "Ask.java").write_text(JAVA, encoding="utf-8")
    async with open_house(Http11) as house:
        java = await asyncio.create_subprocess_exec(
            "java", "-Dfile.encoding=UTF-8", str(tmp_path / "Ask.java"), house.url,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        printed, complaints = await java.communicate()
    if b"compiler" in complaints:
        pytest.skip("a Java that cannot compile")
    assert (printed.decode().splitlines(), complaints.decode()) == (["200 true"] * 3, "")


async def test_httpx_is_served_as_before(house: House) -> None:
    async with httpx.AsyncClient(base_url=house.url) as client:
        for body in (b"", b"x" * 300_000):
            assert (await client.post("/echo", content=body)).content == body
