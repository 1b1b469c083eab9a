"""What is no good is refused, with the reason, and does no harm."""

import io
import json
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from deploy.backup import databases, manifest, restoring, sealing
from deploy.backup.errors import BackupFailed, Refused
from tests.service.backup.installation import (
    KEYS,
    TABLES,
    Site,
    backup,
    unsaid,
)

Harm = Callable[[Path], None]


def cut(name: str) -> Harm:
    def harm(folder: Path) -> None:
        path = folder / name
        path.write_bytes(path.read_bytes()[:-1000])

    return harm


def flip(name: str) -> Harm:
    def harm(folder: Path) -> None:
        path = folder / name
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)

    return harm


def said(change: Callable[[dict[str, Any]], None]) -> Harm:
    def harm(folder: Path) -> None:
        path = folder / manifest.NAME
        content = json.loads(path.read_text())
        change(content)
        path.write_text(json.dumps(content))

    return harm


HARMS: Final[dict[str, tuple[Harm, str]]] = {
    "a part that is cut short": (cut("cabinet-files.age"), "cabinet-files.age is cut short"),
    "a part that was changed": (flip("bpa-database.age"), "SHA-256 differs"),
    "a part that is missing": (lambda folder: (folder / "bpa-database.age").unlink(), "is missing"),
    "no manifest": (lambda folder: (folder / manifest.NAME).unlink(), "no whole backup"),
    "half a manifest": (cut(manifest.NAME), "is damaged"),
    "a newer release": (
        said(lambda content: content["halves"]["bpa"].update(revision="9999")),
        "newer release: bpa was at migration 9999",
    ),
    "a newer form": (said(lambda content: content.update(form=2)), "newer release"),
    "a part named outside": (
        said(lambda content: content["parts"][0].update(file="../../etc/passwd")),
        "no name of a part",
    ),
    "one side only": (said(lambda content: content["halves"].pop("bpa")), "nothing of bpa"),
}


async def test_what_is_no_good_is_refused(site: Site, key: Path, tmp_path: Path) -> None:
    whole = await backup(site, key, tmp_path / "b")
    identity = sealing.secret_key(key)
    for what, (harm, words) in HARMS.items():
        folder = tmp_path / what / whole.name
        shutil.copytree(whole, folder)
        harm(folder)
        with pytest.raises(Refused, match=words):
            restoring.check(folder, identity)


async def test_other_refusals(site: Site, key: Path, tmp_path: Path) -> None:
    folder = await backup(site, key, tmp_path / "b")
    identity = sealing.secret_key(key)
    sealing.make_key(tmp_path / "another")
    with pytest.raises(Refused, match="sealed for another key"):
        restoring.check(folder, sealing.secret_key(tmp_path / "another"))
    taken_on: date = manifest.read(folder).taken_at.date()
    restoring.check(folder, identity, day=taken_on)
    with pytest.raises(Refused, match="not of"):
        restoring.check(folder, identity, day=taken_on - timedelta(days=1))
    with pytest.raises(Refused, match="folder of backups: name one"):
        restoring.check(folder.parent, identity)
    with pytest.raises(Refused, match="no folder"):
        restoring.check(tmp_path / "nowhere", identity)
    for given in ("age1nonsense", str(tmp_path / "nowhere"), str(folder / manifest.NAME)):
        with pytest.raises(Refused):
            sealing.public_key(given)
    with pytest.raises(Refused, match="lies within"):
        await backup(site, key, site.places.files / "b")
    source = restoring.check(folder, identity)
    others = site.with_(bpa_secret_keys=("keys-of-another-installation",))
    with pytest.raises(Refused, match="BPA_SECRET_KEYS"):
        await restoring.restore(source, others, replaces=True, say=unsaid)
    kept = site.with_(bpa_secret_keys=("a-newer-key-of-this-one", KEYS["bpa"]))
    await restoring.restore(source, kept, replaces=True, say=unsaid)
    said(lambda content: content.update(files=99))(folder)
    changed = restoring.check(folder, identity)
    with pytest.raises(Refused, match="not signed"):
        await restoring.restore(changed, site.places, replaces=True, say=unsaid)


@pytest.fixture
async def dump(site: Site, key: Path, tmp_path: Path) -> bytes:
    """Of cabinet's database, as it lies in a backup."""
    folder = await backup(site, key, tmp_path / "b")
    with sealing.opened(folder / "cabinet-database.age", sealing.secret_key(key)) as content:
        return content.read()


async def put_in(site: Site, dump: bytes) -> None:
    await databases.replace("cabinet", site.places.owner_url("cabinet"), io.BytesIO(dump), {}, alone=False)


async def test_of_a_dump_that_is_cut_short_nothing_is_kept(site: Site, dump: bytes) -> None:
    with pytest.raises(BackupFailed, match="pg_restore ended"):
        await put_in(site, dump[:-20_000])
    assert await site.run("cabinet", TABLES) == []


async def test_of_a_dump_that_the_database_refuses_nothing_is_kept(site: Site, dump: bytes) -> None:
    await site.run("cabinet", "CREATE SCHEMA apart")
    await site.run(
        "cabinet",
        "CREATE FUNCTION apart.refuse() RETURNS event_trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RAISE 'no index today'; END $$",
    )
    await site.run(
        "cabinet",
        "CREATE EVENT TRIGGER refusing ON ddl_command_start WHEN TAG IN ('CREATE INDEX')"
        " EXECUTE FUNCTION apart.refuse()",
    )
    with pytest.raises(BackupFailed, match=r"psql ended.*no index today"):
        await put_in(site, dump)
    assert await site.run("cabinet", TABLES) == []
