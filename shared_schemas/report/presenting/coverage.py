"""How blocks stand at sources, in words. Nothing here says that there is nothing, but of what is `empty`."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from shared_schemas.records import CoverageState, Kind
from shared_schemas.report.content import ReportHistory, SourceCoverage
from shared_schemas.report.presenting.telling import Telling

KNOWN: Final = frozenset({CoverageState.DATA, CoverageState.EMPTY})
"""The states in which a source has said what it has."""
_STATUS: Final = re.compile(r"status_(\d{3})")
_NAME: Final = re.compile("[a-z][a-z0-9_]{0,39}")
MORE_THAN_SENT: Final = frozenset({"records_without_count", "records_left_out"})
"""The reasons of a source that may have records beside those that were read."""
PARTIAL: Final = "partial_deliveries"
"""The reason of a source whose silence covers what it has delivered so far."""


def standing(telling: Telling, kind: Kind, one: SourceCoverage, *, near: datetime | None = None) -> str:
    """How this block stands at one source, in one sentence. Of what was asked on the day of `near`, which the
    reader knows, the time is told alone.
    """
    source = source_and_when(telling, one, near)
    if one.state is CoverageState.DATA:
        return _data(telling, source, one)
    if one.state is CoverageState.EMPTY:
        return _empty(telling, kind, source, one)
    return telling.words.say(f"cover.{one.state}", source=source, why=why(telling, one.state, one.reason))


def source_and_when(telling: Telling, one: SourceCoverage, near: datetime | None) -> str:
    """The source's title, and when it was asked and as of when what it says stands."""
    words, formats = telling.words, telling.formats
    title = telling.title_of(one.source)
    day = formats.day_of(one.as_of) if one.as_of is not None else ""
    if one.asked_at is None:
        return words.say("source.as_of", source=title, at=day) if day else title
    at = formats.moment_near(one.asked_at, near)
    if day and day != formats.day_of(one.asked_at):
        return words.say("source.asked_as_of", source=title, at=at, day=day)
    return words.say("source.asked", source=title, at=at)


def is_told(telling: Telling, coverage: Iterable[SourceCoverage], source: str, as_of: datetime) -> bool:
    """Whether it stands beside the records of this source already as of which day they are."""
    day = telling.formats.day_of(as_of)
    moments = (one.as_of or one.asked_at for one in coverage if one.source == source)
    return any(at is not None and telling.formats.day_of(at) == day for at in moments)


def why(telling: Telling, state: CoverageState, reason: str) -> str:
    """The reason in words. A code that is not known here is told as a code: better than a guess."""
    words = telling.words
    if words.knows(f"why.{reason}"):
        return words.say(f"why.{reason}")
    if status := _STATUS.fullmatch(reason):
        return words.say("because.status", status=status[1])
    if _NAME.fullmatch(reason):
        return words.say("because.code", code=reason)
    return words.say(f"because.unsaid.{state}")


def unknown(history: ReportHistory) -> Iterator[tuple[Kind, SourceCoverage]]:
    """Every block at every source that has not said what it has."""
    for block in history.blocks:
        yield from ((block.kind, one) for one in block.coverage if one.state not in KNOWN)


def nobody_keeps(history: ReportHistory) -> list[Kind]:
    """Kinds of records that no source keeps that is known here."""
    covered = {block.kind for block in history.blocks if block.coverage or block.count or block.entries}
    return [kind for kind in Kind if kind not in covered]


def _data(telling: Telling, source: str, one: SourceCoverage) -> str:
    words = telling.words
    key = f"cover.data.{one.reason}"
    if not words.knows(key):
        key = "cover.data" if one.count else "cover.data.uncounted"
    return words.say(key, source=source, records=words.counted("count.record", one.count))


def _empty(telling: Telling, kind: Kind, source: str, one: SourceCoverage) -> str:
    words = telling.words
    told = words.say("cover.empty", source=source, about=words.say(f"kind.{kind}.about"))
    return f"{told} {words.say('cover.empty.partial')}" if one.reason == PARTIAL else told
