"""Backups: `python -m deploy.backup take FOLDER --key FILE`, and back with `restore`; to a bucket with `send`.

Where things lie is said by the services' own settings (CABINET_OWNER_DATABASE_URL, CABINET_FILES_DIR, …), or,
with --embedded, by the data folder of `make run`.
"""

import argparse
import asyncio
import sys
import time
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, timedelta
from pathlib import Path

from deploy.backup import buckets, embedded, restoring, sealing, taking
from deploy.backup.databases import CHECKOUT
from deploy.backup.errors import BackupFailed, Refused
from deploy.backup.manifest import SERVICES, Manifest
from deploy.backup.places import Places, from_environment


def main() -> int:
    """The exit code: 0 when it is done, 1 when it was refused, 2 when it was left in the middle."""
    arguments = _arguments()
    try:
        arguments.run(arguments)
    except Refused as error:
        print(f"Nothing was done. {error}", file=sys.stderr)
        return 1
    except BackupFailed as error:
        print(f"It was left in the middle: do it again. {error}", file=sys.stderr)
        return 2
    return 0


def _make_key(arguments: argparse.Namespace) -> None:
    print(f"public key: {_new_key(arguments.path)}")


def _new_key(path: Path) -> str:
    try:
        public = sealing.make_key(path)
    except FileExistsError:
        raise Refused(f"{path} is there already") from None
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}") from None
    print(f"{path} is new. Keep it, and a copy, where backups are not: nothing else opens them.")
    return public


def _take(arguments: argparse.Namespace) -> None:
    if arguments.make_key and arguments.key and not Path(arguments.key).exists():
        _new_key(Path(arguments.key))
    recipient = sealing.public_key(arguments.key)
    began = time.monotonic()
    with _places(arguments) as places:
        services = arguments.only or SERVICES
        folder = asyncio.run(taking.take(places, arguments.folder, recipient, services=services, say=print))
    print(f"{folder} is whole, after {time.monotonic() - began:.1f} s")


def _check(arguments: argparse.Namespace) -> None:
    source = _source(arguments)
    print(_described(source.manifest))


def _restore(arguments: argparse.Namespace) -> None:
    began = time.monotonic()
    source = _source(arguments)
    print(_described(source.manifest))
    with _secret_in_place(arguments, source), _places(arguments, alone=True) as places:
        asyncio.run(restoring.restore(source, places, replaces=arguments.replace, say=print))
    print(
        f"Restored after {time.monotonic() - began:.1f} s. {_what_next(source, embedded=arguments.embedded)}"
    )


def _send(arguments: argparse.Namespace) -> None:
    began = time.monotonic()
    there = buckets.send(arguments.folder, arguments.bucket, print)
    print(f"{there} is whole, after {time.monotonic() - began:.1f} s")


def _fetch(arguments: argparse.Namespace) -> None:
    began = time.monotonic()
    folder = buckets.fetch(arguments.bucket, arguments.folder, print)
    print(f"{folder} is what was sent, after {time.monotonic() - began:.1f} s")


def _secret_in_place(arguments: argparse.Namespace, source: restoring.Source) -> AbstractContextManager[None]:
    data = embedded.default_folder(CHECKOUT)
    if not arguments.embedded or data.secret.exists():
        return nullcontext()
    data.create()
    return restoring.secret_in_place(source, data.secret, print)


def _source(arguments: argparse.Namespace) -> restoring.Source:
    identity = sealing.secret_key(Path(arguments.key))
    services = arguments.only or SERVICES
    return restoring.check(arguments.folder, identity, services=services, day=arguments.day)


def _described(manifest: Manifest) -> str:
    halves = [
        f"{service} at migration {half.revision}, {sum(half.rows.values()):,} rows"
        for service, half in manifest.halves.items()
    ]
    has_files = "cabinet" not in manifest.halves or manifest.part("files", "cabinet") is not None
    return (
        f"The backup of {manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC is whole: {'; '.join(halves)}; "
        f"{manifest.files:,} files, {manifest.records:,} vehicle records"
        + ("" if has_files else ". Photos are not in it: they lay in a bucket")
    )


def _what_next(source: restoring.Source, *, embedded: bool) -> str:
    # Up to the next whole second: whatever lies in the backup was made before it.
    seen_at = max(source.manifest.halves[service].seen_at for service in source.services)
    until = (seen_at.astimezone(UTC) + timedelta(seconds=1)).replace(microsecond=0)
    commands = " and ".join(
        f"`python -m {service}_service ways-in-end --made-before {until:%Y-%m-%dT%H:%M:%SZ}`"
        for service in source.services
    )
    ways_in = f" Sessions, API keys and links that were ended since work again: {commands} end them all."
    if embedded:
        return f"`make run` brings it up to date and starts it.{ways_in}"
    return (
        "Now: empty the broker's queues, run `migrate` of each service that was restored, start everything, and "
        "run `resync` of both (docs/backups.md)." + ways_in
    )


def _places(arguments: argparse.Namespace, *, alone: bool = False) -> AbstractContextManager[Places]:
    if not arguments.embedded:
        return nullcontext(from_environment())
    data = embedded.default_folder(CHECKOUT)
    if not alone:
        if places := embedded.running(data):
            return nullcontext(places)
        if not data.secret.exists():
            raise Refused(f"{data.path} holds nothing: `make run` was never started there")
    return embedded.engines(data)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.backup", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    key = verbs.add_parser("key", help="make a key file, as age-keygen does")
    key.add_argument("path", type=Path)
    key.set_defaults(run=_make_key)
    take = verbs.add_parser("take", help="back up into a new folder of this one; nothing has to stop")
    take.add_argument("--key", required=True, help="a public key (age1…), or a key file that names its own")
    take.add_argument("--make-key", action="store_true", help="make the key file if it is not there")
    take.set_defaults(run=_take)
    check = verbs.add_parser("check", help="read all of a backup, and say what it holds")
    check.set_defaults(run=_check)
    restore = verbs.add_parser(
        "restore", help="check a backup, and put it in its place; the services are stopped"
    )
    restore.add_argument("--replace", action="store_true", help="also where there is something already")
    restore.set_defaults(run=_restore)
    send = verbs.add_parser("send", help="copy a whole backup into a bucket; broken off, it goes on")
    send.add_argument("folder", type=Path, help="the backup: /backups/2026-11-30T101559Z")
    send.add_argument("bucket", help="s3://bucket, or s3://bucket/folder; AWS_* say the rest")
    send.set_defaults(run=_send)
    fetch = verbs.add_parser("fetch", help="copy a backup out of a bucket, into a new folder of this one")
    fetch.add_argument("bucket", help="the backup: s3://bucket/folder/2026-11-30T101559Z")
    fetch.add_argument("folder", type=Path, help="the folder of backups: /backups")
    fetch.set_defaults(run=_fetch)
    for verb in (check, restore):
        verb.add_argument("--key", required=True, type=Path, help="the key file")
        verb.add_argument(
            "--day", type=date.fromisoformat, help="refuse it unless it is of this day (UTC): 2026-11-30"
        )
    for verb in (take, restore):
        verb.add_argument(
            "--embedded", action="store_true", help="of `make run`'s data folder (AUTODETECTIVE_DATA)"
        )
    for verb in (take, check, restore):
        verb.add_argument("--only", action="append", choices=SERVICES, help="this service alone")
        verb.add_argument("folder", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
