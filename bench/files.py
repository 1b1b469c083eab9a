"""A photo of 4 MB kept and read: in a bucket against the folder.

Both on this machine, so it is the way there that is measured, and not a network.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import Final

from bench.harness import Figure, compare
from cabinet_service.adapters.files import DirectoryFileStore
from cabinet_service.adapters.object_files import ObjectFileStore
from cabinet_service.ports import FileStore
from service_kit.ids import new_id
from tests.servers import versitygw

PHOTO: Final = 4_000_000


def run() -> list[Figure]:
    program = versitygw.built()
    if program is None:
        print(
            "files: there is no object store; python -m tests.servers.versitygw builds one", file=sys.stderr
        )
        return []
    with tempfile.TemporaryDirectory() as name:
        photo = Path(name, "photo")
        photo.write_bytes(os.urandom(PHOTO))
        server = versitygw.VersityGateway(program, Path(name, "objects"))
        server.start()
        try:
            return _measured(
                photo, DirectoryFileStore(Path(name, "folder")), ObjectFileStore(server.new_bucket())
            )
        finally:
            server.stop()


def _measured(photo: Path, folder: FileStore, bucket: FileStore) -> list[Figure]:
    with asyncio.Runner() as runner:

        def keep(files: FileStore) -> None:
            runner.run(files.put(f"originals/{new_id().hex}", photo))

        def read(files: FileStore) -> None:
            runner.run(_read(files))

        for files in (folder, bucket):
            runner.run(files.put("read", photo))
        return [
            compare(
                "a photo of 4 MB kept in a bucket, against the folder",
                baseline=lambda: keep(folder),
                product=lambda: keep(bucket),
            ),
            compare(
                "a photo of 4 MB read from a bucket, against the folder",
                baseline=lambda: read(folder),
                product=lambda: read(bucket),
            ),
        ]


async def _read(files: FileStore) -> None:
    async for _ in await files.open("read"):
        pass
