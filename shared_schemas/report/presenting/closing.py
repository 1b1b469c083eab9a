"""What to do before a deal, and what this document is: how to verify it, to show it, to object to it."""

from collections.abc import Iterator
from typing import Final

from shared_schemas.records import Kind
from shared_schemas.report.content import ReportKind
from shared_schemas.report.presented import Block, Fact, Facts, Paragraph, Reader, Steps
from shared_schemas.report.presenting import coverage
from shared_schemas.report.presenting.history import kinds
from shared_schemas.report.presenting.telling import Telling, nature
from shared_schemas.words import Verdict

AT_THE_POLICE: Final = (Kind.WANTED, Kind.RESTRICTION, Kind.ACCIDENT)
"""What anybody can look up at the traffic police."""


def to_do_next(telling: Telling) -> Iterator[Block]:
    """Steps before a deal: first of all what no source has answered and a reader can ask alone."""
    words = telling.words
    decision = telling.report.decision
    nobody = "nobody" if telling.report.kind is ReportKind.VEHICLE else "awaited"
    standing = decision.verdict if decision else nobody
    steps = [] if telling.reader is Reader.SELLER else [*_to_ask(telling)]
    # Who is told not to pay is not told how to.
    is_told_how_to_pay = (standing, telling.reader) != (Verdict.FORGERY_SIGNS, Reader.BUYER)
    last = [words.legal_to_reader("next.deal")] if is_told_how_to_pay else []
    yield Steps(steps=(words.legal_to_reader(f"next.{standing}"), *steps, *last))


def about(telling: Telling) -> Iterator[Block]:
    report, words, formats = telling.report, telling.words, telling.formats
    yield Paragraph(text=words.legal(f"about.{nature(report)}"))
    yield Paragraph(text=words.legal("about.limits"))
    yield Paragraph(text=words.say_to_reader("about.verify"))
    # A seller is told in any case what only who ordered may do.
    is_strangers = telling.is_shared and telling.reader is not Reader.SELLER
    yield Paragraph(text=words.say("about.shared") if is_strangers else words.say_to_reader("about.share"))
    if report.decision:
        yield Paragraph(
            text=words.say("about.shared_dispute") if is_strangers else words.say_to_reader("about.dispute")
        )
    yield Paragraph(text=words.legal("about.personal"))
    yield Paragraph(text=words.legal("about.lawyer"))
    facts = [
        Fact(label=words.say(f"about.number.{report.kind}"), value=report.number),
        Fact(label=words.say("about.version"), value=str(report.version)),
        *(
            [Fact(label=words.say("about.replaces"), value=str(report.replaces))]
            if report.replaces is not None
            else []
        ),
        Fact(label=words.say("about.made"), value=formats.moment_with_zone(report.made_at)),
        Fact(label=words.say("about.zone"), value=formats.zone_of(report.made_at)),
        Fact(label=words.say("about.digest"), value=telling.sha256),
    ]
    yield Facts(facts=tuple(facts))


def _to_ask(telling: Telling) -> Iterator[str]:
    """Questions to public registers that are not wholly answered here, the most costly first."""
    words, answered = telling.words, _answered(telling)
    if Kind.PLEDGE not in answered:
        yield words.say("next.ask.pledge")
    if at_the_police := [kind for kind in AT_THE_POLICE if kind not in answered]:
        yield words.say("next.ask.police", kinds=kinds(telling, at_the_police))
    if Kind.FINE not in answered:
        yield words.say("next.ask.fine")


def _answered(telling: Telling) -> set[Kind]:
    """Blocks of which every source that keeps them has said what it has, and not in part."""
    history = telling.report.history
    blocks = history.blocks if history else ()
    return {
        block.kind
        for block in blocks
        if block.coverage
        and all(one.state in coverage.KNOWN and one.reason != coverage.PARTIAL for one in block.coverage)
    }
