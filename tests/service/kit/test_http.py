"""The manners of both APIs, on a toy app: bad input gets a clear problem, and nothing is half done."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Query, Request
from sqlalchemy import func, select

from service_kit import idempotency
from service_kit.db import Database, ReadSession
from service_kit.http.access import ANYBODY, AccessNotDeclared
from service_kit.http.app import build_app
from service_kit.http.edge import IdempotencyKey, Now, WriteSession, fingerprint, install_replay
from service_kit.http.route import CheckedRoute
from service_kit.http.schemas import ApiInput, ApiOutput, ShortText
from service_kit.idempotency import Once
from service_kit.signing import KeyRing
from tests.service.kit.conftest import Effect
from tests.service.kit.conftest import IdempotencyKey as IdempotencyKeyTable


class NewCar(ApiInput):
    name: ShortText
    step: int = 1


class Car(ApiOutput):
    id: UUID
    name: str


async def once(request: Request, session: WriteSession, now: Now, key: IdempotencyKey = None) -> Once:
    return await idempotency.claim(
        session,
        IdempotencyKeyTable,
        owner="me",
        key=key,
        request=await fingerprint(request),
        now=now,
        secrets=request.app.state.secrets,
    )


router = APIRouter(route_class=CheckedRoute)


@router.post("/cars", status_code=201, dependencies=[ANYBODY])
async def create_car(body: NewCar, session: WriteSession, claimed: Annotated[Once, Depends(once)]) -> Car:
    car = Car(id=uuid4(), name=body.name)
    session.add(Effect(inspection_id=car.id, step=body.step))
    await session.flush()
    if body.name == "lemon":
        raise RuntimeError("secret detail of our machinery")
    return await claimed.keep(car)


@router.get("/cars", dependencies=[ANYBODY])
async def find_cars(name: Annotated[str, Query(max_length=20)] = "") -> str:
    return name


@router.get("/slow", dependencies=[ANYBODY])
async def slow() -> None:
    await asyncio.sleep(60)


@asynccontextmanager
async def toy_client(
    database: Database, secrets: Sequence[str] = ("a key of the service",)
) -> AsyncGenerator[httpx.AsyncClient]:
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
    )
    install_replay(app)
    app.state.database = database
    app.state.secrets = KeyRing(secrets)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://toy") as client:
        yield client


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with toy_client(database) as client:
        yield client


async def cars(database: Database) -> int:
    async with database.reading() as session:
        return await count(session)


async def count(session: ReadSession) -> int:
    return await session.scalar(select(func.count()).select_from(Effect)) or 0


KEY = {"Idempotency-Key": "a-key-of-mine"}


async def test_the_same_request_twice_creates_once_and_answers_the_same(
    client: httpx.AsyncClient, database: Database
) -> None:
    first = await client.post("/cars", json={"name": "volga"}, headers=KEY)
    second = await client.post("/cars", json={"name": "volga"}, headers=KEY)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second.headers["idempotency-replayed"] == "true"
    assert await cars(database) == 1


async def test_a_key_of_the_service_that_is_changed_makes_no_other_request_of_a_repeated_one(
    database: Database,
) -> None:
    old, new = "the key until now", "the key from now on"
    answers: list[str] = []
    for secrets in ([old, new], [new, old]):
        async with toy_client(database, secrets) as client:
            answers.append((await client.post("/cars", json={"name": "volga"}, headers=KEY)).text)
    async with toy_client(database, [new]) as client:
        assert (await client.post("/cars", json={"name": "volga"}, headers=KEY)).status_code == 422
    assert answers[0] == answers[1]
    assert await cars(database) == 1


async def test_a_request_of_which_an_earlier_release_kept_a_plain_fingerprint_is_known(
    client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plain(_key: bytes, request: bytes, digest: str) -> bytes:
        return hashlib.new(digest, request).digest()

    with monkeypatch.context() as earlier:
        earlier.setattr(idempotency.hmac, "digest", plain)
        first = await client.post("/cars", json={"name": "volga"}, headers=KEY)
    second = await client.post("/cars", json={"name": "volga"}, headers=KEY)
    other = await client.post("/cars", json={"name": "lada"}, headers=KEY)

    assert (second.status_code, second.json()) == (201, first.json())
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert await cars(database) == 1


async def test_what_was_sent_is_not_found_by_whoever_reads_its_fingerprint(database: Database) -> None:
    kept: list[bytes] = []
    for number, secret in enumerate(("one key of a service", "another of a service")):
        async with toy_client(database, [secret]) as client:
            headers = {"Idempotency-Key": f"a-key-of-mine-{number}"}
            assert (await client.post("/cars", json={"name": "volga"}, headers=headers)).status_code == 201
    async with database.reading() as session:
        kept.extend(await session.scalars(select(IdempotencyKeyTable.fingerprint)))
    assert len(set(kept)) == 2


async def test_simultaneous_requests_with_one_key_create_once(
    client: httpx.AsyncClient, database: Database
) -> None:
    answers = await asyncio.gather(
        *(client.post("/cars", json={"name": "volga"}, headers=KEY) for _ in range(8))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await cars(database) == 1


async def test_one_key_for_another_body_is_refused(client: httpx.AsyncClient, database: Database) -> None:
    await client.post("/cars", json={"name": "volga"}, headers=KEY)
    answer = await client.post("/cars", json={"name": "lada"}, headers=KEY)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert await cars(database) == 1


@pytest.mark.parametrize("key", [None, "short", "with space in it", "é" * 10, "x" * 129])
async def test_no_key_or_a_bad_one_is_refused(
    client: httpx.AsyncClient, database: Database, key: str | None
) -> None:
    headers = {} if key is None else {b"Idempotency-Key": key.encode()}
    answer = await client.post("/cars", json={"name": "volga"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")
    assert await cars(database) == 0


async def test_a_failure_frees_the_key_and_leaves_nothing(
    client: httpx.AsyncClient, database: Database
) -> None:
    answer = await client.post("/cars", json={"name": "lemon"}, headers=KEY)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "machinery" not in answer.text
    assert await cars(database) == 0
    again = await client.post("/cars", json={"name": "volga"}, headers=KEY)
    assert again.status_code == 201


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b'{"name": "volga"', "application/json", 400, "invalid_json"),
        (b'{"name": "volga", "step": NaN}', "application/json", 400, "invalid_json"),
        (b'{"step": ' + b"9" * 5000 + b"}", "application/json", 400, "invalid_json"),
        (b"[" * 60_000, "application/json", 400, "invalid_json"),
        (b"\xff\xfe\x00", "application/json", 400, "invalid_json"),
        (b'{"name": "a\\u0000b"}', "application/json", 422, "forbidden_character"),
        (b'{"name": "a\\ud800b"}', "application/json", 422, "forbidden_character"),
        (b'{"na\\u0000me": 1}', "application/json", 422, "forbidden_character"),
        (b'{"name": "volga", "colour": 1}', "application/json", 422, "malformed_request"),
        (b'{"name": ""}', "application/json", 422, "malformed_request"),
        (b'{"name": "volga"}', "text/plain", 415, "unsupported_media_type"),
        (b'{"name": "' + b"x" * 200_000 + b'"}', "application/json", 413, "body_too_large"),
        (b"", "application/json", 422, "malformed_request"),
    ],
)
async def test_a_bad_body_gets_its_problem(
    client: httpx.AsyncClient, database: Database, body: bytes, content_type: str, status: int, code: str
) -> None:
    answer = await client.post("/cars", content=body, headers={**KEY, "Content-Type": content_type})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert await cars(database) == 0


async def test_a_body_that_lies_about_its_length_is_cut_off(client: httpx.AsyncClient) -> None:
    async def endless() -> AsyncGenerator[bytes]:
        for _ in range(50):
            yield b" " * 10_000

    answer = await client.post(
        "/cars", content=endless(), headers={**KEY, "Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("address", ["/cars?name=a%00b", "/cars?name=%ff", "/cars/%00", "/cars?%ed%a0%80=1"])
async def test_addresses_with_impossible_text_are_refused(client: httpx.AsyncClient, address: str) -> None:
    answer = await client.get(address)
    assert (answer.status_code, answer.json()["code"]) == (422, "forbidden_character")


async def test_emoji_and_right_to_left_text_pass_unchanged(client: httpx.AsyncClient) -> None:
    name = "🚗 سيارة Ёлка e\u0301"
    answer = await client.post("/cars", json={"name": name}, headers=KEY)
    assert answer.json()["name"] == name


async def test_what_takes_too_long_is_given_up_with_a_word(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service_kit.http.app.TIME_LIMIT_SECONDS", 0.2)
    async with toy_client(database) as client:
        answer = await client.get("/slow")
    assert (answer.status_code, answer.json()["code"]) == (503, "timed_out")
    assert answer.headers["retry-after"]


@pytest.mark.parametrize(
    ("header", "russian"),
    [
        ("ru-RU,ru;q=0.9,en;q=0.8", True),
        ("en,ru;q=0.5", False),
        ("de", False),
        ("ru;q=x", False),
        ("", False),
    ],
)
async def test_problems_speak_the_readers_language(
    client: httpx.AsyncClient, header: str, russian: bool
) -> None:
    answer = await client.get("/nowhere", headers={"Accept-Language": header})
    assert answer.json()["code"] == "not_found"
    assert ("ничего нет" in answer.json()["detail"]) is russian


async def test_the_correlation_id_is_taken_over_or_made(client: httpx.AsyncClient) -> None:
    given = await client.get("/nowhere", headers={"X-Correlation-Id": "my-request-17"})
    assert given.headers["x-correlation-id"] == given.json()["correlation_id"] == "my-request-17"
    forged = await client.get("/nowhere", headers={"X-Correlation-Id": "bad\tone <script>"})
    assert UUID(forged.headers["x-correlation-id"])


def test_an_app_with_a_route_that_does_not_say_who_may_call_it_is_not_built() -> None:
    silent, around = APIRouter(prefix="/cars"), APIRouter()

    @silent.get("/secrets")
    async def list_secrets() -> str:  # pyright: ignore[reportUnusedFunction] - FastAPI keeps it
        return "everything"

    around.include_router(silent)
    with pytest.raises(AccessNotDeclared, match="GET /cars/secrets"):
        build_app(
            title="toy",
            version="1",
            description="",
            package="tests",
            tags={},
            routers=[around],
            lifespan=lambda _app: nothing(),
        )


@asynccontextmanager
async def nothing() -> AsyncGenerator[None]:
    yield
