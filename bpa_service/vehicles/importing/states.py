"""How the run of an import stands."""

from enum import StrEnum


class ImportState(StrEnum):
    """A run that is cut off stays `running` until somebody goes on with it or begins another."""

    RUNNING = "running"
    PUBLISHED = "published"  # all of it is there
    FAILED = "failed"  # nothing of it is there
    UNDOING = "undoing"
    UNDONE = "undone"
