"""How a service is brought up to date from the other's log of events. The same in both directions."""

from uuid import UUID

from shared_schemas.base import Contract, UtcDatetime
from shared_schemas.envelope import Envelope


class Snapshot(Contract):
    """The events of one inspection (or of its case) after a given number, in order.

    A page of them; `next_after_seq` is None on the last one, and from a peer that knows no pages.
    """

    inspection_id: UUID
    last_seq: int
    events: tuple[Envelope, ...]
    next_after_seq: int | None = None


class StreamHead(Contract):
    """How far the events of one inspection have come."""

    inspection_id: UUID
    last_seq: int
    moved_at: UtcDatetime


class StreamHeads(Contract):
    """A page of heads in the order in which they moved; `next_page` is None on the last one."""

    heads: tuple[StreamHead, ...]
    next_page: str | None = None


class StreamTakenIn(Contract):
    """The number of the last event of one inspection that took effect at whoever answers."""

    inspection_id: UUID
    last_seq: int


class StreamsTakenIn(Contract):
    """A page of them, by id; `next_page` is None on the last one."""

    streams: tuple[StreamTakenIn, ...]
    next_page: str | None = None


class SignedUrl(Contract):
    """A link to evidence that needs no sign-in and soon expires. `incomplete`: a part of the picture is missing
    in the file, and shown grey.
    """

    url: str
    expires_at: UtcDatetime
    incomplete: bool = False
