"""An embedded installation as a place to back up and to restore: with `make run`, or its engines alone."""

import os
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from deploy.backup.errors import Refused
from deploy.backup.places import Places
from deploy.embedded import databases
from deploy.embedded.clickhouse import EmbeddedClickHouse
from deploy.embedded.data_folder import DataFolder, InUse
from deploy.embedded.databases import Database
from deploy.embedded.guardian import Guardian
from deploy.embedded.postgres import EmbeddedPostgres
from deploy.embedded.root_secret import RootSecret
from deploy.embedded.services import Service

_CABINET, _BPA = Service("cabinet", 0), Service("bpa", 0)


def running(data: DataFolder) -> Places | None:
    """The places of the run that holds the folder; None if there is none. Raises Refused while it starts."""
    holder = data.user()
    if holder is None:
        return None
    if holder.info is None:
        raise Refused("Autodetective is starting or stopping on this data folder: try again in a moment")
    secret = RootSecret(data.secret)
    lines = (data.postgres / "data" / "postmaster.pid").read_text().splitlines()
    server = f"postgresql://postgres@127.0.0.1:{lines[3].strip()}/postgres"
    return _places(data, secret, server, holder.info.clickhouse_url)


@contextmanager
def engines(data: DataFolder) -> Generator[Places]:
    """The engines of a folder that nobody runs on. Raises Refused if somebody does."""
    data.create()
    try:
        lock = data.lock()
    except InUse:
        raise Refused(
            "Autodetective runs on this data folder: stop it first (Ctrl-C in its terminal)"
        ) from None
    with ExitStack() as opened:
        opened.callback(os.close, lock)
        guardian = Guardian(data, lock)
        opened.callback(guardian.dismiss)
        data.end_leftovers()
        secret = RootSecret(data.secret)
        postgres = EmbeddedPostgres(data.postgres, logs=data.logs, pids=data.pids)
        opened.callback(postgres.stop)
        postgres.start()
        clickhouse = EmbeddedClickHouse(
            data.clickhouse, password=secret.of("clickhouse"), logs=data.logs, pids=data.pids
        )
        opened.callback(clickhouse.stop)
        clickhouse.start()
        databases.prepare(postgres.url(), [_database(service, secret) for service in (_CABINET, _BPA)])
        # The people of a demo that are noted there may be others than those of the databases.
        yield _places(data, secret, postgres.url(), clickhouse.url())


def _places(data: DataFolder, secret: RootSecret, server: str, clickhouse_url: str) -> Places:
    return Places(
        cabinet_owner_database_url=_database(_CABINET, secret).owner_url(server),
        bpa_owner_database_url=_database(_BPA, secret).owner_url(server),
        cabinet_secret_keys=(_CABINET.own_key(secret),),
        bpa_secret_keys=(_BPA.own_key(secret),),
        cabinet_files_dir=data.files,
        bpa_clickhouse_url=clickhouse_url,
        root_secret=data.secret,
    )


def _database(service: Service, secret: RootSecret) -> Database:
    return service.database(secret, suffix="")


def default_folder(checkout: Path) -> DataFolder:
    return DataFolder(Path(os.environ.get("AUTODETECTIVE_DATA") or checkout / ".data"))
