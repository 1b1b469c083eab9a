"""The embedded engines by themselves: real servers from their wheels."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from tempfile import mkdtemp

import asyncpg
import psutil
import pytest
import redis.asyncio as redis

from deploy.embedded.databases import Database, mark_migrated, prepare
from deploy.embedded.postgres import EmbeddedPostgres
from deploy.embedded.processes import Ending, StartFailed, free_port
from deploy.embedded.valkey import EmbeddedValkey

PASSWORD = "throw-away-password"

START_AND_WAIT = """
import sys, time
from pathlib import Path
from deploy.embedded.postgres import EmbeddedPostgres
from deploy.embedded.valkey import EmbeddedValkey
folder = Path(sys.argv[2])
server = EmbeddedPostgres(folder) if sys.argv[1] == "postgres" else EmbeddedValkey(folder, password=sys.argv[3])
server.start()
print(server.process.pid, server.url(), flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's own: root makes that one unreachable for others, which is a case of its own."""
    path = Path(mkdtemp(prefix="engine-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def postgres() -> Iterator[EmbeddedPostgres]:
    path = Path(mkdtemp(prefix="engine-"))
    server = EmbeddedPostgres(path, durable=False)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(path)


def start_and_wait(engine: str, folder: Path) -> tuple[subprocess.Popen[str], psutil.Process, str]:
    """A launcher that started the engine, the engine's process and its address."""
    launcher = subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT, engine, str(folder), PASSWORD],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert launcher.stdout is not None
    pid, url = launcher.stdout.readline().split()
    return launcher, psutil.Process(int(pid)), url


def runs(process: psutil.Process) -> bool:
    """Not merely waiting for an init process that is slow to collect it."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


async def test_postgres_keeps_what_was_committed_when_its_launcher_was_killed(folder: Path) -> None:
    launcher, server, url = start_and_wait("postgres", folder)
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    launcher.kill()
    launcher.communicate()
    assert runs(server)

    again = EmbeddedPostgres(folder)
    again.start()
    try:
        assert not runs(server)
        connection = await asyncpg.connect(again.url())
        assert await connection.fetchval("SELECT n FROM kept") == 7
        assert await connection.fetchval("SHOW fsync") == "on"
        await connection.close()
    finally:
        again.stop()
    assert not again.is_running()


async def test_valkey_keeps_what_was_written_when_its_launcher_was_killed(folder: Path) -> None:
    launcher, server, url = start_and_wait("valkey", folder)
    async with redis.from_url(url) as client:
        await client.set("kept", "7")
    launcher.kill()
    launcher.communicate()
    assert runs(server)

    again = EmbeddedValkey(folder, password=PASSWORD)
    again.start()
    try:
        assert not runs(server)
        async with redis.from_url(again.url()) as client:
            assert await client.get("kept") == b"7"
    finally:
        again.stop()


async def test_valkey_wants_its_password(folder: Path) -> None:
    server = EmbeddedValkey(folder, password=PASSWORD)
    server.start()
    try:
        async with redis.Redis(port=server.port) as stranger:
            with pytest.raises(redis.AuthenticationError):
                await stranger.get("anything")
    finally:
        server.stop()


def test_a_pid_file_whose_number_went_to_someone_else_harms_nobody(folder: Path) -> None:
    server = EmbeddedValkey(folder, password=PASSWORD)
    server.start()
    server.stop()
    with subprocess.Popen(["sleep", "600"]) as bystander:
        (folder / "valkey.pid").write_text(
            json.dumps({"pid": bystander.pid, "born": 1.5, "ending": asdict(Ending())})
        )
        server.start()
        server.stop()
        assert bystander.poll() is None
        bystander.kill()


async def test_an_interrupted_initialisation_is_begun_again(folder: Path) -> None:
    server = EmbeddedPostgres(folder, durable=False)
    draft = folder / "draft"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18\n")
    server.start()
    try:
        connection = await asyncpg.connect(server.url())
        assert await connection.fetchval("SELECT 'Ъ' = upper('ъ')")
        await connection.close()
    finally:
        server.stop()


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can start it under a folder that others may not enter"
)
async def test_root_may_start_it_under_a_private_folder(folder: Path) -> None:
    folder.chmod(0o700)
    server = EmbeddedPostgres(folder / "within", durable=False)
    server.start()
    try:
        connection = await asyncpg.connect(server.url())
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()
        assert server.process is not None
        assert psutil.Process(server.process.pid).uids().effective != 0
    finally:
        server.stop()


def test_a_failed_start_says_why(folder: Path, postgres: EmbeddedPostgres) -> None:
    with pytest.raises(StartFailed, match="Address already in use"):
        EmbeddedPostgres(folder, port=postgres.port, durable=False).start()


async def test_each_role_has_its_own_database_and_no_other(postgres: EmbeddedPostgres) -> None:
    cabinet, bpa = Database("cabinet", "one-password", "p"), Database("bpa", "other-password", "p")
    for _ in range(2):
        assert prepare(postgres.url(), [cabinet, bpa]) == {"cabinet": "", "bpa": ""}
    connection = await asyncpg.connect(cabinet.owner_url(postgres.url()))
    await connection.execute("CREATE TABLE mine (n int); CREATE EXTENSION pg_trgm")
    await connection.close()
    connection = await asyncpg.connect(cabinet.service_url(postgres.url()))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("DROP TABLE mine")
    await connection.close()

    for own_url in (cabinet.owner_url(postgres.url()), cabinet.service_url(postgres.url())):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(own_url.removesuffix("/cabinet") + "/bpa")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(Database("cabinet", "wrong", "p").owner_url(postgres.url()))
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(f"postgresql://postgres@127.0.0.1:{postgres.port}/postgres", password="wrong")


def test_a_database_remembers_its_mark(postgres: EmbeddedPostgres) -> None:
    database = Database("marked", "password", "password")
    prepare(postgres.url(), [database])
    mark_migrated(postgres.url(), "marked", "migrations abc")
    assert prepare(postgres.url(), [database]) == {"marked": "migrations abc"}


@pytest.mark.parametrize(
    ("name", "password"), [("x; DROP TABLE y", "p"), ("", "p"), ("x", "it's"), ("x", "")]
)
def test_a_database_has_a_plain_name_and_password(name: str, password: str) -> None:
    with pytest.raises(ValueError, match="unquoted"):
        Database(name, password, "password")


def test_no_port_is_given_out_twice() -> None:
    preferred = free_port()
    assert len({free_port(preferred), *(free_port() for _ in range(50)), preferred}) == 52


def test_no_connection_takes_a_port_that_was_given_out() -> None:
    """The system gives the near ends of connections ports of its ephemeral range: none given out is of it."""
    given = {free_port() for _ in range(50)}
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert max(given) < 32_768 <= server.getsockname()[1]


def test_stopping_twice_and_before_the_start_is_no_error(folder: Path) -> None:
    server = EmbeddedValkey(folder, password=PASSWORD)
    server.stop()
    server.start()
    server.stop()
    server.stop()
    assert not server.is_running()


async def test_a_stop_does_not_wait_for_clients(folder: Path) -> None:
    server = EmbeddedPostgres(folder, durable=False)
    server.start()
    connection = await asyncpg.connect(server.url())
    assert server.process is not None
    server.stop()
    assert server.process.exit_code() == 0
    assert "database system is shut down" in server.process.log.read_text()
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await connection.execute("SELECT 1")
