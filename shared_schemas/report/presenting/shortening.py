"""The page for a credit file: the verdict with its reason code, what it rests on, and what was not covered."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from shared_schemas.events.bpa_v1 import FindingSeverity
from shared_schemas.records import CoverageState, Kind
from shared_schemas.report.content import Report, ReportLanguage
from shared_schemas.report.presented import Fact, Points, Quoted, Reader, Scope, Short
from shared_schemas.report.presenting import answer, coverage
from shared_schemas.report.presenting.catalogue import Words
from shared_schemas.report.presenting.formats import Formats
from shared_schemas.report.presenting.history import kinds
from shared_schemas.report.presenting.reasons import reason_of
from shared_schemas.report.presenting.telling import Telling, mark_of, nature

MOST_FINDINGS: Final = 5
MOST_NOT_COVERED: Final = 5
"""Of what an expert names, and of sources."""
MOST_KINDS: Final = 3
MOST_LETTERS: Final = 160
"""Of what somebody wrote, so that the page stays one; the report has all of it."""
_WEIGHTY: Final = (FindingSeverity.CONTRADICTION, FindingSeverity.ANOMALY)


def short(report: Report, *, language: ReportLanguage, zone: tzinfo) -> Short:
    """The report on one page, for who files it. Words of people are cut, and what is left out is counted."""
    words = Words(language, Reader.PARTNER)
    telling = Telling(report, words, Formats(words, zone, report.made_at), Reader.PARTNER, Scope())
    reason = reason_of(report)
    findings = _findings(report)
    named, by_source = _not_covered(telling)
    points = (*named[:MOST_NOT_COVERED], *by_source[:MOST_NOT_COVERED])
    left = len(named) + len(by_source) - len(points)
    return Short(
        language=language,
        report_id=report.report_id,
        version=report.version,
        made_at=report.made_at,
        title=words.legal(f"title.{nature(report)}"),
        verdict=report.decision.verdict if report.decision else None,
        verdict_title=answer.verdict_title(telling),
        tone=answer.tone(report),
        reason=reason,
        reason_text=words.legal(f"reason.{reason}"),
        facts=tuple(_facts(telling)),
        findings=Points(title=words.say("short.findings"), points=findings) if findings else None,
        not_covered=Points(title=words.say("section.not_covered"), points=points),
        more=words.counted("short.more", left) if left > 0 else "",
        verify=words.say("about.verify.partner"),
        fine_print=fine_print(telling),
    )


def fine_print(telling: Telling) -> str:
    """What stands at the foot of every page: whichever page is shown alone, it says what it is."""
    report = telling.report
    return telling.words.legal(
        f"fine_print.{nature(report)}", number=report.number, version=str(report.version)
    )


def _facts(telling: Telling) -> Sequence[Fact]:
    report, words = telling.report, telling.words
    by = answer.author(telling)
    on = report.decision.decided_at if report.decision else report.made_at
    return (
        Fact(label=words.say(f"about.number.{report.kind}"), value=report.number),
        Fact(label=words.say("about.version"), value=str(report.version)),
        *(_cut_fact(one) for one in answer.claimed(telling)),
        *([_cut_fact(by)] if by else []),
        Fact(label=words.say("answer.on"), value=telling.formats.moment_with_zone(on)),
    )


def _findings(report: Report) -> tuple[Quoted, ...]:
    """The facts that weigh and are not explained, the gravest first; where there are none, what is confirmed."""
    found = report.decision.findings if report.decision else ()
    weighty = [one for severity in _WEIGHTY for one in found if mark_of(one) == severity]
    told = weighty or [one for one in found if mark_of(one) == FindingSeverity.CONFIRMED]
    return tuple(_cut(one.text) for one in told[:MOST_FINDINGS])


def _not_covered(telling: Telling) -> tuple[Sequence[Quoted], Sequence[str]]:
    """What the expert names, and how it stands at each source that has not said what it has."""
    report, words = telling.report, telling.words
    named = [_cut(one) for one in (report.decision.not_covered if report.decision else ())]
    if report.history is None:
        return named, [words.say("not_covered.no_history")]
    found: dict[tuple[str, CoverageState], list[Kind]] = {}
    for kind, one in coverage.unknown(report.history):
        found.setdefault((one.source, one.state), []).append(kind)
    return named, [
        words.say(
            "short.source",
            source=telling.title_of(source),
            standing=words.say(f"short.{state}"),
            kinds=_some(telling, list(dict.fromkeys(those))),
        )
        for (source, state), those in found.items()
    ]


def _some(telling: Telling, found: Sequence[Kind]) -> str:
    """A few kinds, and how many more."""
    told, left = kinds(telling, found[:MOST_KINDS]), len(found) - MOST_KINDS
    return telling.words.say("short.kinds_more", kinds=told, count=str(left)) if left > 0 else told


def _cut_fact(fact: Fact) -> Fact:
    return fact if fact.quoted is None else fact.model_copy(update={"quoted": _cut(fact.quoted.words)})


def _cut(text: str) -> Quoted:
    return Quoted(words=text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1].rstrip()}…")
