"""What a badge says of a report: a picture for adverts, read by whoever comes along and knows nothing else."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from shared_schemas.report.content import Report, ReportLanguage
from shared_schemas.report.presented import Reader, Scope
from shared_schemas.report.presenting.answer import identifier, masthead
from shared_schemas.report.presenting.catalogue import Words
from shared_schemas.report.presenting.formats import Formats
from shared_schemas.report.presenting.telling import Telling
from shared_schemas.words import IdentifierKind, Verdict

TAIL: Final = 4
"""Characters of the number that a badge shows: enough to hold beside the car, too few to look it up by."""
_STAMPED: Final = frozenset({IdentifierKind.VIN, IdentifierKind.FRAME})


@dataclass(frozen=True, slots=True)
class BadgeWords:
    """`title` says what it is, `said` what it says, `facts` of which day and which car."""

    brand: str
    title: str
    said: str
    facts: str


def may_be_on_a_badge(report: Report) -> bool:
    """Whether a badge tells of it: of nothing that could accuse a car, and of no car without a number on it."""
    decision = report.decision
    is_clean = decision is not None and decision.verdict is Verdict.CLEAN
    return is_clean and report.claim.identifier_kind in _STAMPED and len(report.claim.identifier) > TAIL


def badge(report: Report, language: ReportLanguage, zone: tzinfo, *, checked_at: datetime) -> BadgeWords:
    """What the badge says of a report that may be on one. No name, plate or place is in it.

    `checked_at` is when the car was looked at, which no later version of the answer makes younger.
    """
    words = Words(language, Reader.BUYER)
    formats = Formats(words, zone, report.made_at)
    telling = Telling(report, words, formats, Reader.BUYER, Scope(), is_shared=True)
    head, number = masthead(telling), identifier(telling)
    day = words.say("badge.checked", day=formats.day_of(checked_at))
    return BadgeWords(
        words.say("badge.brand"),
        head.title,
        head.verdict_title,
        f"{day} · {number.label} …{report.claim.identifier[-TAIL:]}",
    )


def badge_of_nothing(language: ReportLanguage) -> BadgeWords:
    """What a badge says that tells of no report, whatever the reason is: nothing for or against a car."""
    words = Words(language, Reader.BUYER)
    title, said, facts = (words.legal(f"badge.over.{part}") for part in ("title", "said", "facts"))
    return BadgeWords(words.say("badge.brand"), title, said, facts)
