"""What was not covered and why: what the expert names, and each source that has not said what it has."""

from collections.abc import Iterator

from shared_schemas.records import CoverageState, Kind
from shared_schemas.report.content import ReportHistory
from shared_schemas.report.presented import Block, Fact, Facts, Paragraph, Points, Quoted
from shared_schemas.report.presenting import coverage
from shared_schemas.report.presenting.history import kinds
from shared_schemas.report.presenting.seen import answered
from shared_schemas.report.presenting.telling import Telling


def not_covered(telling: Telling) -> Iterator[Block]:
    """Always shown, whatever the scope: what nobody looked at is no good news."""
    report, words = telling.report, telling.words
    yield Paragraph(text=words.legal("not_covered.lead"))
    named = report.decision.not_covered if report.decision else ()
    if named:
        points = tuple(Quoted(words=one) for one in named)
        yield Points(title=words.say("not_covered.by_expert"), points=points)
    if missing := answered(telling, photographed=False):
        yield Facts(title=words.say("not_covered.shots"), facts=missing)
    if report.history is None:
        yield Paragraph(text=words.say("not_covered.no_history"))
        return
    if facts := sources(telling, report.history):
        yield Facts(title=words.say("not_covered.by_source"), facts=facts)
    if telling.scope.history:
        return  # which says what nobody keeps
    if nobody := coverage.nobody_keeps(report.history):
        yield Paragraph(text=words.say("history.nobody", kinds=kinds(telling, nobody)))
    yield Paragraph(text=words.say("not_covered.history_not_shown"))


def sources(telling: Telling, history: ReportHistory) -> tuple[Fact, ...]:
    """Each source that has not said what it has: what is not known for that, and why."""
    found: dict[str, dict[tuple[CoverageState, str], list[Kind]]] = {}
    for kind, one in coverage.unknown(history):
        found.setdefault(one.source, {}).setdefault((one.state, one.reason), []).append(kind)
    return tuple(
        Fact(
            label=telling.title_of(source),
            value=" ".join(_unknown(telling, *how, those) for how, those in of_source.items()),
        )
        for source, of_source in found.items()
    )


def _unknown(telling: Telling, state: CoverageState, reason: str, those: list[Kind]) -> str:
    return telling.words.say(
        f"uncovered.{state}", why=coverage.why(telling, state, reason), kinds=kinds(telling, those)
    )
