"""A run in words, for whoever started it."""

from bpa_service.vehicles.importing.models import ImportRun


def in_one_line(run: ImportRun) -> str:
    """Which file it was of, how it stands, and what became of the rows."""
    tally = run.tally
    rejected = ", ".join(f"{count} {reason}" for reason, count in sorted(tally["rejected"].items()))
    parts = [
        f"{run.number} {run.source} {run.file} as of {run.as_of.date()}: {run.state}",
        f"{tally['rows']} rows, {tally['records']} records, {tally['duplicates']} duplicates",
        f"rejected: {rejected or 'none'}",
    ]
    if run.added is not None:
        parts.append(f"added {run.added}, taken back {run.withdrawn}, known before {run.sent - run.added}")
    return "; ".join([*parts, *([run.reason] if run.reason else [])])
