"""What changed since an earlier version, side by side, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from shared_schemas.events.bpa_v1 import FindingView
from shared_schemas.records import Kind
from shared_schemas.report.content import Report, ReportBlock
from shared_schemas.report.presented import (
    Block,
    Compared,
    Comparison,
    Paragraph,
    Quotation,
    Quoted,
    Reader,
)
from shared_schemas.report.presenting import coverage
from shared_schemas.report.presenting.answer import author, verdict_title
from shared_schemas.report.presenting.differing import (
    OF_HISTORY,
    Changes,
    Part,
    changes,
    content_of,
)
from shared_schemas.report.presenting.disagreeing import shown_of
from shared_schemas.report.presenting.found import grounds
from shared_schemas.report.presenting.history import row
from shared_schemas.report.presenting.telling import Telling, mark_of, own_words

Cell = tuple[str | Quoted, ...]


def changed(telling: Telling, previous: Report) -> Iterator[Block]:
    """Why the answer was changed, in the words of who did, and each thing that is not the same."""
    report, words = telling.report, telling.words
    before = replace(telling, report=previous)
    yield Paragraph(
        text=words.say(
            "changes.lead",
            before=str(previous.version),
            after=str(report.version),
            at=telling.formats.moment(previous.made_at),
        )
    )
    if report.decision and report.decision.reason:
        by = author(telling)
        yield Quotation(quoted=Quoted(words=report.decision.reason, by=by.label if by else ""))
    found = changes(previous, report)
    if found.are_none:
        yield Paragraph(text=words.say("changes.same"))
        return
    rows = [*_of_the_answer(before, telling, found), *_of_the_grounds(before, telling, found)]
    shown = tuple(one for one in rows if one.before != one.after)
    parts = [part for part in found.parts if _is_shown(before, telling, part)]
    if shown:
        yield Comparison(before=_version(before), after=_version(telling), rows=shown)
    if parts:
        told = ", ".join(words.say(f"changes.part.{part}") for part in parts)
        yield Paragraph(text=words.say("changes.also", parts=told))
    if len(shown) < _many(found) or len(parts) < len(found.parts):
        yield Paragraph(text=words.say("changes.not_shown"))


def _many(found: Changes) -> int:
    """How many rows there would be if all were shown."""
    pairs = (found.verdict, found.summary, found.advice, found.not_covered, found.photos)
    return sum(pair is not None for pair in pairs) + len(found.findings) + len(found.blocks)


def _is_shown(before: Telling, after: Telling, part: Part) -> bool:
    """Whether the reader has in both versions what is not the same in them."""
    if part is Part.CONTRADICTIONS:
        return set(shown_of(before)) != set(shown_of(after))
    return after.scope.history or part not in OF_HISTORY


def _of_the_answer(before: Telling, after: Telling, found: Changes) -> Iterator[Compared]:
    words = after.words
    if found.verdict:
        yield Compared(
            what=words.say("section.verdict"),
            before=(verdict_title(before),),
            after=(verdict_title(after),),
        )
    if found.summary:
        yield _quoted(words.say("changes.summary"), *found.summary)
    if found.advice and after.reader is not Reader.SELLER:
        yield _quoted(words.say("changes.advice"), *found.advice)
    for old, new in found.findings:
        yield Compared(
            what=words.say("changes.finding"),
            before=_finding(before, old),
            after=_finding(after, new),
        )
    if found.not_covered:
        old_ones, new_ones = found.not_covered
        yield Compared(
            what=words.say("section.not_covered"),
            before=tuple(Quoted(words=one) for one in old_ones),
            after=tuple(Quoted(words=one) for one in new_ones),
        )


def _of_the_grounds(before: Telling, after: Telling, found: Changes) -> Iterator[Compared]:
    words = after.words
    if found.photos:
        yield _photos(before, after, *found.photos)
    if after.scope.history:
        for kind, old_block, new_block in found.blocks:
            yield Compared(
                what=words.say(f"kind.{kind}"),
                before=tuple(_block(before, kind, old_block, new_block)),
                after=tuple(_block(after, kind, new_block, old_block)),
            )


def _photos(before: Telling, after: Telling, gone: int, added: int) -> Compared:
    """How many there were and are, and how many of them are others."""
    words = after.words
    old, new = (words.counted("count.photo", len(one.report.photos)) for one in (before, after))
    told = (("changes.photos.gone", gone), ("changes.photos.added", added))
    others = (words.say(key, photos=words.counted("count.photo", count)) for key, count in told if count)
    return Compared(what=words.say("changes.photos"), before=(old,), after=(new, *others))


def _version(telling: Telling) -> str:
    day = telling.formats.day_of(telling.report.made_at)
    return telling.words.say("changes.version", version=telling.version(), day=day)


def _quoted(what: str, before: str, after: str) -> Compared:
    return Compared(what=what, before=_words(before), after=_words(after))


def _words(text: str) -> Cell:
    return (Quoted(words=text),) if text else ()


def _finding(telling: Telling, finding: FindingView | None) -> Cell:
    if finding is None:
        return ()
    own: Iterable[str | None] = (finding.text, *own_words(finding, telling.reader), finding.explanation)
    mark = telling.words.say(f"finding.{mark_of(finding)}.mark")
    rests_on = (
        one.quoted.model_copy(update={"by": one.label}) if one.quoted else f"{one.label}: {one.value}"
        for one in grounds(telling, finding)
    )
    return (mark, *(Quoted(words=one) for one in own if one), *rests_on)


def _block(
    telling: Telling, kind: Kind, block: ReportBlock | None, other: ReportBlock | None
) -> Iterator[str | Quoted]:
    """How it stands at each source, and the records that the other version has not, or has otherwise."""
    if block is None:
        return
    yield from (coverage.standing(telling, kind, one) for one in block.coverage)
    known = {content_of(one) for one in other.entries} if other else set[str]()
    for entry in block.entries:
        if content_of(entry) not in known:
            told = row(telling, block, entry)
            yield f"{told.when}: {told.what}"
            yield from (one for one in (told.place, told.quoted) if one)
