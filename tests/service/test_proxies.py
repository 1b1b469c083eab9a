"""The samples for nginx and Caddy, on the real ones: what of the services gets through, and what not."""

import asyncio
import os
import re
import shutil
import ssl
import subprocess
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Final

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import APIRouter, FastAPI, Request
from starlette.responses import StreamingResponse

from deploy.embedded.processes import free_port
from service_kit.http.access import ANYBODY
from service_kit.http.app import build_app
from service_kit.http.client_address import network_of
from service_kit.http.route import CheckedRoute
from service_kit.settings import hsts
from tests.support.serving import served

DEPLOY: Final = Path(__file__).parents[2] / "deploy"
NAME: Final = "cars.example"
PATIENCE: Final = 20.0


class Quiet:
    """A hub without streams."""

    def end(self) -> None: ...


@dataclass
class House:
    """A proxy before an app, and what the app saw."""

    https: int
    http: int
    first_piece: asyncio.Event

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.https}"

    def client(self) -> httpx.AsyncClient:
        async def ask_by_name(request: httpx.Request) -> None:
            request.extensions["sni_hostname"] = NAME

        return httpx.AsyncClient(
            base_url=self.url,
            verify=False,
            timeout=PATIENCE,
            headers={"Host": NAME},
            event_hooks={"request": [ask_by_name]},
        )

    async def secured(self, *protocols: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_alpn_protocols(list(protocols))
        return await asyncio.open_connection("127.0.0.1", self.https, ssl=context, server_hostname=NAME)


def toy(first_piece: asyncio.Event) -> FastAPI:
    """An app with the manners of both services."""
    router = APIRouter(route_class=CheckedRoute)

    @router.get("/seen", dependencies=[ANYBODY])
    async def seen(request: Request) -> dict[str, str]:
        return {"from": network_of(request), "scheme": request.url.scheme, "host": request.headers["host"]}

    @router.put("/content", dependencies=[ANYBODY])
    async def content(request: Request) -> int:
        length = 0
        async for piece in request.stream():
            length += len(piece)
            first_piece.set()
        return length

    @router.get("/stream", dependencies=[ANYBODY])
    async def stream() -> StreamingResponse:
        async def news() -> AsyncIterator[str]:
            yield ": open\n\n"
            await asyncio.sleep(600)

        return StreamingResponse(news(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        yield

    app = build_app(
        title="toy",
        version="1",
        description="",
        package="tests",
        tags={},
        routers=[router],
        lifespan=lifespan,
        unlimited_paths=("/content", "/stream"),
        large_bodies={"/content": 50 * 1024 * 1024},
        hsts=hsts(subdomains=False),
        trusted_proxies=[ip_network("127.0.0.1")],
    )
    app.state.hub = Quiet()
    return app


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 7, now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "cars.pem", folder / "cars.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return paths


def nginx(folder: Path, *, app: str, https: int, http: int) -> list[str]:
    """The command that serves by our sample; only ports, certificates and the patience are another."""
    pem, key = certificate(folder)
    sample = (DEPLOY / "nginx" / "autodetective.conf").read_text(encoding="utf-8")
    sample = re.sub(r"server 127\.0\.0\.1:\d+;", f"server {app};", sample)
    sample = re.sub(r"listen \[::\].*;", "", sample)
    sample = sample.replace("listen 443", f"listen 127.0.0.1:{https}")
    sample = sample.replace("listen 80", f"listen 127.0.0.1:{http}")
    sample = re.sub(r"/etc/ssl/autodetective/\w+\.pem", str(pem), sample)
    sample = re.sub(r"/etc/ssl/autodetective/\w+\.key", str(key), sample)
    sample = sample.replace("client_header_timeout 10s", "client_header_timeout 1s")
    sample = sample.replace("/var/log/nginx/", f"{folder}/")
    (folder / "sample.conf").write_text(sample, encoding="utf-8")
    own = "user root;\n" if os.geteuid() == 0 else ""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"{own}daemon off;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}include {folder}/sample.conf;\n}}\n"
    )
    return ["nginx", "-e", "stderr", "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, *, app: str, https: int, http: int) -> list[str]:
    """The same with Caddy, which must not ask for certificates here."""
    pem, key = certificate(folder)
    sample = (DEPLOY / "caddy" / "Caddyfile").read_text(encoding="utf-8")
    sample = re.sub(r"127\.0\.0\.1:800\d", app, sample)
    sample = sample.replace(
        "{\n\tservers", f"{{\n\tadmin off\n\thttp_port {http}\n\thttps_port {https}\n\tservers", 1
    )
    sample = re.sub(r"(\w+\.example\}) \{\n", rf"\1 {{\n\ttls {pem} {key}\n", sample)
    sample = sample.replace("read_header 10s", "read_header 1s")
    (folder / "Caddyfile").write_text(sample, encoding="utf-8")
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


PROXIES: Final = {"nginx": nginx, "caddy": caddy}


@pytest.fixture(params=PROXIES)
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[House]:
    if shutil.which(str(request.param)) is None:
        pytest.skip(f"no {request.param} here")
    house = new_house()
    async with served(toy(house.first_piece)) as url:
        app = url.removeprefix("http://")
        command = PROXIES[request.param](tmp_path, app=app, https=house.https, http=house.http)
        with running(command, tmp_path):
            await listens(house)
            yield house


def new_house() -> House:
    return House(https=free_port(), http=free_port(), first_piece=asyncio.Event())


@contextmanager
def running(command: list[str], folder: Path) -> Generator[None]:
    with (folder / "log").open("wb") as log:
        environment = os.environ | {"HOME": str(folder), "XDG_DATA_HOME": str(folder)}
        proxy = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            yield
        finally:
            proxy.terminate()
            proxy.wait(PATIENCE)


async def listens(house: House) -> None:
    for port in (house.https, house.http):  # Caddy listens to one after the other
        for _ in range(200):
            try:
                (await asyncio.open_connection("127.0.0.1", port))[1].close()
                break
            except OSError:
                await asyncio.sleep(0.1)


async def test_the_client_is_who_the_proxy_saw_whatever_it_says(house: House) -> None:
    lies = {"X-Forwarded-For": "198.51.100.66", "X-Forwarded-Proto": "http", "Forwarded": "for=198.51.100.66"}
    async with house.client() as client:
        for headers in ({}, lies):
            answer = await client.get("/seen", headers=headers)
            assert answer.json() == {"from": "127.0.0.1", "scheme": "https", "host": NAME}


async def test_https_is_promised_once_and_plain_http_leads_there(house: House) -> None:
    async with house.client() as client:
        answer = await client.get("/seen")
        assert answer.headers.get_list("strict-transport-security") == ["max-age=31536000"]
        plain = await client.get(f"http://127.0.0.1:{house.http}/seen?a=b")
    assert plain.status_code in (301, 308)
    assert re.fullmatch(rf"https://{NAME}(:\d+)?/seen\?a=b", plain.headers["location"])


async def test_http_2_is_spoken(house: House) -> None:
    _, writer = await house.secured("h2", "http/1.1")
    assert writer.get_extra_info("ssl_object").selected_alpn_protocol() == "h2"
    writer.close()


async def test_a_photo_goes_through_as_it_is_sent(house: House) -> None:
    piece = b"x" * 1024 * 1024

    async def photo() -> AsyncIterator[bytes]:
        yield piece
        async with asyncio.timeout(PATIENCE):
            await house.first_piece.wait()  # it is there before the rest of it was sent
        for _ in range(49):
            yield piece

    async with house.client() as client:
        answer = await client.put("/content", content=photo())
        assert (answer.status_code, answer.json()) == (200, 50 * len(piece))
        # What is too large says the service, in its own words.
        refused = await client.put("/content", content=piece * 50 + b"x" * 1000)
        assert (refused.status_code, refused.json()["code"]) == (413, "body_too_large")


async def test_news_come_at_once(house: House) -> None:
    async with house.client() as client, client.stream("GET", "/stream") as news, asyncio.timeout(PATIENCE):
        assert await anext(news.aiter_lines()) == ": open"


async def test_a_head_that_never_ends_is_given_up(house: House) -> None:
    reader, writer = await house.secured("http/1.1")
    writer.write(f"GET /seen HTTP/1.1\r\nHost: {NAME}\r\nX: ".encode())
    async with asyncio.timeout(PATIENCE):
        assert b"200" not in await reader.read()
    writer.close()


async def test_what_people_look_for_and_what_opens_a_report_stand_in_no_log(
    house: House, tmp_path: Path
) -> None:
    secret = "XTA210990Y2766389"
    came_from = {"Referer": f"{house.url}/search?q={secret}"}
    async with house.client() as client:
        shared = f"/api/v1/shared/{secret}/state"
        badge = f"/api/v1/badges/{secret}/picture.svg"
        for url in (f"http://127.0.0.1:{house.http}/seen", shared, badge, "/metrics", "/seen"):
            await client.get(url, params={"q": secret}, headers=came_from)
    logs = [tmp_path / "log"]
    if (tmp_path / "nginx.conf").exists():  # Caddy writes none unless it is told to
        logs.append(tmp_path / "access.log")
        async with asyncio.timeout(PATIENCE):
            while logs[1].read_text().count("\n") < 5:
                await asyncio.sleep(0.1)  # a line is written after the answer
        assert logs[1].read_text().count(" /seen ") == 2
        assert " /api/v1/shared/***/state " in logs[1].read_text()
        assert " /api/v1/badges/***/picture.svg " in logs[1].read_text()
    assert not [path for path in logs if secret in path.read_text()]


async def test_figures_are_not_for_everybody(house: House) -> None:
    async with house.client() as client:
        assert (await client.get("/metrics")).status_code == 404


@pytest.mark.skipif(shutil.which("caddy") is None, reason="no caddy here")
async def test_a_request_waits_for_the_api_that_takes_the_place_of_another(tmp_path: Path) -> None:
    house, port = new_house(), free_port()
    command = caddy(tmp_path, app=f"127.0.0.1:{port}", https=house.https, http=house.http)
    with running(command, tmp_path):
        await listens(house)
        async with house.client() as client:
            asked = asyncio.create_task(client.get("/seen"))
            answered, _ = await asyncio.wait({asked}, timeout=0.5)
            assert not answered
            async with served(toy(house.first_piece), port=port):
                assert (await asked).json()["host"] == NAME


@pytest.mark.skipif(shutil.which("caddy") is None, reason="no caddy here")
async def test_what_an_api_did_not_answer_is_asked_no_second_time(tmp_path: Path) -> None:
    asked = 0

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        await reader.readuntil(b"\r\n\r\n")
        asked += 1
        writer.close()

    house = new_house()
    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as api:
        host, port = api.sockets[0].getsockname()
        with running(caddy(tmp_path, app=f"{host}:{port}", https=house.https, http=house.http), tmp_path):
            await listens(house)
            async with house.client() as client:
                assert (await client.get("/seen")).status_code == 502
    assert asked == 1
