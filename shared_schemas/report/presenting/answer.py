"""Whose answer it is, what it says, and what to do at once."""

from collections.abc import Iterator
from typing import Final

from shared_schemas.events.bpa_v1 import FindingSeverity
from shared_schemas.report.content import AuthorRole, Report, ReportKind
from shared_schemas.report.presented import (
    Block,
    Fact,
    Facts,
    Masthead,
    Paragraph,
    Quotation,
    Quoted,
    Reader,
    Steps,
    Tone,
)
from shared_schemas.report.presenting.telling import (
    VERDICT_TONES,
    Telling,
    car_of,
    is_of_markings,
    mark_of,
    nature,
)
from shared_schemas.words import Verdict

MOST_STEPS: Final = 3
_OF_FINDINGS: Final = frozenset({Verdict.DOUBTS, Verdict.FORGERY_SIGNS})
_SPEAKS_FOR: Final = frozenset({"explained", FindingSeverity.CONFIRMED.value})


def masthead(telling: Telling) -> Masthead:
    """The head of the first page."""
    report, words = telling.report, telling.words
    decision = report.decision
    return Masthead(
        title=words.legal(f"title.{nature(report)}"),
        number=report.number,
        version=telling.version(),
        car=car_of(report),
        identifier=identifier(telling),
        verdict=decision.verdict if decision else None,
        verdict_title=verdict_title(telling),
        verdict_text=words.legal_to_reader(_text(report)),
        tone=tone(report),
        by=author(telling),
        on=telling.formats.moment_with_zone(decision.decided_at if decision else report.made_at),
    )


def verdict(telling: Telling) -> Iterator[Block]:
    """The verdict, which the head says in our words, in those of who gave it; and what kind of opinion it is."""
    report, words, formats = telling.report, telling.words, telling.formats
    decision = report.decision
    if decision and decision.summary:
        yield Quotation(quoted=Quoted(words=decision.summary, by=_role(telling)))
    by = author(telling)
    facts = [
        *([by] if by else []),
        *(
            [Fact(label=words.say("answer.on"), value=formats.moment_with_zone(decision.decided_at))]
            if decision
            else []
        ),
        *claimed(telling),
    ]
    yield Facts(facts=tuple(facts))
    yield Paragraph(text=words.legal(f"kind.{nature(report)}"))


def now(telling: Telling) -> Iterator[Block]:
    """What to do at once. What an expert advises is said to who ordered, and so not to the seller."""
    decision = telling.report.decision
    advice = decision.advice if decision and telling.reader is not Reader.SELLER else None
    prefix = f"now.{_standing(telling.report)}.{telling.reader}"
    steps = [telling.words.legal(f"{prefix}.{place}") for place in range(1, MOST_STEPS + 1)]
    said = [Quoted(words=advice, by=_role(telling))] if advice else []
    yield Steps(steps=(*said, *steps))


def tone(report: Report) -> Tone:
    return VERDICT_TONES[report.decision.verdict] if report.decision else Tone.INFO


def verdict_title(telling: Telling) -> str:
    return telling.words.legal(f"{_standing(telling.report)}.title")


def author(telling: Telling) -> Fact | None:
    """Whose word it is, by role and name."""
    decision = telling.report.decision
    if decision is None:
        return None
    return Fact(label=_role(telling), quoted=Quoted(words=decision.expert.display_name))


def identifier(telling: Telling) -> Fact:
    claim = telling.report.claim
    label = telling.words.say(f"identifier.{claim.identifier_kind}")
    return Fact(label=label, quoted=Quoted(words=claim.identifier))


def claimed(telling: Telling) -> Iterator[Fact]:
    """What the client says of the car."""
    words, claim = telling.words, telling.report.claim
    yield Fact(label=words.say("claim.car"), quoted=car_of(telling.report))
    yield identifier(telling)
    if claim.plate and claim.plate != claim.identifier:
        yield Fact(label=words.say("identifier.plate"), quoted=Quoted(words=claim.plate))
    if claim.mileage_km is not None:
        yield Fact(label=words.say("claim.mileage"), value=telling.formats.km(claim.mileage_km))


def _role(telling: Telling) -> str:
    return telling.words.legal(f"role.{telling.report.author_role or AuthorRole.EXPERT}")


def _text(report: Report) -> str:
    """The key of the verdict in a sentence, which speaks of photos only where something was found on them."""
    decision, key = report.decision, f"{_standing(report)}.text"
    if decision is None or decision.verdict not in _OF_FINDINGS:
        return key
    weighs = (one for one in decision.findings if mark_of(one) not in _SPEAKS_FOR)
    return key if any(is_of_markings(report, one) for one in weighs) else f"{key}.record"


def _standing(report: Report) -> str:
    """How it stands, as a key: the verdict, or that nobody has looked or answered."""
    if report.decision:
        return f"verdict.{report.decision.verdict}"
    return "verdict.nobody" if report.kind is ReportKind.VEHICLE else "verdict.awaited"
