"""What sources know of the car, block by block, each with how it stands at every source."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final

from shared_schemas.records import CoverageState, FallKind, Kind, Outcome
from shared_schemas.report.content import ReadMileage, ReportBlock, ReportEntry, ReportHistory
from shared_schemas.report.presented import (
    Block,
    Fact,
    Facts,
    HistoryCard,
    MileageGraph,
    Paragraph,
    Point,
    Points,
    Quoted,
    Row,
    Tone,
)
from shared_schemas.report.presenting import coverage
from shared_schemas.report.presenting.telling import Telling

WEIGHTY: Final = frozenset(
    {
        *(Kind.ACCIDENT, Kind.DAMAGE, Kind.RECALL, Kind.PLEDGE, Kind.LEASING, Kind.WANTED),
        *(Kind.RESTRICTION, Kind.FINE, Kind.COMMERCIAL_USE, Kind.SCRAPPING, Kind.AUCTION),
    }
)
"""Records of which it is said what they mean for who reads it, and what to do."""
_LIFTED: Final = frozenset({Kind.RECALL, Kind.PLEDGE, Kind.LEASING, Kind.WANTED, Kind.RESTRICTION, Kind.FINE})
"""Of these what is over binds nobody. A crash stays one, and wear by a taxi, however it came out."""
_OVER: Final = frozenset({Outcome.ENDED, Outcome.PASSED})
_LATER: Final = timedelta(hours=1)
"""By how much records are clearly younger than a verdict."""
MOST_TOLD: Final = 8
"""Readings that the words beside a graph name, the rest being in the records."""


def history(telling: Telling) -> Iterator[Block]:
    """Nothing of it where the history is not to be shown."""
    told = telling.report.history
    if told is None or not telling.scope.history:
        return
    words = telling.words
    yield Paragraph(text=words.say("history.lead", at=telling.formats.moment(told.asked_at)))
    decision = telling.report.decision
    if decision and told.asked_at - decision.decided_at > _LATER:
        yield Paragraph(text=words.say("history.later"))
    yield from (_card(telling, block, told.asked_at) for block in told.blocks if _has_a_card(block))
    yield from _together(telling, told)
    unasked = [block.kind for block in told.blocks if block.coverage and not _has_a_card(block)]
    if unasked:
        yield Paragraph(text=words.say("history.unasked", kinds=kinds(telling, unasked)))
    if nobody := coverage.nobody_keeps(told):
        yield Paragraph(text=words.say("history.nobody", kinds=kinds(telling, nobody)))


def kinds(telling: Telling, found: Iterable[Kind]) -> str:
    """Kinds of records, by their names, each once, within a sentence."""
    return ", ".join(_within(telling.words.say(f"kind.{kind}")) for kind in dict.fromkeys(found))


def _within(name: str) -> str:
    """As it stands within a sentence: small, unless it is written in capitals."""
    return name if name.isupper() else f"{name[0].lower()}{name[1:]}"


def _has_a_card(block: ReportBlock) -> bool:
    """Whether there is more to say than that nobody was asked."""
    states = {one.state for one in block.coverage}
    return bool(block.entries or block.count or states - {CoverageState.NOT_COVERED})


def _card(telling: Telling, block: ReportBlock, asked_at: datetime) -> HistoryCard:
    words = telling.words
    left = block.count - len(block.entries)
    advice, tone = _advice(telling, block)
    more = words.say(
        "history.more", shown=words.counted("count.record", len(block.entries)), count=str(block.count)
    )
    return HistoryCard(
        title=words.say(f"kind.{block.kind}"),
        tone=tone,
        standing=tuple(coverage.standing(telling, block.kind, one, near=asked_at) for one in block.coverage),
        advice=advice,
        rows=tuple(row(telling, block, one) for one in block.entries),
        more=more if left > 0 else "",
    )


def _advice(telling: Telling, block: ReportBlock) -> tuple[str, Tone]:
    """What its records mean, and how that looks. Of what is all known to be over nobody is told to beware."""
    if block.kind not in WEIGHTY or not (block.count or block.entries):
        return "", Tone.PLAIN
    if _is_over(block):
        return telling.words.legal_to_reader("kind.over"), Tone.PLAIN
    return telling.words.legal_to_reader(f"kind.{block.kind}.advice"), Tone.WARN


def _is_over(block: ReportBlock) -> bool:
    is_over = block.kind in _LIFTED and all(one.outcome in _OVER for one in block.entries)
    return is_over and _is_all_listed(block)


def _is_all_listed(block: ReportBlock) -> bool:
    """Whether there is no record but those that are listed, at any source that has some."""
    listed = {one.source for one in block.entries}
    return block.count <= len(block.entries) and all(
        one.source in listed and one.reason not in coverage.MORE_THAN_SENT
        for one in block.coverage
        if one.state is CoverageState.DATA
    )


def row(telling: Telling, block: ReportBlock, entry: ReportEntry) -> Row:
    """A record on a line."""
    words, formats = telling.words, telling.formats
    source = telling.title_of(entry.source)
    what = [words.say(f"kind.{block.kind}.record")]
    if entry.outcome is not Outcome.NONE:
        what.append(words.say(f"outcome.{entry.outcome}"))
    if entry.mileage_km is not None:
        what.append(formats.km(entry.mileage_km))
    if words.knows(f"mileage_quality.{entry.mileage_quality}"):
        what.append(words.say(f"mileage_quality.{entry.mileage_quality}"))
    if entry.amount is not None:
        what.append(formats.amount(entry.amount, entry.currency))
    return Row(
        when=formats.period(entry.began, entry.ended, entry.precision),
        what=", ".join(what),
        place=Quoted(words=entry.place) if entry.place else None,
        quoted=Quoted(words=entry.text) if entry.text else None,
        source=source
        if coverage.is_told(telling, block.coverage, entry.source, entry.as_of)
        else words.say("source.as_of", source=source, at=formats.day_of(entry.as_of)),
    )


def _together(telling: Telling, told: ReportHistory) -> Iterator[Block]:
    """What follows of all records together."""
    words = telling.words
    if told.owners is not None:
        fact = Fact(label=words.say("owners"), value=words.say("owners.most", count=str(told.owners)))
        yield Facts(facts=(fact,))
    if told.mileages:
        yield _graph(telling, told)
    if told.silences:
        gaps = (_years(one.first_year, one.last_year) for one in told.silences)
        points = tuple(words.say("silence", years=years) for years in gaps)
        yield Points(title=words.say("silence.title"), points=points)
    if told.recalls:
        facts = tuple(
            Fact(
                label=words.say(
                    "recall.certain" if one.certain else "recall.perhaps", source=telling.title_of(one.source)
                ),
                quoted=Quoted(words=one.text),
            )
            for one in told.recalls
        )
        yield Facts(title=words.say("recall.title"), facts=facts)
        yield Paragraph(text=words.legal_to_reader("recall.meaning"))


def _years(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _graph(telling: Telling, history: ReportHistory) -> MileageGraph:
    """The readings in the order of their days, and where they fall as judged: honest falls are only told."""
    words = telling.words
    read = sorted(history.mileages, key=lambda one: one.day)
    told = "; ".join(_reading(telling, one) for one in read[:MOST_TOLD])
    alt = words.say("graph.alt", readings=words.counted("count.reading", len(read)), told=told)
    if len(read) > MOST_TOLD:
        alt = words.say(
            "graph.alt_long",
            readings=words.counted("count.reading", len(read)),
            first=_reading(telling, read[0]),
            last=_reading(telling, read[-1]),
        )
    falls = [
        words.say(
            f"graph.fall.{one.kind}",
            km=telling.formats.km(one.km),
            before=_reading(telling, one.before),
            after=_reading(telling, one.after),
        )
        for one in history.falls
    ]
    return MileageGraph(
        points=tuple(Point(year=_year(one.day), km=one.km) for one in read),
        alt=" ".join((alt, *falls[:MOST_TOLD])),
        falls=tuple(
            (read.index(one.before), read.index(one.after))
            for one in history.falls
            if one.kind is FallKind.ROLLBACK and one.before in read and one.after in read
        ),
    )


def _reading(telling: Telling, one: ReadMileage) -> str:
    return telling.words.say(
        "graph.reading",
        km=telling.formats.km(one.km),
        day=telling.formats.day(one.day, one.precision),
        source=telling.title_of(one.source),
    )


def _year(day: date) -> float:
    """The day as a fraction of its year."""
    length = date(day.year, 12, 31).timetuple().tm_yday
    return round(day.year + (day.timetuple().tm_yday - 1) / length, 3)
