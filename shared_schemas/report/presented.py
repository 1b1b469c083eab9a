"""A report as it is read: the same sections, in the same words, on the page and in the PDF.

What makes it (`presenting`) decides everything that is said; page and PDF decide how it looks, and add no word
of their own. `text` is a sentence of ours, in the language of the whole; what a person or a source wrote is
`Quoted`, in whatever language and direction it is.
"""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared_schemas.base import Contract, UtcDatetime
from shared_schemas.evidence import Region
from shared_schemas.report.content import ReportLanguage
from shared_schemas.words import Verdict


class Reader(StrEnum):
    """For whom it is worded."""

    BUYER = "buyer"
    SELLER = "seller"
    PARTNER = "partner"


class Scope(Contract):
    """What of a report is shown. The verdict, what speaks for it, and what was not covered always are."""

    photos: bool = True
    history: bool = True


class Tone(StrEnum):
    """How a part looks, beside its words, which say the same: never colour alone."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    INFO = "info"
    PLAIN = "plain"


class Quoted(Contract):
    """What somebody wrote, as they wrote it; `by` says who, in a word of ours, where that is not plain.

    Names of people and what a client calls the car are words of somebody, too: any language, any direction.
    """

    words: str
    by: str = ""


class Picture(Contract):
    """A photo, or the part of it in `region`; `alt` says what is to be seen."""

    evidence_id: UUID
    region: Region | None = None
    caption: str
    alt: str


class Paragraph(Contract):
    type: Literal["paragraph"] = "paragraph"
    text: str
    tone: Tone = Tone.PLAIN


class Heading(Contract):
    """Divides a long section; `tone` is that of what follows."""

    type: Literal["heading"] = "heading"
    text: str
    tone: Tone = Tone.PLAIN


class Quotation(Contract):
    type: Literal["quotation"] = "quotation"
    quoted: Quoted
    tone: Tone = Tone.PLAIN


class Fact(Contract):
    """A line of a table of facts. `quoted` is set where the value is somebody's words, else `value` is ours."""

    label: str
    value: str = ""
    quoted: Quoted | None = None


class Facts(Contract):
    type: Literal["facts"] = "facts"
    title: str = ""
    facts: tuple[Fact, ...]


class Points(Contract):
    """Things side by side, in no order of doing."""

    type: Literal["points"] = "points"
    title: str = ""
    tone: Tone = Tone.PLAIN
    points: tuple[str | Quoted, ...]


class Disagreement(Contract):
    """Something of which not all say the same: who says what, side by side. `mark` is how much that weighs,
    `text` what to make of it.
    """

    type: Literal["disagreement"] = "disagreement"
    tone: Tone
    mark: str
    title: str
    sayings: tuple[Fact, ...]
    text: str


class Steps(Contract):
    """Things to do, in their order; each is a sentence of ours or what the expert wrote."""

    type: Literal["steps"] = "steps"
    steps: tuple[str | Quoted, ...]


class Notice(Contract):
    """Something that is not to be overlooked: a title and what it means."""

    type: Literal["notice"] = "notice"
    tone: Tone
    title: str
    text: str = ""


class FindingCard(Contract):
    """A finding: the fact as the expert put it, what it means, what to do; and where it is seen.

    `mark` is how much it weighs, in a word. `grounds` says what it rests on where that is no photo. The labels of
    `meaning`, `to_do` and `explanation` stand in `Labels`.
    """

    type: Literal["finding"] = "finding"
    finding_id: UUID
    number: int
    tone: Tone
    mark: str
    fact: Quoted
    meaning: str | Quoted
    to_do: str | Quoted | None = None
    explanation: Quoted | None = None
    grounds: tuple[Fact, ...] = ()
    pictures: tuple[Picture, ...] = ()


class PictureGrid(Contract):
    type: Literal["pictures"] = "pictures"
    title: str = ""
    pictures: tuple[Picture, ...]


