"""An order of a history as bpa tells cabinet of it: how far the sources are, and its report."""

from enum import StrEnum
from uuid import UUID

from shared_schemas.base import Contract, UtcDatetime


class SourceStanding(StrEnum):
    """How far a source is. `partly`: some of what it keeps it has told, and not all. `failed`: nothing, and no
    more is to come. `waiting`: it is asked, or will be.
    """

    WAITING = "waiting"
    ANSWERED = "answered"
    PARTLY = "partly"
    FAILED = "failed"


class SourceProgress(Contract):
    """How far one source is, by what people call it."""

    title: str
    standing: SourceStanding


class HistoryProgress(Contract):
    """How far each source is that is asked for this order, in the order of their titles. What lies in files is
    looked up when the report is made, at `make_by` at the latest.
    """

    sources: tuple[SourceProgress, ...]
    make_by: UtcDatetime


def progress_of(history_id: UUID) -> str:
    """Where bpa tells how far the sources are."""
    return f"/internal/v1/histories/{history_id}"


def report_of(history_id: UUID) -> str:
    """Where bpa has the report."""
    return f"/internal/v1/histories/{history_id}/report"
