"""Restoring: everything is looked at before anything is changed."""

import asyncio
import tarfile
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path
from typing import Final

import asyncpg
from clickhouse_driver.errors import Error as ClickHouseError
from pyrage.x25519 import Identity

from deploy.backup import databases, files, manifest, sealing
from deploy.backup.errors import BackupFailed, Refused
from deploy.backup.manifest import SERVICES, Kind, Manifest, Part, ServiceName
from deploy.backup.places import Places
from deploy.backup.records import TABLES, Store

Say = Callable[[str], None]

_BREAKS: Final = (
    Refused,
    BackupFailed,
    OSError,
    EOFError,
    tarfile.TarError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    ClickHouseError,
)
"""What can come once something was changed: by then nothing is refused any more, it is left in the middle."""


@dataclass(frozen=True, slots=True)
class Source:
    """A backup that was found good: whole, of this key, of a release that is known."""

    folder: Path
    manifest: Manifest
    identity: Identity
    services: Sequence[ServiceName]

    def path(self, part: Part) -> Path:
        return self.folder / part.file

    def of(self, kind: Kind, service: ServiceName) -> Part | None:
        return self.manifest.part(kind, service)


def check(
    folder: Path, identity: Identity, *, services: Sequence[ServiceName] = SERVICES, day: date | None = None
) -> Source:
    """Look at all of a backup without an installation. Raises Refused with what is wrong with it.

    `day` is the day, in UTC, of which it is meant to be. Reads every part to its end.
    """
    said = manifest.read(folder)
    if missing := [service for service in services if service not in said.halves]:
        [there] = said.halves
        raise Refused(f"{folder} holds {there} only, nothing of {missing[0]}: --only {there} restores that")
    if day and said.taken_at.astimezone(UTC).date() != day:
        raise Refused(f"{folder} is of {said.taken_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC, not of {day}")
    for service in services:
        revision = said.halves[service].revision
        if revision not in databases.revisions_known(service):
            raise Refused(
                f"{folder} is of a newer release: {service} was at migration {revision}, which this one does not "
                "have. Restore it with that release"
            )
        if said.part("database", service) is None:
            raise Refused(f"{folder} names no database of {service}")
    source = Source(folder, said, identity, services)
    for part in said.parts:
        if part.service in services:
            _check_part(source, part)
    return source


def _check_part(source: Source, part: Part) -> None:
    path = source.path(part)
    if Path(part.file).name != part.file:
        raise Refused(f"{part.file} is no name of a part")
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise Refused(f"{path} is missing") from None
    if size != part.size:
        word = "cut short" if size < part.size else "longer than it was"
        raise Refused(f"{path} is {word}: {size:,} bytes of {part.size:,}")
    if sealing.digest_of(path) != part.sha256:
        raise Refused(f"{path} is not what was written: its SHA-256 differs")
    sealing.check_opens(path, source.identity)


async def restore(source: Source, places: Places, *, replaces: bool, say: Say) -> None:
    """Put a checked backup in its place. The services must not run.

    Raises Refused as long as nothing was changed, and BackupFailed afterwards: then it is to be restored again.
    """
    for service in source.services:
        source.manifest.check_signature(service, places.keys(service))
        await databases.check_free(service, places.owner_url(service), replaces=replaces)
    if source.of("files", "cabinet") and places.cabinet_files_url:
        raise Refused(
            "the backup holds files, and CABINET_FILES_URL names a bucket: restore with it empty, into "
            "CABINET_FILES_DIR, and then `python -m cabinet_service files-move` takes them there"
        )
    store = _store(source, places)
    if store:
        store.check_free(replaces=replaces)
    done: list[str] = []

    def note(line: str) -> None:
        done.append(line)
        say(line)

    try:
        await _put_in_place(source, places, store, note)
    except _BREAKS as error:
        in_place = "; ".join(" ".join(line.split()) for line in done) or "nothing for certain"
        raise BackupFailed(
            f"{error}\nIn its place by then: {in_place}. What was being restored may be half there, and what it "
            "replaces is gone. Mend the cause and restore again, with --replace, before anything is started"
        ) from error


async def _put_in_place(source: Source, places: Places, store: Store | None, say: Say) -> None:
    for service in source.services:
        if part := source.of("files", service):
            with sealing.opened(source.path(part), source.identity) as content:
                unpacked = await asyncio.to_thread(files.unpack, content, places.files)
            _expect("files", source.manifest.files, unpacked.found)
            say(
                f"files     {unpacked.found:,} in the backup, {unpacked.missing:,} of them were not there, "
                f"{unpacked.differing:,} were there with another content"
            )
        part = source.of("database", service)
        assert part is not None, "it was checked"  # noqa: S101 - see `check`
        half = source.manifest.halves[service]
        with sealing.opened(source.path(part), source.identity) as content:
            again = await databases.replace(
                service, places.owner_url(service), content, half.rows, alone=len(source.services) == 1
            )
        say(
            f"{service:8}  {sum(half.rows.values()):,} rows of {len(half.rows)} tables, "
            f"{again:,} messages handed over again"
        )
    if store:
        for kind in TABLES:
            if part := source.of(kind, "bpa"):
                with sealing.opened(source.path(part), source.identity) as content:
                    count = await asyncio.to_thread(store.replace, kind, content)
                if kind == "records":
                    _expect("records", source.manifest.records, count)
                say(f"{kind:8}  {count:,}")


@contextmanager
def secret_in_place(source: Source, path: Path, say: Say) -> Generator[None]:
    """Have the root secret of an embedded run at `path`, if the backup has one; Refused takes it away again.

    The keys that check the manifest are derived from it, so it vouches for itself alone: whoever restores has to
    know its fingerprint.
    """
    part = source.of("secret", "cabinet")
    if part is None or "cabinet" not in source.services:
        yield
        return
    from deploy.embedded.data_folder import write_private  # only an embedded run has one

    with sealing.opened(source.path(part), source.identity) as content:
        secret = content.read()
    say(
        f"the root secret comes out of the backup. Its fingerprint is {sealing.fingerprint(secret)}: "
        "compare it with the one that was said when the backup was made"
    )
    write_private(path, secret.decode())
    try:
        yield
    except Refused:
        path.unlink(missing_ok=True)
        raise


def _store(source: Source, places: Places) -> Store | None:
    if source.of("records", "bpa") is None or "bpa" not in source.services:
        return None
    if not places.bpa_clickhouse_url:
        raise Refused("BPA_CLICKHOUSE_URL: is needed, since the backup holds vehicle records")
    return Store(places.bpa_clickhouse_url)


def _expect(what: str, expected: int, found: int) -> None:
    if expected != found:
        raise BackupFailed(f"{found:,} {what} came out of the backup, and {expected:,} had gone in")
