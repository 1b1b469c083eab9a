"""What is not the same in two versions of a report: facts alone."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared_schemas.events.bpa_v1 import FindingView
from shared_schemas.records import CoverageState, Kind
from shared_schemas.report.content import Report, ReportBlock, ReportEntry
from shared_schemas.words import Verdict

Standing = tuple[str, CoverageState, int, str]


class Part(StrEnum):
    """What is in a report beside the answer, the photos and the records of each kind."""

    SHOT_ANSWERS = "shot_answers"
    CONTRADICTIONS = "contradictions"
    CLAIM = "claim"
    MILEAGES = "mileages"
    OWNERS = "owners"
    RECALLS = "recalls"
    SILENCES = "silences"


OF_HISTORY: Final = frozenset({Part.MILEAGES, Part.OWNERS, Part.RECALLS, Part.SILENCES})
"""Not shown where the history is not."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Each pair is what stood before and what stands now; None where both versions have the same.

    A finding that is there in one version alone is beside None. `photos` are how many were taken out and how
    many were added; `blocks` the kinds of which a source says something else, or has other records; `parts` what
    else is not the same.
    """

    verdict: tuple[Verdict | None, Verdict | None] | None
    summary: tuple[str, str] | None
    advice: tuple[str, str] | None
    findings: tuple[tuple[FindingView | None, FindingView | None], ...]
    not_covered: tuple[tuple[str, ...], tuple[str, ...]] | None
    photos: tuple[int, int] | None
    blocks: tuple[tuple[Kind, ReportBlock | None, ReportBlock | None], ...]
    parts: tuple[Part, ...]

    @property
    def are_none(self) -> bool:
        pairs = (self.verdict, self.summary, self.advice, self.not_covered, self.photos)
        return not (self.findings or self.blocks or self.parts or any(pair is not None for pair in pairs))


def changes(before: Report, after: Report) -> Changes:
    """What `after` says otherwise than `before`; the order of findings is no change, and nor is when sources were
    asked.
    """
    old, new = before.decision, after.decision
    verdicts = (old.verdict if old else None, new.verdict if new else None)
    summaries = (old.summary if old else "", new.summary if new else "")
    advices = ((old.advice or "") if old else "", (new.advice or "") if new else "")
    missing = (old.not_covered if old else (), new.not_covered if new else ())
    photos = ({one.evidence_id for one in before.photos}, {one.evidence_id for one in after.photos})
    return Changes(
        verdict=verdicts if verdicts[0] is not verdicts[1] else None,
        summary=summaries if summaries[0] != summaries[1] else None,
        advice=advices if advices[0] != advices[1] else None,
        findings=tuple(_findings(old.findings if old else (), new.findings if new else ())),
        not_covered=_apart(*missing) if set(missing[0]) != set(missing[1]) else None,
        photos=_apart_by_count(*photos) if photos[0] != photos[1] else None,
        blocks=tuple(_blocks(before, after)),
        parts=tuple(part for part, said in _parts(before).items() if said != _parts(after)[part]),
    )


def content_of(entry: ReportEntry) -> str:
    """What a record says, the same whenever its source was asked."""
    return entry.model_dump_json(exclude={"as_of"})


def _parts(report: Report) -> dict[Part, object]:
    """What it says of each, in whatever order."""
    history = report.history
    return {
        Part.SHOT_ANSWERS: frozenset(report.shot_answers),
        Part.CONTRADICTIONS: frozenset(report.contradictions),
        Part.CLAIM: report.claim,
        Part.MILEAGES: frozenset(history.mileages if history else ()),
        Part.OWNERS: history.owners if history else None,
        Part.RECALLS: frozenset(history.recalls if history else ()),
        Part.SILENCES: frozenset(history.silences if history else ()),
    }


def _apart_by_count(before: set[UUID], after: set[UUID]) -> tuple[int, int]:
    return len(before - after), len(after - before)


def _apart(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (
        tuple(one for one in before if one not in after),
        tuple(one for one in after if one not in before),
    )


def _findings(
    before: tuple[FindingView, ...], after: tuple[FindingView, ...]
) -> list[tuple[FindingView | None, FindingView | None]]:
    old = {one.finding_id: one for one in before}
    new = {one.finding_id: one for one in after}
    return [
        (old.get(id_), new.get(id_))
        for id_ in dict.fromkeys((*new, *old))
        if _says(old.get(id_)) != _says(new.get(id_))
    ]


def _says(one: FindingView | None) -> object:
    """What a reader has of a finding."""
    return one and one.model_dump(exclude={"finding_id"})


def _blocks(before: Report, after: Report) -> list[tuple[Kind, ReportBlock | None, ReportBlock | None]]:
    old, new = ({one.kind: one for one in _blocks_of(report)} for report in (before, after))
    return [
        (kind, old.get(kind), new.get(kind))
        for kind in Kind
        if _standing(old.get(kind)) != _standing(new.get(kind))
    ]


def _blocks_of(report: Report) -> tuple[ReportBlock, ...]:
    return report.history.blocks if report.history else ()


def _standing(block: ReportBlock | None) -> tuple[set[Standing], set[str], int]:
    """How it stands at each source, its records, and how many there are."""
    if block is None:
        return set(), set(), 0
    coverage = {(one.source, one.state, one.count, one.reason) for one in block.coverage}
    return coverage, {content_of(one) for one in block.entries}, block.count
