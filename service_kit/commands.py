"""The command line of a service, and the commands that both services have."""

import asyncio
import json
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from service_kit import audit_chain, migrations, rls
from service_kit.audit_chain import ChainBroken, Head
from service_kit.backbone import Backbone
from service_kit.bus import BusUnavailable
from service_kit.db import is_database_away
from service_kit.dead_letters import UnknownDeadLetter
from service_kit.http.peer import PeerUnavailable
from service_kit.http.problems import Problem
from service_kit.inbox import Handlers
from service_kit.processes import PROCESSES
from service_kit.settings import ServiceSettings

Run = Callable[[Namespace], Awaitable[None]]


class CommandFailed(Exception):
    """The command could not do what was asked; the message says why, for a person."""


# Errors that say what is the matter in words for whoever typed the command.
_FOR_PEOPLE: Final = (
    CommandFailed,
    ChainBroken,
    Problem,
    UnknownDeadLetter,
    BusUnavailable,
    PeerUnavailable,
)


# SQLSTATE: invalid_authorization_specification and its kin; invalid_catalog_name, a database that is not there.
_NOT_LET_IN: Final = ("28", "3D000")
_NOT_ALLOWED: Final = "42501"


class CommandLine:
    """Named commands, each an async function of its parsed arguments."""

    def __init__(self, *, program: str, description: str) -> None:
        processes = f"Or the name of a process, which runs until it is stopped: {', '.join(PROCESSES)}."
        self._parser = ArgumentParser(prog=program, description=description, epilog=processes)
        self._commands = self._parser.add_subparsers(required=True, metavar="COMMAND")

    def add(self, name: str, run: Run, text: str) -> ArgumentParser:
        """A new command; its arguments are added to what is returned."""
        parser = self._commands.add_parser(name, help=text, description=text)
        parser.set_defaults(run=run)
        return parser

    def main(self, words: Sequence[str] | None = None) -> int:
        """Run the command that `words` (by default the process's own) ask for; returns the exit code."""
        arguments = self._parser.parse_args(words)
        try:
            asyncio.run(arguments.run(arguments))
        except _FOR_PEOPLE as error:
            return _fail(str(error))
        except Exception as error:
            if (said := _said_by_database(error)) is None:
                raise
            return _fail(said)
        return 0


def _said_by_database(error: Exception) -> str | None:
    """What keeps the database from working for us, for whoever typed the command; None for an error of ours."""
    # Migrations go through SQLAlchemy, which wraps what the driver says.
    cause = (error.orig and error.orig.__cause__) or error if isinstance(error, DBAPIError) else error
    if is_database_away(cause):
        return f"the database cannot be reached: {cause}"
    state = str(getattr(cause, "sqlstate", None) or "")
    if state.startswith(_NOT_LET_IN):
        return f"the database does not let us in: {cause}"
    if state == _NOT_ALLOWED:
        return f"the database does not let this role do that: {cause} (`migrate` works as OWNER_DATABASE_URL)"
    return None


class Delivery(NamedTuple):
    """What the shared commands work with: a running backbone and who takes the peer's events."""

    backbone: Backbone
    event_handlers: Handlers


def add_ways_in_end(line: CommandLine, run: Callable[[Namespace], Awaitable[None]], what: str) -> None:
    """`ways-in-end`, which takes `made_before`."""
    command = line.add(
        "ways-in-end", run, f"End {what} of before a restored backup: those ended since work again with it."
    )
    command.add_argument(
        "--made-before",
        type=_instant,
        required=True,
        metavar="INSTANT",
        help="when the backup was made, as the restore has said it: 2026-11-30T10:16:00Z",
    )


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise ArgumentTypeError(f"{text} is no instant such as 2026-11-30T10:16:00Z")
    return instant


def add_shared(
    line: CommandLine,
    *,
    migrations_folder: Path,
    read_settings: Callable[[], ServiceSettings],
    open_delivery: Callable[[], AbstractAsyncContextManager[Delivery]],
) -> None:
    """`migrate`, `resync`, `dead-letters` and `audit-verify`. Nothing is called before a command runs."""
    commands = _Shared(migrations_folder, read_settings, open_delivery)
    line.add(
        "migrate",
        commands.migrate,
        "Bring the database to the newest revision, and give the service's role its rights in it.",
    )
    resync = line.add(
        "resync", commands.resync, "Take in every event of the other service that is missing here."
    )
    resync.add_argument("--inspection", type=UUID, metavar="ID", help="only of this inspection")

    verify = line.add(
        "audit-verify", commands.verify_audit, "Walk the audit log and find what was tampered with."
    )
    verify.add_argument(
        "--anchor",
        type=Head.parse,
        metavar="POSITION:HASH",
        help="a head that was noted earlier: what it vouches for must still be there, too",
    )

    letters = line.add("dead-letters", commands.list_dead_letters, "Messages that were given up on.")
    actions = letters.add_subparsers(metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="the youngest first")
    listing.set_defaults(run=commands.list_dead_letters)
    listing.add_argument("--queue")
    listing.add_argument("--replayed", action="store_true", help="also those that were replayed")
    show = actions.add_parser("show", help="one message with its content")
    show.set_defaults(run=commands.show_dead_letter)
    replay = actions.add_parser("replay", help="deliver a message once more")
    replay.set_defaults(run=commands.replay_dead_letter)
    for action in (show, replay):
        action.add_argument("queue")
        action.add_argument("message_id", type=UUID)


