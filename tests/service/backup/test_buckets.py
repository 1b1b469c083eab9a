"""A backup goes to a bucket and comes back as it was; what is broken off or damaged there is told from it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from obstore.store import S3Store

from deploy.backup import buckets, manifest, restoring, sealing
from deploy.backup.errors import BackupFailed, Refused
from tests.servers.versitygw import VersityGateway
from tests.service.backup.installation import Site, backup, unsaid


@pytest.fixture
def address(object_server: VersityGateway, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of a new bucket, which the environment says how to reach."""
    bucket = object_server.new_bucket()
    monkeypatch.setenv("AWS_ENDPOINT_URL", bucket.endpoint)
    monkeypatch.setenv("AWS_REGION", bucket.region)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", bucket.key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", bucket.secret_key)
    return f"{bucket.address}/backups"


@pytest.fixture
async def made(site: Site, key: Path, tmp_path: Path) -> Path:
    return await backup(site, key, tmp_path / "backups")


def in_bucket(address: str) -> S3Store:
    name, _, prefix = address.removeprefix("s3://").partition("/")
    return S3Store(name, prefix=prefix, client_options={"allow_http": True})


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_it_comes_back_as_it_was(
    made: Path, address: str, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = buckets.send(made, address, unsaid)
    assert there == f"{address}/{made.name}"
    monkeypatch.setattr(buckets, "_PIECE", 100_000)  # so that the larger parts are fetched in several
    back = buckets.fetch(there, tmp_path / "elsewhere", unsaid)
    assert back == tmp_path / "elsewhere" / made.name
    assert contents(back) == contents(made)
    restoring.check(back, sealing.secret_key(key))
    with pytest.raises(Refused, match="is there already"):
        buckets.fetch(there, tmp_path / "elsewhere", unsaid)


def test_broken_off_it_is_no_backup_and_goes_on_where_it_was(
    made: Path, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = S3Store.put
    sent: list[str] = []

    def one_only(store: S3Store, key: str, *arguments: Any, **options: Any) -> Any:
        if sent:
            raise ConnectionResetError("the line went")
        sent.append(key)
        return put(store, key, *arguments, **options)

    with monkeypatch.context() as broken:
        broken.setattr(S3Store, "put", one_only)
        with pytest.raises(BackupFailed, match="the line went"):
            buckets.send(made, address, unsaid)
    with pytest.raises(Refused, match=f"{manifest.NAME} is not in the bucket"):
        buckets.fetch(f"{address}/{made.name}", tmp_path / "elsewhere", unsaid)
    assert list((tmp_path / "elsewhere").iterdir()) == []
    lines: list[str] = []
    there = buckets.send(made, address, lines.append)
    assert [line.endswith("were there") for line in lines] == [True, False, False]
    assert contents(buckets.fetch(there, tmp_path / "elsewhere", unsaid)) == contents(made)


def overwrite(store: S3Store, key: str) -> None:
    store.put(key, bytes(store.head(key)["size"]))


def remove(store: S3Store, key: str) -> None:
    store.delete(key)


@pytest.mark.parametrize(
    ("harm", "words"), [(overwrite, "SHA-256 differs"), (remove, "is not in the bucket")]
)
def test_what_was_changed_there_is_refused_and_leaves_nothing(
    made: Path, address: str, tmp_path: Path, harm: Callable[[S3Store, str], None], words: str
) -> None:
    there = buckets.send(made, address, unsaid)
    harm(in_bucket(address), f"{made.name}/bpa-database.age")
    with pytest.raises(Refused, match=words):
        buckets.fetch(there, tmp_path / "elsewhere", unsaid)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_what_is_no_backup_is_not_sent(made: Path, address: str) -> None:
    with pytest.raises(Refused, match="no address of a bucket"):
        buckets.send(made, "/a/folder", unsaid)
    with pytest.raises(Refused, match="name one of them"):
        buckets.send(made.parent, address, unsaid)
    with pytest.raises(BackupFailed, match="there is no bucket for s3://of-somebody-else"):
        buckets.send(made, "s3://of-somebody-else", unsaid)
    (made / "bpa-database.age").write_bytes(b"cut short")
    with pytest.raises(Refused, match="not what the manifest says"):
        buckets.send(made, address, unsaid)


def test_a_disk_that_cannot_be_written_is_told_of(made: Path, address: str, tmp_path: Path) -> None:
    there = buckets.send(made, address, unsaid)
    (tmp_path / "a file").touch()
    with pytest.raises(Refused, match="a file"):
        buckets.fetch(there, tmp_path / "a file", unsaid)
