"""Taking a backup: both databases at one moment, then the files and records that they name."""

import asyncio
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from pyrage.x25519 import Recipient

from deploy.backup import databases, manifest, sealing
from deploy.backup.databases import Seen
from deploy.backup.errors import Refused
from deploy.backup.files import Packing
from deploy.backup.manifest import SERVICES, Half, Kind, Manifest, Part, ServiceName
from deploy.backup.places import Places
from deploy.backup.records import PUBLISHED, TABLES, Shown, Store
from service_kit.new_files import sync_folder
from service_kit.signing import KeyRing

UNFINISHED: Final = ".unfinished-"
"""What the folder of a backup begins with until it is whole."""

Say = Callable[[str], None]


async def take(
    places: Places, to: Path, recipient: Recipient, *, services: Sequence[ServiceName] = SERVICES, say: Say
) -> Path:
    """Back up into a new folder of `to`, which is made if need be; returns it once all of it is on the disk.

    Nobody has to stop. Raises Refused and BackupFailed; then no folder is left.
    """
    keys: dict[ServiceName, KeyRing] = {service: places.keys(service) for service in services}
    urls: dict[ServiceName, str] = {service: places.owner_url(service) for service in services}
    _check_apart(places, to, services)
    await asyncio.to_thread(to.mkdir, mode=0o700, parents=True, exist_ok=True)
    async with databases.seen_together(urls) as seen:
        taken_at = min(one.at for one in seen.values())
        name = manifest.folder_name(taken_at)
        folder = to / f"{UNFINISHED}{name}"
        whole = to / name
        if whole.exists():
            raise Refused(f"there is a backup of this very second: {whole}")
        folder.mkdir(mode=0o700)
        try:
            taking = _Taking(folder, recipient, say)
            written = await _take(taking, places, seen, taken_at)
            (folder / manifest.NAME).write_text(written.signed(keys).model_dump_json(indent=2) + "\n")
            sync_folder(folder)
            folder.rename(whole)
            sync_folder(to)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    return whole


async def _take(
    taking: "_Taking", places: Places, seen: dict[ServiceName, Seen], taken_at: datetime
) -> Manifest:
    halves: dict[ServiceName, Half] = {}
    for service, one in seen.items():
        if service == "cabinet" and places.root_secret is not None:
            await taking.part("secret", service, partial(_write, places.root_secret))
            secret = places.root_secret.read_bytes()
            taking.say(f"fingerprint of the root secret: {sealing.fingerprint(secret)}; note it apart")
        await taking.part("database", service, databases.dump(places.owner_url(service), one.snapshot))
        halves[service] = Half(revision=one.revision, seen_at=one.at, rows=await one.rows())
    files = records = 0
    if "cabinet" in seen and places.cabinet_files_url:
        taking.say(
            f"the files of {places.cabinet_files_url} are NOT in this backup: the bucket's versions keep them"
        )
    elif "cabinet" in seen:
        packing = Packing(places.files)
        await taking.part("files", "cabinet", packing.fill)
        files = packing.count
    if "bpa" in seen and places.bpa_clickhouse_url:
        store = Store(places.bpa_clickhouse_url)
        published = [Shown(*row) for row in await seen["bpa"].connection.fetch(PUBLISHED)]
        for kind in TABLES:
            rows = store.packing(kind, published)
            await taking.part(kind, "bpa", rows.fill)
            records += rows.count if kind == "records" else 0
    return Manifest(taken_at=taken_at, halves=halves, parts=tuple(taking.parts), files=files, records=records)


def _write(path: Path, sink: BinaryIO) -> None:
    sink.write(path.read_bytes())


class _Taking:
    """The parts of a backup, one after the other."""

    def __init__(self, folder: Path, recipient: Recipient, say: Say) -> None:
        self._folder, self._recipient, self.say = folder, recipient, say
        self.parts: list[Part] = []

    async def part(self, kind: Kind, service: ServiceName, fill: sealing.Fill) -> None:
        path = self._folder / f"{service}-{kind}.age"
        began_at = datetime.now(UTC)
        sealed = await asyncio.to_thread(sealing.seal, path, self._recipient, fill)
        part = Part(
            file=path.name,
            kind=kind,
            service=service,
            size=sealed.size,
            sha256=sealed.sha256,
            opened_size=sealed.opened_size,
            began_at=began_at,
            ended_at=datetime.now(UTC),
        )
        self.parts.append(part)
        seconds = (part.ended_at - began_at).total_seconds()
        self.say(f"{path.name}  {part.size:,} bytes  {seconds:.1f} s")


def _check_apart(places: Places, to: Path, services: Sequence[ServiceName]) -> None:
    """A backup beside what it is of is lost with it, and among the files it would be a part of the next."""
    if "cabinet" not in services or places.cabinet_files_url:
        return
    if to.absolute().is_relative_to(places.files.absolute()):
        raise Refused(f"{to} lies within {places.files}, which is backed up: name a folder elsewhere")
