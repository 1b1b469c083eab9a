"""Restoring: everything is looked at before anything is changed."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path

from pyrage.x25519 import Identity

from deploy.backup import databases, files, manifest, sealing
from deploy.backup.errors import BackupFailed, Refused
from deploy.backup.manifest import SERVICES, Kind, Manifest, Part, ServiceName
from deploy.backup.places import Places
from deploy.backup.records import TABLES, Store

Say = Callable[[str], None]


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
    store = _store(source, places)
    if store:
        store.check_free(replaces=replaces)
    for service in source.services:
        if part := source.of("files", service):
            with sealing.opened(source.path(part), source.identity) as content:
                found, written = await asyncio.to_thread(files.unpack, content, places.files)
            _expect("files", source.manifest.files, found)
            say(f"files     {found:,} in the backup, {written:,} of them were not there")
        part = source.of("database", service)
        assert part is not None, "it was checked"  # noqa: S101 - see `check`
        half = source.manifest.halves[service]
        with sealing.opened(source.path(part), source.identity) as content:
            again = await databases.replace(service, places.owner_url(service), content, half.rows)
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


def restore_secret(source: Source, path: Path) -> bool:
    """Write the root secret of an embedded run if the backup has one; returns whether it has."""
    part = source.of("secret", "cabinet")
    if part is None:
        return False
    from deploy.embedded.data_folder import write_private  # only an embedded run has one

    with sealing.opened(source.path(part), source.identity) as content:
        write_private(path, content.read().decode())
    return True


def _store(source: Source, places: Places) -> Store | None:
    if source.of("records", "bpa") is None or "bpa" not in source.services:
        return None
    if not places.bpa_clickhouse_url:
        raise Refused("BPA_CLICKHOUSE_URL: is needed, since the backup holds vehicle records")
    return Store(places.bpa_clickhouse_url)


def _expect(what: str, expected: int, found: int) -> None:
    if expected != found:
        raise BackupFailed(f"{found:,} {what} came out of the backup, and {expected:,} had gone in")
