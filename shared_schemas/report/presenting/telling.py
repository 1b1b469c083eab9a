"""What each section is made with."""

from dataclasses import dataclass
from typing import Final

from shared_schemas.events.bpa_v1 import FindingSeverity, FindingView
from shared_schemas.report.content import Report
from shared_schemas.report.presented import Quoted, Reader, Scope, Tone
from shared_schemas.report.presenting.catalogue import Words
from shared_schemas.report.presenting.formats import Formats
from shared_schemas.vin.claims import DoubtSeverity
from shared_schemas.words import Shot, Verdict

VERDICT_TONES: Final = {
    Verdict.CLEAN: Tone.GOOD,
    Verdict.DOUBTS: Tone.WARN,
    Verdict.FORGERY_SIGNS: Tone.BAD,
    Verdict.INSUFFICIENT_DATA: Tone.INFO,
}
FINDING_TONES: Final = {
    FindingSeverity.CONTRADICTION: Tone.BAD,
    FindingSeverity.ANOMALY: Tone.WARN,
    FindingSeverity.UNUSUAL: Tone.INFO,
    FindingSeverity.CONFIRMED: Tone.GOOD,
}
_NO_MARKINGS: Final = frozenset({Shot.ODOMETER, Shot.DOCUMENTS})
DOUBT_TONES: Final = {
    DoubtSeverity.CONTRADICTION: Tone.BAD,
    DoubtSeverity.ANOMALY: Tone.WARN,
    DoubtSeverity.UNUSUAL: Tone.INFO,
}


@dataclass(frozen=True, slots=True)
class Telling:
    """A report, and how it is told: to whom, in which words, and how much of it; `is_shared`: to somebody who did
    not order it.
    """

    report: Report
    words: Words
    formats: Formats
    reader: Reader
    scope: Scope
    sha256: str = ""
    is_shared: bool = False

    def title_of(self, source: str) -> str:
        """What people call a source; its name where nobody has said."""
        history = self.report.history
        titles = {one.name: one.title for one in history.sources} if history else {}
        return titles.get(source) or source

    def version(self) -> str:
        return self.words.say("version", number=str(self.report.version))


def nature(report: Report) -> str:
    """What kind of document it is, as a key: somebody's opinion, records alone, or a test that is neither."""
    if report.is_test:
        return "test"
    return "opinion" if report.decision else "records"


def car_of(report: Report) -> Quoted:
    """What the client calls the car; its number where they call it nothing."""
    claim = report.claim
    year = str(claim.year) if claim.year is not None else ""
    called = " ".join(filter(None, (claim.make, claim.model, year)))
    return Quoted(words=called or claim.identifier)


def is_of_markings(report: Report, finding: FindingView) -> bool:
    """Whether it may be about a marking on a photo: not on a record or a rule alone, the odometer or papers."""
    others = {one.evidence_id for one in report.photos if one.shot in _NO_MARKINGS}
    return any(place.evidence_id not in others for place in finding.places)


def own_words(finding: FindingView, reader: Reader) -> tuple[str | None, str | None]:
    """What the expert says that it means, and what to do: written for who buys, of what is not explained."""
    if finding.explanation or reader is Reader.SELLER:
        return None, None
    return finding.meaning, finding.to_do


def mark_of(finding: FindingView) -> str:
    """The key of how much a finding weighs: what is explained weighs nothing."""
    return "explained" if finding.explanation else finding.severity.value
