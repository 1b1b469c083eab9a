"""How an import stands, how its file came, and why it came to nothing."""

from enum import StrEnum


class ImportState(StrEnum):
    """A run that is cut off stays `running` until somebody goes on with it or begins another."""

    WAITING = "waiting"  # in line
    RUNNING = "running"
    PUBLISHED = "published"  # all of it is there
    FAILED = "failed"  # nothing of it is there
    CANCELLED = "cancelled"  # it was taken out of the line
    UNDOING = "undoing"
    UNDONE = "undone"


SHOWN = (ImportState.PUBLISHED, ImportState.UNDOING)
"""What such a run brought is there, or some of it."""


class CameBy(StrEnum):
    """Who brought the file."""

    COMMAND = "command"
    UPLOAD = "upload"  # somebody at the desk
    DROP = "drop"  # whoever put it into the drop folder


class ImportReason(StrEnum):
    """Why a run failed, beside `FileReason`, or what it waits for while it goes on. Codes are stable."""

    ROWS_MISSING = "rows_missing"
    ABANDONED = "abandoned"
    ENGINE_AWAY = "engine_away"  # it goes on by itself
    STORE_REFUSED = "store_refused"
    FILE_MISSING = "file_missing"  # it is not where it was put
    FILE_CHANGED = "file_changed"  # it is not what it was when it got into the line
    READER_FAILED = "reader_failed"
    READER_DIED = "reader_died"  # again and again, at the same place
    ALREADY_IMPORTED = "already_imported"  # meanwhile, in another way
