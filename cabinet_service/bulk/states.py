"""How a row of a job stands, and the job itself."""

from enum import StrEnum


class BulkRowState(StrEnum):
    """`waiting` until the worker comes to it; `made`: there is an inspection now, waiting for its photos;

    `existing`: the company had ordered that car before, and the row leads there; `refused`: see its remarks.
    """

    WAITING = "waiting"
    MADE = "made"
    EXISTING = "existing"
    REFUSED = "refused"


class BulkJobState(StrEnum):
    RUNNING = "running"
    DONE = "done"