class Row(Contract):
    """A line of a list of records: when, what, and whose word it is. `place` and `quoted` are its own words."""

    when: str
    what: str
    place: Quoted | None = None
    quoted: Quoted | None = None
    source: str


class HistoryCard(Contract):
    """One kind of records. `standing` says in words how it stands at each source: it never says that there is
    nothing where that is not known. `advice` is what such records mean for the reader, and what to do. `rows` are
    the newest records, `more` says how many there are beside them.
    """

    type: Literal["history"] = "history"
    title: str
    tone: Tone
    standing: tuple[str, ...]
    advice: str = ""
    rows: tuple[Row, ...] = ()
    more: str = ""


class Point(Contract):
    """A point of a graph of mileages: the day as a fraction of years, e.g. 2019.5."""

    year: float
    km: int


class MileageGraph(Contract):
    """`alt` says in words what the graph shows. `falls` are places of two `points` each, the earlier one first,
    between which the mileage was rolled back.
    """

    type: Literal["mileages"] = "mileages"
    points: tuple[Point, ...]
    alt: str
    falls: tuple[tuple[int, int], ...] = ()


class Compared(Contract):
    """One thing in two versions, side by side; what is empty was not there."""

    what: str
    before: tuple[str | Quoted, ...]
    after: tuple[str | Quoted, ...]


class Comparison(Contract):
    type: Literal["comparison"] = "comparison"
    before: str
    after: str
    rows: tuple[Compared, ...]


Block = Annotated[
    Paragraph
    | Heading
    | Quotation
    | Facts
    | Points
    | Steps
    | Disagreement
    | Notice
    | FindingCard
    | PictureGrid
    | HistoryCard
    | MileageGraph
    | Comparison,
    Field(discriminator="type"),
]


class Section(Contract):
    """`id` is stable, for links within the page: `changes`, `verdict`, `now`, `found`, `seen`, `contradictions`,
    `history`, `not_covered`, `next`, `clock`, `about`. They come in this order; what there is nothing to say of
    is not there. `since` stands apart: what is not as an earlier check of the car had it.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]


class Masthead(Contract):
    """The head of the first page. `verdict` is null in a report that nobody's verdict is in.

    `verdict_text` says it in a sentence. `car` is what the client calls it and `identifier` its number, labelled
    by the kind of it. `by` is whose word it is: the role is the label, the name is quoted; null where it is
    nobody's. `on` is of when.
    """

    title: str
    number: str
    version: str
    car: Quoted
    identifier: Fact
    verdict: Verdict | None
    verdict_title: str
    verdict_text: str
    tone: Tone
    by: Fact | None
    on: str


class Labels(Contract):
    """The few words that page and PDF put beside what they lay out. `page` has places for `{page}` and `{pages}`,
    `finding` and `photo` one for `{number}`.
    """

    contents: str
    finding: str
    meaning: str
    to_do: str
    explanation: str
    photo: str
    when: str
    what: str
    source: str
    page: str


class Presented(Contract):
    """A report in one language, for one reader, within a scope. `fine_print` stands at the foot of every page."""

    language: ReportLanguage
    reader: Reader
    scope: Scope
    report_id: UUID
    version: int
    made_at: UtcDatetime
    masthead: Masthead
    labels: Labels
    sections: tuple[Section, ...]
    fine_print: str


class Short(Contract):
    """A page for a credit file. `reason` is a stable code (`presenting.reasons`), `reason_text` says it in words.

    `facts` are number, car, who and when; `findings` what speaks for the verdict, the gravest first, each the
    fact alone; of `not_covered` what fits is listed, and `more` says how many are not.
    """

    language: ReportLanguage
    report_id: UUID
    version: int
    made_at: UtcDatetime
    title: str
    verdict: Verdict | None
    verdict_title: str
    tone: Tone
    reason: str
    reason_text: str
    facts: tuple[Fact, ...]
    findings: Points | None
    not_covered: Points
    more: str
    verify: str
    fine_print: str
