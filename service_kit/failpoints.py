"""Failpoints: named points where durability hands over, at which a test has a process killed or an error raised.

    AUTODETECTIVE_FAILPOINTS="publish.after=kill@3,file.after_sync=error"

kills the process the third time that it passes the first point, and lets it fail once at the second one. Every
point goes off once in the life of a process. Where nothing is armed, passing a point is one look into an empty
dictionary; in production nothing can be armed.
"""

import os
import signal
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

VARIABLE: Final = "AUTODETECTIVE_FAILPOINTS"


class Point(StrEnum):
    """Where a process may be made to fail, in the order in which an act passes them."""

    FILE_WRITTEN = "file.before_sync"
    FILE_KEPT = "file.after_sync"
    COMMITTING = "commit.before"
    COMMITTED = "commit.after"
    ANSWERING = "answer.before"
    PUBLISHING = "publish.before"
    CONFIRMED = "publish.after"
    MARKING = "mark.before"
    MARKED = "mark.after"
    ACCEPTED = "accept.after"
    """HTTP bus: the message is in the receiver's queue, the sender does not know it yet."""
    CLAIMED = "claim.after"
    EFFECTED = "effect.after"
    ACKING = "ack.before"
    ACKED = "ack.after"
    SENDING = "send.before"
    SENT = "send.after"
    """A channel took the message, the ledger does not know it yet."""
    WEBHOOK_CLAIMED = "webhook.claimed"
    WEBHOOK_SENT = "webhook.sent"
    """A partner's server has answered, the log of deliveries does not know it yet."""
    REPORT_FILE_CLAIMED = "report_file.claimed"
    REPORT_FILE_KEPT = "report_file.kept"
    """The file is written, its row does not know it yet."""
    INDEXING = "index.before"
    INDEXED = "index.after"
    """The index has the documents, their marks do not know it yet."""
    FED = "fed.after"
    COPY_CREATED = "create_copy.after"
    COPIED = "copy.after"
    """A copy that is being built has more documents, its row does not know it yet."""
    COPY_NOTED = "copy.noted"
    PUBLISHING_COPY = "publish_copy.before"
    COPY_PUBLISHED = "publish_copy.after"
    """The index looks into the new copy, the table does not know it yet."""
    COPY_DROPPED = "drop_copy.after"


class Deed(StrEnum):
    """What happens at a point: the process is killed as by `kill -9`, or `Injected` is raised."""

    KILL = "kill"
    ERROR = "error"


class Injected(Exception):
    """The error of a failpoint."""


class FailpointsRefused(SystemExit):
    """The variable is set where it must not be, or makes no sense: the process ends and says which."""


@dataclass(slots=True)
class _Fuse:
    deed: Deed
    passes_left: int


_armed: Final[dict[Point, _Fuse]] = {}


def arm(*, environment: str) -> None:
    """Arm what the variable asks for, if it is set. Raises FailpointsRefused, in production in any case."""
    text = os.environ.get(VARIABLE, "")
    if not text:
        return
    if environment == "production":
        raise FailpointsRefused(f"{VARIABLE} is set, and this is production")
    _armed.update(_parse(text))


def disarm() -> None:
    """Disarm every point."""
    _armed.clear()


def reach(point: Point) -> None:
    """Say that the process is at this point; where it is armed, this is the end of it, or of this act."""
    if not _armed or (fuse := _armed.get(point)) is None:
        return
    fuse.passes_left -= 1
    if fuse.passes_left > 0:
        return
    del _armed[point]
    if fuse.deed is Deed.KILL:
        os.kill(os.getpid(), signal.SIGKILL)
    raise Injected(point)


def _parse(text: str) -> dict[Point, _Fuse]:
    """`point=deed` or `point=deed@n`, comma separated."""
    fuses: dict[Point, _Fuse] = {}
    for word in text.split(","):
        name, _, action = word.strip().partition("=")
        deed, _, passes = action.partition("@")
        try:
            fuses[Point(name)] = _Fuse(Deed(deed), _number(passes or "1"))
        except ValueError as error:
            raise FailpointsRefused(f"{VARIABLE}: {word.strip()}: {error}") from None
    return fuses


def _number(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("passes are counted from 1")
    return number