class _Shared:
    def __init__(
        self,
        migrations_folder: Path,
        read_settings: Callable[[], ServiceSettings],
        open_delivery: Callable[[], AbstractAsyncContextManager[Delivery]],
    ) -> None:
        self._migrations_folder = migrations_folder
        self._read_settings = read_settings
        self._open_delivery = open_delivery

    async def migrate(self, _arguments: Namespace) -> None:
        settings = self._read_settings()
        # The service's role owns the database itself if nobody else does.
        owner_url = settings.owner_database_url or settings.database_url
        try:
            changed = await migrations.migrate(self._migrations_folder, owner_url)
        except migrations.NeverFree as error:
            raise CommandFailed(f"somebody was in the way each time; run it again: {error}") from None
        try:
            await rls.grant(owner_url, unquote(urlsplit(settings.database_url).username or ""))
        except rls.NoSuchRole as error:
            raise CommandFailed(f"there is no role {error} for the service to connect as") from None
        say("migrated to the newest revision" if changed else "the database is up to date")

    async def resync(self, arguments: Namespace) -> None:
        only: UUID | None = arguments.inspection
        async with self._open_delivery() as (backbone, handlers):
            resync = backbone.resync(backbone.inbox(handlers))
            if only is not None:
                count = await resync.catch_up(only)
            else:
                if lost := await resync.go_on_after_a_restore():
                    say(_lost_here(lost))
                count = await resync.catch_up_all(on_progress=_say_progress)
            if stuck := resync.stuck.resting(datetime.now(UTC)):
                named = ", ".join(str(one) for one in stuck)
                raise CommandFailed(
                    f"{count} events taken in; these could not be brought up to date: {named}"
                )
        say(f"{count} events taken in" if count else "nothing was missing")

    async def verify_audit(self, arguments: Namespace) -> None:
        anchor: Head | None = arguments.anchor
        async with self._open_delivery() as (backbone, _), backbone.database.reading() as session:
            head = await audit_chain.verify(session, backbone.audit_log, anchor=anchor)
        say(f"{head.position} entries, all as they were written" if head.position else "there are none")
        if head.position:
            say(f"head {head}")

    async def list_dead_letters(self, arguments: Namespace) -> None:
        queue: str | None = arguments.queue
        replayed: bool = arguments.replayed
        async with self._open_delivery() as (backbone, _):
            letters = await backbone.dead_letters.list(queue=queue, replayed=replayed)
        for letter in letters:
            say(f"{letter.queue} {letter.message_id}  {_time(letter.died_at)}  {_first_line(letter.reason)}")
        if not letters:
            say("there are none")

    async def show_dead_letter(self, arguments: Namespace) -> None:
        async with self._open_delivery() as (backbone, _):
            letter = await backbone.dead_letters.show(arguments.queue, arguments.message_id)
        say(f"queue        {letter.queue}")
        say(f"message      {letter.message_id}")
        say(f"correlation  {letter.correlation_id}")
        say(f"died at      {_time(letter.died_at)}, after {letter.attempts} attempts")
        if letter.replayed_at is not None:
            say(f"replayed at  {_time(letter.replayed_at)}")
        say(f"reason       {letter.reason}")
        say(_pretty(letter.body))

    async def replay_dead_letter(self, arguments: Namespace) -> None:
        async with self._open_delivery() as (backbone, _):
            await backbone.dead_letters.replay(backbone.bus, arguments.queue, arguments.message_id)
        say("sent once more; if it fails again, it is a dead letter again")


def _fail(message: str) -> int:
    print(message, file=sys.stderr)  # noqa: T201 - a command line prints
    return 1


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a command line prints


def _say_progress(inspection_id: UUID, count: int) -> None:
    say(f"{inspection_id}  {count} events")


def _lost_here(lost: Mapping[UUID, int]) -> str:
    lines = [f"{inspection_id}  {count} lost here" for inspection_id, count in lost.items()]
    return "\n".join(
        (
            *lines,
            f"The other service has taken in {sum(lost.values())} events of {len(lost)} inspections that this",
            "database, restored to an earlier moment, does not have. What is announced from now on is numbered",
            "after them. Look at these inspections (docs/backups.md).",
        )
    )


def _time(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _first_line(text: str) -> str:
    return (text.splitlines() or [""])[0][:120]


def _pretty(body: bytes) -> str:
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, indent=2)
    except ValueError:
        return repr(body)
