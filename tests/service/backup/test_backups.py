"""Backups on real databases: what comes back is what was there."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from clickhouse_driver import Client

from bpa_service.vehicles.store.schema import RECORDS, REJECTS_TABLE, records_table
from deploy.backup import databases, restoring, sealing, taking
from deploy.backup.errors import BackupFailed, Refused
from deploy.backup.manifest import SERVICES, ServiceName
from deploy.embedded.clickhouse import EmbeddedClickHouse
from service_kit import rls
from tests.service.backup.installation import (
    NewSite,
    Site,
    announced,
    backup,
    contents,
    restore,
    somebody,
    unsaid,
)
from tests.support import postgres


async def test_everything_comes_back_in_another_place(
    site: Site, new_site: NewSite, key: Path, tmp_path: Path
) -> None:
    done = await announced(site, "cabinet.work", took_effect=True)
    before = {service: await contents(site, service) for service in SERVICES}
    folder = await backup(site, key, tmp_path / "backups")
    assert sorted(path.name for path in folder.iterdir()) == [
        "bpa-database.age",
        "cabinet-database.age",
        "cabinet-files.age",
        "manifest.json",
    ]
    other: Site = await new_site(migrated=False)
    await restore(folder, key, other)
    assert {service: await contents(other, service) for service in SERVICES} == before
    assert (other.places.files / "originals" / "aa" / "one").read_bytes() == b"a photo" * 50_000
    assert not (other.places.files / ".being-written").exists()
    # Walls and the log's own rules came along, and the service gets its rights as it does after any migration.
    walls = "SELECT count(*) FROM pg_policies"
    assert await other.run("cabinet", walls) == await site.run("cabinet", walls)
    await rls.grant(other.places.owner_url("cabinet"), postgres.SERVICE_ROLE)
    # What only the lost broker had is handed over again, and nothing that took effect or is the peer's to fetch.
    waiting = "SELECT queue FROM outbox WHERE sent_at IS NULL"
    assert await other.run("cabinet", waiting) == ["cabinet.work"]
    assert await other.run(
        "cabinet", "SELECT event_id FROM outbox WHERE event_id = $1 AND sent_at IS NOT NULL", done
    )


async def test_records_of_published_imports_come_back(
    site: Site, new_site: NewSite, key: Path, tmp_path: Path, clickhouse: EmbeddedClickHouse
) -> None:
    outside: Any = Client.from_url(clickhouse.url())
    urls = [clickhouse.url().replace("/default", f"/kept_{uuid4().hex}") for _ in range(2)]
    for url in urls:
        outside.execute(f"CREATE DATABASE {url.rsplit('/')[-1]}")
    there: Any = Client.from_url(urls[0])
    there.execute(records_table(RECORDS))
    there.execute(REJECTS_TABLE)
    await site.run(
        "bpa",
        "INSERT INTO vehicle_imports (id, source, file, sha256, as_of, came_by, state,"
        " tally, portion, sent, bytes_read, stalls, came_at, alive_until, added, withdrawn)"
        " SELECT gen_random_uuid(), 'register', 'f', 'd', now(), 'command', state, '{}', 1, 0, 0, 0, now(),"
        " now(), 1400, 100"
        " FROM unnest(ARRAY['published', 'failed']) AS state RETURNING number",
    )
    published, failed = await site.run("bpa", "SELECT number FROM vehicle_imports ORDER BY number")
    for run in (published, failed):
        there.execute(
            f"INSERT INTO {RECORDS} (name, value, run, source)"
            f" SELECT 'vin', 'Ж' || toString(number), {run}, 'register' FROM numbers(1500)"
        )
    recipient = sealing.public_key(str(key))
    # What PostgreSQL says is on record, and ClickHouse has lost, makes no backup.
    with pytest.raises(BackupFailed, match="no table"):
        await taking.take(site.with_(bpa_clickhouse_url=urls[1]), tmp_path / "lost", recipient, say=unsaid)
    await site.run("bpa", "UPDATE vehicle_imports SET added = 1401 WHERE number = $1", published)
    with pytest.raises(BackupFailed, match="holds 1,500 rows of import"):
        await taking.take(site.with_(bpa_clickhouse_url=urls[0]), tmp_path / "lost", recipient, say=unsaid)
    assert list((tmp_path / "lost").iterdir()) == []
    await site.run("bpa", "UPDATE vehicle_imports SET added = 1400 WHERE number = $1", published)
    folder = await taking.take(site.with_(bpa_clickhouse_url=urls[0]), tmp_path / "b", recipient, say=unsaid)
    other: Site = await new_site(migrated=False)
    source = restoring.check(folder, sealing.secret_key(key))
    places = other.with_(bpa_clickhouse_url=urls[1])
    await restoring.restore(source, places, replaces=False, say=unsaid)
    here: Any = Client.from_url(urls[1])
    rows = f"SELECT * FROM {RECORDS} WHERE run = {published} ORDER BY value"
    assert here.execute(rows) == there.execute(rows)
    assert here.execute(f"SELECT count() FROM {RECORDS}") == [(1500,)]
    with pytest.raises(Refused, match="not empty"):
        await restoring.restore(source, places, replaces=False, say=unsaid)
    for client in (there, here):
        client.disconnect()
    for url in urls:
        outside.execute(f"DROP DATABASE {url.rsplit('/')[-1]}")


async def test_what_is_taken_in_meanwhile_was_announced_before(site: Site) -> None:
    """Both sides are seen while nobody takes anything in: else one would know what the other never said."""
    urls: dict[ServiceName, str] = {service: site.places.owner_url(service) for service in SERVICES}
    receiving: Any = await asyncpg.connect(site.superuser_urls["bpa"])
    async with databases.seen_together(urls) as seen:
        await receiving.execute("INSERT INTO inbox VALUES ($1, 'x.v1', now())", uuid4())
        assert (await seen["bpa"].rows())["inbox"] == 0
    async with receiving.transaction():
        await receiving.execute("INSERT INTO inbox VALUES ($1, 'x.v1', now())", uuid4())
        databases_locked = databases.seen_together(urls)
        with pytest.MonkeyPatch.context() as patched, pytest.raises(Refused, match="inbox"):
            patched.setattr(databases, "_LOCK_SECONDS", 0.01)
            async with databases_locked:
                pass
    await receiving.close()


async def test_it_goes_into_what_is_not_empty_only_when_told(site: Site, key: Path, tmp_path: Path) -> None:
    folder = await backup(site, key, tmp_path / "b")
    await somebody(site)
    (site.places.files / "originals" / "aa" / "two").write_bytes(b"came later")
    with pytest.raises(Refused, match="not empty"):
        await restore(folder, key, site)
    assert (await contents(site, "cabinet"))["accounts"] == 2
    await restore(folder, key, site, replaces=True)
    assert (await contents(site, "cabinet"))["accounts"] == 1
    # The sweep removes it in a week unless the other side's events bring its row back.
    assert (site.places.files / "originals" / "aa" / "two").exists()


async def test_a_file_that_is_there_with_another_content_is_put_right(
    site: Site, key: Path, tmp_path: Path
) -> None:
    folder = site.places.files / "originals" / "aa"
    big = b"0123456789abcdef" * 100_000
    for name in ("changed", "whole", "empty", "gone"):
        (folder / name).write_bytes(big)
    made = await backup(site, key, tmp_path / "b")
    (folder / "changed").write_bytes(big[:-1] + b"!")
    (folder / "empty").write_bytes(b"")
    (folder / "gone").unlink()
    before = (folder / "whole").stat()
    lines: list[str] = []
    source = restoring.check(made, sealing.secret_key(key))
    await restoring.restore(source, site.places, replaces=True, say=lines.append)
    assert {path.read_bytes() == big for path in folder.iterdir() if path.name != "one"} == {True}
    assert (folder / "whole").stat().st_ino == before.st_ino
    assert "1 of them were not there, 2 were there with another content" in lines[0]


async def test_what_breaks_after_the_checks_is_not_called_nothing(
    site: Site, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = await backup(site, key, tmp_path / "b")
    replace = databases.replace

    async def away(service: ServiceName, *arguments: Any, **options: Any) -> int:
        if service == "bpa":
            raise Refused("the database of bpa does not let us in")
        return await replace(service, *arguments, **options)

    monkeypatch.setattr(databases, "replace", away)
    with pytest.raises(
        BackupFailed, match=r"(?s)does not let us in.*place by then: files.*; cabinet .*--replace"
    ):
        await restore(folder, key, site, replaces=True)


async def test_a_root_secret_stays_only_where_its_backup_is_taken(
    site: Site, key: Path, tmp_path: Path
) -> None:
    secret, there = tmp_path / "secret", tmp_path / "there"
    secret.write_text("5eed" * 16)
    lines: list[str] = []
    made = await taking.take(
        site.with_(root_secret=secret), tmp_path / "b", sealing.public_key(str(key)), say=lines.append
    )
    source = restoring.check(made, sealing.secret_key(key))
    shown = sealing.fingerprint(secret.read_bytes())
    assert any(shown in line for line in lines)
    assert secret.read_text() not in "".join(lines)
    lines.clear()
    with pytest.raises(Refused), restoring.secret_in_place(source, there, lines.append):
        raise Refused("its manifest is not signed")
    assert not there.exists()
    with restoring.secret_in_place(source, there, lines.append):
        assert there.read_text() == secret.read_text()
    assert there.exists()
    assert shown in lines[0]


async def test_it_refuses_while_somebody_works(site: Site, key: Path, tmp_path: Path) -> None:
    folder = await backup(site, key, tmp_path / "b")
    working: Any = await asyncpg.connect(site.superuser_urls["bpa"])
    try:
        with pytest.raises(Refused, match="stop its processes"):
            await restore(folder, key, site, replaces=True)
    finally:
        await working.close()


async def test_one_side_alone_is_taken_and_restored(site: Site, key: Path, tmp_path: Path) -> None:
    alone = await backup(site, key, tmp_path / "a", services=("cabinet",))
    given = "SELECT last_value FROM history_numbers"
    [before] = await site.run("cabinet", given)
    await restore(alone, key, site, replaces=True, services=("cabinet",))
    # The other side knows orders by numbers that were given since.
    assert await site.run("cabinet", given) >= [before + 99_999]
    folder = await backup(site, key, tmp_path / "b", services=("bpa",))
    with pytest.raises(Refused, match="nothing of cabinet"):
        restoring.check(folder, sealing.secret_key(key))
    await site.run("bpa", "INSERT INTO inbox VALUES ($1, 'x.v1', now())", uuid4())
    await restore(folder, key, site, replaces=True, services=("bpa",))
    assert (await contents(site, "bpa"))["inbox"] == 0
    assert (await contents(site, "cabinet"))["accounts"] == 1


async def test_a_backup_that_fails_leaves_nothing(site: Site, key: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="ClickHouse"):
        await taking.take(
            site.with_(bpa_clickhouse_url="clickhouse://nobody@127.0.0.1:1/none"),
            tmp_path / "b",
            sealing.public_key(str(key)),
            say=unsaid,
        )
    assert list((tmp_path / "b").iterdir()) == []


async def test_files_in_a_bucket_are_not_in_a_backup_and_it_says_so(
    site: Site, key: Path, tmp_path: Path, new_site: NewSite
) -> None:
    said: list[str] = []
    in_bucket = site.with_(cabinet_files_url="s3://photos", cabinet_files_dir=None)
    folder = await taking.take(in_bucket, tmp_path, sealing.public_key(str(key)), say=said.append)
    assert any("s3://photos are NOT in this backup" in line for line in said)
    assert not (folder / "cabinet-files.age").exists()
    other: Site = await new_site(migrated=False)
    source = restoring.check(folder, sealing.secret_key(key))
    await restoring.restore(source, other.with_(cabinet_files_dir=None), replaces=False, say=unsaid)
    assert await contents(other, "cabinet") == await contents(site, "cabinet")


async def test_files_of_a_backup_are_not_restored_beside_a_bucket(
    site: Site, key: Path, tmp_path: Path
) -> None:
    folder = await backup(site, key, tmp_path / "backups")
    source = restoring.check(folder, sealing.secret_key(key))
    with pytest.raises(Refused, match="files-move"):
        await restoring.restore(
            source, site.with_(cabinet_files_url="s3://photos"), replaces=True, say=unsaid
        )
