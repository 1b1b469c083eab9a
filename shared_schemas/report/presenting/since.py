"""What is not the same in the reports of two checks of one car, in facts and in words.

Unlike two versions of one report, these have nothing in common but the car: another expert put findings into
words, and sources were asked anew. So findings are the same where they say the same, and records where their
source does.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Final

from shared_schemas.events.bpa_v1 import FindingView
from shared_schemas.records import CoverageState, Kind
from shared_schemas.report.content import MOST_ENTRIES, Report, ReportBlock, ReportEntry, ReportLanguage
from shared_schemas.report.presented import (
    Block,
    Compared,
    Comparison,
    HistoryCard,
    Paragraph,
    Quoted,
    Reader,
    Scope,
    Section,
    Tone,
)
from shared_schemas.report.presenting import coverage
from shared_schemas.report.presenting.answer import verdict_title
from shared_schemas.report.presenting.catalogue import Words
from shared_schemas.report.presenting.formats import Formats
from shared_schemas.report.presenting.history import row
from shared_schemas.report.presenting.telling import Telling, mark_of
from shared_schemas.words import IdentifierKind

_SILENT: Final = frozenset({CoverageState.FAILED, CoverageState.RUNNING})


@dataclass(frozen=True, slots=True)
class NewRecords:
    """Records of one kind that the earlier report did not have: those listed, and how many beside them."""

    kind: Kind
    entries: tuple[ReportEntry, ...]
    unlisted: int


@dataclass(frozen=True, slots=True)
class Since:
    """What the later check says otherwise than the earlier one.

    `records` is None where one of the two has no history, so that nothing can be said of records. `silent` are
    the sources that did not answer the later one: of what they have now nothing is known. `was_silent` are those
    that did not answer the earlier one of the kinds of which there is more: they may have had it then.
    """

    has_other_verdict: bool
    appeared: tuple[FindingView, ...]
    gone: tuple[FindingView, ...]
    records: tuple[NewRecords, ...] | None
    silent: tuple[str, ...]
    was_silent: tuple[str, ...]


def since(before: Report, after: Report) -> Since:
    """What `after`, a later check of the car that `before` is about, says otherwise."""
    old, new = (report.decision.findings if report.decision else () for report in (before, after))
    verdicts = [report.decision.verdict if report.decision else None for report in (before, after)]
    records = tuple(_new_records(before, after)) if before.history and after.history else None
    return Since(
        has_other_verdict=verdicts[0] is not verdicts[1],
        appeared=_beside(new, old),
        gone=_beside(old, new),
        records=records,
        silent=tuple(_silent(after, Kind)),
        was_silent=tuple(_silent(before, [one.kind for one in records or ()])),
    )


def tell_since(
    before: Report, after: Report, *, language: ReportLanguage, zone: tzinfo, is_disputed: bool = False
) -> Section:
    """The same in words, for who ordered both; `is_disputed`: somebody objects to what `before` says."""
    words = Words(language, Reader.BUYER)
    telling = Telling(after, words, Formats(words, zone, after.made_at), Reader.BUYER, Scope())
    blocks = (
        *_lead(words, before, telling.formats.day_of(before.made_at), is_disputed=is_disputed),
        *_told(replace(telling, report=before), telling, since(before, after)),
    )
    return Section(id="since", title=words.say("section.since"), blocks=blocks)


def _beside(these: tuple[FindingView, ...], others: tuple[FindingView, ...]) -> tuple[FindingView, ...]:
    """Those of the findings that are not among the others, counted: what is said twice has to be there twice."""
    left = Counter(map(_says, others))
    found: list[FindingView] = []
    for one in these:
        if left[_says(one)]:
            left[_says(one)] -= 1
        else:
            found.append(one)
    return tuple(found)


def _says(finding: FindingView) -> tuple[str, ...]:
    """What a finding says, however it is spaced and whatever it was called in its case."""
    texts = (finding.text, finding.explanation or "")
    return mark_of(finding), *(" ".join(text.split()).casefold() for text in texts)


def _record(entry: ReportEntry) -> str:
    """What a record says: its id and when its source was asked are those of one check."""
    return entry.model_dump_json(exclude={"id", "as_of"})


def _new_records(before: Report, after: Report) -> Iterator[NewRecords]:
    old_blocks = {one.kind: one for one in before.history.blocks} if before.history else {}
    for block in after.history.blocks if after.history else ():
        old = old_blocks.get(block.kind)
        entries = tuple(_added(old, block))
        unlisted = max(0, block.count - (old.count if old else 0) - len(entries))
        if entries or unlisted:
            yield NewRecords(block.kind, entries, unlisted)


def _added(old: ReportBlock | None, new: ReportBlock) -> Iterator[ReportEntry]:
    known = Counter(_record(one) for one in old.entries) if old else Counter[str]()
    for entry in new.entries:
        if known[_record(entry)]:
            known[_record(entry)] -= 1
        elif old is None or not _may_have_been_left_out(old, entry):
            yield entry


def _may_have_been_left_out(block: ReportBlock, entry: ReportEntry) -> bool:
    """Whether a report that lists the newest records alone may have had this one and not listed it."""
    if block.count <= len(block.entries):
        return False
    # Older ones stand behind these, where a finding names them.
    newest = block.entries[:MOST_ENTRIES]
    days = [one.began for one in newest if one.began is not None]
    return entry.began is None or not days or entry.began <= min(days)


def _silent(report: Report, kinds: Iterable[Kind]) -> Iterator[str]:
    of_kinds = frozenset(kinds)
    blocks = [one for one in report.history.blocks if one.kind in of_kinds] if report.history else []
    yield from dict.fromkeys(one.source for block in blocks for one in block.coverage if one.state in _SILENT)


def _lead(words: Words, before: Report, day: str, *, is_disputed: bool) -> Iterator[Block]:
    has_plate_alone = before.claim.identifier_kind is IdentifierKind.PLATE
    known_by = "since.lead.plate" if has_plate_alone else "since.lead"
    yield Paragraph(text=words.say(known_by, number=before.number, day=day))
    if is_disputed:
        yield Paragraph(text=words.say("since.disputed"), tone=Tone.WARN)


def _told(before: Telling, after: Telling, found: Since) -> Iterator[Block]:
    words = after.words
    rows = tuple(_of_the_answer(before, after, found))
    if not found.has_other_verdict:
        yield Paragraph(text=words.say("since.same_verdict", verdict=verdict_title(after)))
    if rows:
        yield Comparison(before=words.say("since.then"), after=words.say("since.now"), rows=rows)
    if found.appeared or found.gone:
        yield Paragraph(text=words.say("since.own_words"))
    else:
        yield Paragraph(text=words.say("since.same_findings"))
    yield from _of_records(after, found)


def _of_the_answer(before: Telling, after: Telling, found: Since) -> Iterator[Compared]:
    words = after.words
    if found.has_other_verdict:
        titles = [(verdict_title(one),) for one in (before, after)]
        yield Compared(what=words.say("section.verdict"), before=titles[0], after=titles[1])
    for one in found.appeared:
        yield Compared(what=_mark(words, one), before=(), after=_words(one))
    for one in found.gone:
        yield Compared(what=_mark(words, one), before=_words(one), after=())


def _mark(words: Words, finding: FindingView) -> str:
    return words.say(f"finding.{mark_of(finding)}.mark")


def _words(finding: FindingView) -> tuple[Quoted, ...]:
    return tuple(Quoted(words=text) for text in (finding.text, finding.explanation) if text)


def _of_records(telling: Telling, found: Since) -> Iterator[Block]:
    words, history = telling.words, telling.report.history
    if found.records is None or history is None:
        yield Paragraph(text=words.say("since.no_history"))
        return
    blocks = {one.kind: one for one in history.blocks}
    for one in found.records:
        yield _card(telling, blocks[one.kind], one)
    if not found.records:
        yield Paragraph(text=words.say("since.no_records"))
    if found.silent:
        sources = ", ".join(map(telling.title_of, found.silent))
        yield Paragraph(text=words.say("since.silent", sources=sources), tone=Tone.WARN)
    if found.was_silent:
        sources = ", ".join(map(telling.title_of, found.was_silent))
        yield Paragraph(text=words.say("since.was_silent", sources=sources), tone=Tone.WARN)


def _card(telling: Telling, block: ReportBlock, new: NewRecords) -> HistoryCard:
    words = telling.words
    sources = {entry.source for entry in new.entries}
    more = words.say("since.unlisted", records=words.counted("count.record", new.unlisted))
    return HistoryCard(
        title=words.say("since.records", kind=words.say(f"kind.{block.kind}")),
        tone=Tone.INFO,
        standing=tuple(
            coverage.standing(telling, block.kind, one) for one in block.coverage if one.source in sources
        ),
        rows=tuple(row(telling, block, entry) for entry in new.entries),
        more=more if new.unlisted else "",
    )
