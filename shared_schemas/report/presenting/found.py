"""What was found: each finding as fact, what it means for who reads it, and what to do about it."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from shared_schemas.events.bpa_v1 import FindingSeverity, FindingView
from shared_schemas.evidence import PlaceOnEvidence
from shared_schemas.report.content import Report, ReportBlock, ReportEntry, ReportPhoto
from shared_schemas.report.presented import Block, Fact, FindingCard, Paragraph, Picture, Quoted, Tone
from shared_schemas.report.presenting.telling import (
    FINDING_TONES,
    Telling,
    is_of_markings,
    mark_of,
    own_words,
)

_WITHOUT_A_STEP: Final = frozenset({"confirmed", "explained"})


def found(telling: Telling) -> Iterator[Block]:
    """The findings in the order that the expert gave them, after how many of which weight there are."""
    decision = telling.report.decision
    if decision is None:
        return
    yield Paragraph(text=_summary(telling, decision.findings))
    for number, finding in enumerate(decision.findings, 1):
        yield _card(telling, number, finding)


def tone_of(finding: FindingView) -> Tone:
    return Tone.PLAIN if finding.explanation else FINDING_TONES[finding.severity]


def _summary(telling: Telling, findings: tuple[FindingView, ...]) -> str:
    words = telling.words
    if not findings:
        return words.say("found.nothing_apart")
    counts = Counter(mark_of(one) for one in findings)
    marks = [mark for mark in (*map(str, FindingSeverity), "explained") if counts[mark]]
    told = ", ".join(words.counted(f"found.count.{mark}", counts[mark]) for mark in marks)
    return words.say("found.summary", told=told)


def _card(telling: Telling, number: int, finding: FindingView) -> FindingCard:
    words, mark = telling.words, mark_of(finding)
    is_marking = mark == "explained" or is_of_markings(telling.report, finding)
    key = f"finding.{mark}" if is_marking else f"finding.{mark}.record"
    to_do = None if mark in _WITHOUT_A_STEP else words.legal_to_reader(f"{key}.to_do")
    own_meaning, own_to_do = own_words(finding, telling.reader)
    return FindingCard(
        finding_id=finding.finding_id,
        number=number,
        tone=tone_of(finding),
        mark=words.say(f"finding.{mark}.mark"),
        fact=Quoted(words=finding.text),
        meaning=Quoted(words=own_meaning) if own_meaning else words.legal_to_reader(f"{key}.meaning"),
        to_do=Quoted(words=own_to_do) if own_to_do else to_do,
        explanation=Quoted(words=finding.explanation) if finding.explanation else None,
        grounds=tuple(grounds(telling, finding)),
        pictures=tuple(_pictures(telling, number, finding.places)),
    )


def grounds(telling: Telling, finding: FindingView) -> Iterator[Fact]:
    """What it rests on where that is no photo that is shown."""
    words = telling.words
    if finding.record_ref:
        yield Fact(label=words.say("grounds.record"), value=_record(telling, finding.record_ref))
    if finding.rule_ref:
        yield Fact(label=words.say("grounds.rule"), quoted=Quoted(words=finding.rule_ref))
    if finding.places and not telling.scope.photos:
        told = words.counted("grounds.photos", len({place.evidence_id for place in finding.places}))
        yield Fact(label=words.say("grounds.seen"), value=told)


def _record(telling: Telling, record: str) -> str:
    """Which record it is, where that is listed and may be shown."""
    found = _entry(telling.report, record) if telling.scope.history else None
    if found is None:
        return telling.words.say("grounds.some_record")
    block, entry = found
    return telling.words.say(
        "grounds.this_record",
        kind=telling.words.say(f"kind.{block.kind}.record"),
        source=telling.title_of(entry.source),
        when=telling.formats.period(entry.began, entry.ended, entry.precision),
    )


def _entry(report: Report, record: str) -> tuple[ReportBlock, ReportEntry] | None:
    blocks = report.history.blocks if report.history else ()
    return next(((block, one) for block in blocks for one in block.entries if one.id == record), None)


def _pictures(telling: Telling, number: int, places: tuple[PlaceOnEvidence, ...]) -> Iterator[Picture]:
    if not telling.scope.photos:
        return
    words = telling.words
    known: dict[object, ReportPhoto] = {one.evidence_id: one for one in telling.report.photos}
    for place in places:
        photo = known.get(place.evidence_id)
        shot = words.say(f"shot.{photo.shot}") if photo else words.say("shot.unlisted")
        key = "picture.part" if place.region else "picture.whole"
        yield Picture(
            evidence_id=place.evidence_id,
            region=place.region,
            caption=shot,
            alt=words.say(key, shot=shot, number=str(number)),
        )
