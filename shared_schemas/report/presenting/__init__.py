"""Words for a report: what it says in a language, to a reader, within a scope.

Pure functions of the report. The promise that all of this is held to: no sentence says that there is nothing
where nobody looked or nobody answered (`tests/unit/reports/test_honesty.py`).
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import tzinfo
from functools import partial
from typing import Final

from shared_schemas.report.content import Report, ReportLanguage, digest_of
from shared_schemas.report.presented import Block, Labels, Presented, Reader, Scope, Section
from shared_schemas.report.presenting import answer
from shared_schemas.report.presenting.catalogue import Words
from shared_schemas.report.presenting.changing import changed
from shared_schemas.report.presenting.closing import about, to_do_next
from shared_schemas.report.presenting.differing import Changes, changes
from shared_schemas.report.presenting.disagreeing import contradictions
from shared_schemas.report.presenting.formats import Formats
from shared_schemas.report.presenting.found import found
from shared_schemas.report.presenting.history import history
from shared_schemas.report.presenting.reasons import ReasonCode, reason_of
from shared_schemas.report.presenting.seen import seen
from shared_schemas.report.presenting.shortening import fine_print, short
from shared_schemas.report.presenting.since import tell_since
from shared_schemas.report.presenting.telling import Telling
from shared_schemas.report.presenting.timing import clock
from shared_schemas.report.presenting.uncovered import not_covered

__all__ = ["WHOLE", "Changes", "ReasonCode", "changes", "present", "reason_of", "short", "tell_since"]

WHOLE: Final = Scope()
"""All of a report."""

Part = Callable[[Telling], Iterable[Block]]

_PARTS: Final[tuple[tuple[str, Part], ...]] = (
    ("verdict", answer.verdict),
    ("now", answer.now),
    ("found", found),
    ("seen", seen),
    ("contradictions", contradictions),
    ("history", history),
    ("not_covered", not_covered),
    ("next", to_do_next),
    ("clock", clock),
    ("about", about),
)


def present(
    report: Report,
    *,
    language: ReportLanguage,
    zone: tzinfo,
    reader: Reader = Reader.BUYER,
    scope: Scope = WHOLE,
    previous: Report | None = None,
    sha256: str | None = None,
    is_shared: bool = False,
) -> Presented:
    """The report as it is read. Times are told in `zone`; with `previous` it begins with what changed since.

    `sha256` is the digest that it was kept with; without it, that of the report as it is here.
    `is_shared`: whoever reads it did not order it.
    """
    words = Words(language, reader)
    formats = Formats(words, zone, report.made_at)
    digest = sha256 or digest_of(report.body())
    telling = Telling(report, words, formats, reader, scope, digest, is_shared)
    parts: list[tuple[str, Part]] = [*_PARTS]
    if previous is not None:
        parts.insert(0, ("changes", partial(changed, previous=previous)))
    return Presented(
        language=language,
        reader=reader,
        scope=scope,
        report_id=report.report_id,
        version=report.version,
        made_at=report.made_at,
        masthead=answer.masthead(telling),
        labels=_labels(words),
        sections=tuple(_sections(telling, parts)),
        fine_print=fine_print(telling),
    )


def _sections(telling: Telling, parts: Iterable[tuple[str, Part]]) -> Iterator[Section]:
    for name, part in parts:
        if blocks := tuple(part(telling)):
            yield Section(id=name, title=_title(telling, name), blocks=blocks)


def _title(telling: Telling, name: str) -> str:
    """Of a section; where nobody has given a verdict, that is not called so."""
    is_called_otherwise = name == "verdict" and telling.report.decision is None
    return telling.words.say("section.records" if is_called_otherwise else f"section.{name}")


def _labels(words: Words) -> Labels:
    """The places in them are for who lays out, and are left as they stand."""
    number, page, pages = "{number}", "{page}", "{pages}"
    return Labels(
        contents=words.say("label.contents"),
        finding=words.say("label.finding", number=number),
        meaning=words.say_to_reader("label.meaning"),
        to_do=words.say("label.to_do"),
        explanation=words.say("label.explanation"),
        photo=words.say("label.photo", number=number),
        when=words.say("label.when"),
        what=words.say("label.what"),
        source=words.say("label.source"),
        page=words.say("label.page", page=page, pages=pages),
    )
