"""No report says that there is nothing where nobody looked or nobody answered: in neither language, to nobody.

A sentence is taken for a claim of absence by its words. Those of our catalogues that have such words are listed
here, each read by a person: a new one fails until it is read, too. One alone speaks of a source's records, and it
may stand only where that source has answered that it has none.
"""

import re
from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_schemas.records import CoverageState, Kind
from shared_schemas.report.content import Report, ReportBlock, ReportLanguage, SourceCoverage
from shared_schemas.report.presented import Facts, Reader, Scope, Tone
from shared_schemas.report.presenting import short
from shared_schemas.report.presenting.catalogue import LEGAL, SAID
from tests.factories import any_report, reports
from tests.unit.reports.reading import cards, compared, ours, section
from tests.unit.reports.ways import LANGUAGES, WAYS, Way, told

ABSENCE: Final = re.compile(
    r"\bнет\b|\bнету\b|\bбез\b|отсутств|не (?:найден|нашл|обнаруж|выявл|значит|был|оказалось|видно|числ)"
    r"|\bчист|\bни одн|\bничего\b|\bникто\b|\bникак|\bсвобод|в порядке"
    r"|\bno\b|\bnone\b|\bnothing\b|\bclean\b|\bclear\b|\bwithout\b|\bnobody\b|\bnot found\b|\bnever\b"
    r"|\bfree of\b",
    re.IGNORECASE,
)
OF_A_SOURCE: Final = "cover.empty"
"""The one sentence that says that nothing is on record."""
READ_BY_A_PERSON: Final = frozenset(
    {
        # What the photos show, of which a person gives an opinion.
        *("verdict.clean.title", "verdict.clean.text.buyer", "verdict.clean.text.seller"),
        *("verdict.clean.text.partner", "reason.C0-CLEAN", "reason.C1-ANOMALY", "reason.C2-CONTRADICTION"),
        *("reason.D0-DOUBTS", "found.nothing_apart", "answer.not_found"),
        # That nothing is known, or nobody has looked or answered.
        *("verdict.nobody.title", "verdict.nobody.text.buyer", "verdict.nobody.text.seller"),
        *("verdict.nobody.text.partner", "verdict.awaited.title", "verdict.awaited.text.partner"),
        *("verdict.insufficient_data.text.buyer", "verdict.insufficient_data.text.seller"),
        *("reason.H0-RECORDS", "reason.W0-AWAITED", "history.lead", "history.nobody"),
        *("silence", "silence.title"),
        *("now.verdict.insufficient_data.partner.2", "kind.opinion", "kind.records", "about.opinion"),
        *("fine_print.opinion", "fine_print.records"),
        # Of a test, that it is about nothing.
        *("title.test", "kind.test", "about.test", "fine_print.test"),
        # Of two answers, what the later one has and the earlier one had not, and what cannot be compared.
        *("since.same_findings", "since.no_records", "since.no_history", "since.records"),
        # Of a badge that is over, that it is about nothing, too.
        "badge.over.facts",
        # What to do, and whom it accuses: nobody.
        *("now.verdict.clean.seller.1", "now.verdict.doubts.buyer.1", "now.verdict.forgery_signs.buyer.1"),
        *("now.verdict.forgery_signs.seller.3", "now.verdict.insufficient_data.buyer.2"),
        *("now.verdict.insufficient_data.buyer.3", "now.verdict.insufficient_data.seller.2"),
        "now.verdict.insufficient_data.seller.3",
        *("verdict.doubts.text.seller", "verdict.doubts.text.record.seller"),
        "verdict.forgery_signs.text.seller",
    }
)
KNOWN: Final = frozenset({CoverageState.DATA, CoverageState.EMPTY})


def texts(language: ReportLanguage) -> dict[str, str]:
    return {**SAID[language], **LEGAL[language]}


def is_read(text: str, language: ReportLanguage) -> bool:
    """Whether it is one of the sentences that a person has read."""
    return any(_pattern(texts(language)[key]).fullmatch(text) for key in READ_BY_A_PERSON)


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{\w+\}", template)
    return re.compile(".+".join(map(re.escape, parts)), re.DOTALL)


def shown_blocks(report: Report) -> list[ReportBlock]:
    """Those that have a card: of which there is more to say than that nobody was asked."""
    blocks = report.history.blocks if report.history else ()
    return [
        block
        for block in blocks
        if block.count or block.entries or {one.state for one in block.coverage} - {CoverageState.NOT_COVERED}
    ]


def every_coverage(report: Report) -> Iterator[tuple[Kind, SourceCoverage]]:
    for block in report.history.blocks if report.history else ():
        yield from ((block.kind, one) for one in block.coverage)


def name_of(kind: Kind, language: ReportLanguage) -> str:
    return SAID[language][f"kind.{kind}"].lower()


def title_of(source: str) -> str:
    return any_report.TITLES[source]


def test_each_text_that_sounds_like_absence_was_read_by_a_person() -> None:
    found = {key for language in LANGUAGES for key, text in texts(language).items() if ABSENCE.search(text)}
    assert found == READ_BY_A_PERSON | {OF_A_SOURCE}


@given(any_report.reports(), WAYS)
def test_a_card_claims_absence_of_sources_that_answered_so_and_of_no_others(report: Report, way: Way) -> None:
    if not way[2].history:
        return
    shown = cards(told(report, way))
    blocks = shown_blocks(report)
    assert len(shown) == len(blocks)
    for card, block in zip(shown, blocks, strict=True):
        assert card.tone is not Tone.GOOD
        assert len(card.standing) == len(block.coverage)
        for line, one in zip(card.standing, block.coverage, strict=True):
            assert bool(ABSENCE.search(line)) == (one.state is CoverageState.EMPTY), line
            assert {title for title in any_report.TITLES.values() if title in line} == {title_of(one.source)}
        rest = card.model_copy(update={"standing": ()})
        assert not any(ABSENCE.search(text) for text in ours(rest))


@given(any_report.reports(), WAYS)
def test_no_other_sentence_claims_absence(report: Report, way: Way) -> None:
    read = told(report, way)
    of_cards = {line for card in cards(read) for line in card.standing}
    for text in ours(read):
        if text not in of_cards and ABSENCE.search(text):
            assert is_read(text, way[0]), text


@given(any_report.reports(), any_report.reports(), WAYS)
def test_what_changed_claims_absence_only_where_it_was_answered(old: Report, new: Report, way: Way) -> None:
    if not way[2].history:
        return
    for row in compared(told(new, way, previous=old)):
        for cells, report in ((row.before, old), (row.after, new)):
            for text in (cell for cell in cells if isinstance(cell, str) and ABSENCE.search(cell)):
                empty = {
                    title_of(one.source)
                    for kind, one in every_coverage(report)
                    if one.state is CoverageState.EMPTY and name_of(kind, way[0]) == row.what.lower()
                }
                assert is_read(text, way[0]) or any(title in text for title in empty), text


@given(any_report.reports(), WAYS)
def test_every_source_that_did_not_say_what_it_has_is_named_with_what_is_not_known(
    report: Report, way: Way
) -> None:
    left = section(told(report, way), "not_covered")
    assert left is not None
    by_source = SAID[way[0]]["not_covered.by_source"]
    named = {
        fact.label: fact.value
        for block in left.blocks
        if isinstance(block, Facts) and block.title == by_source
        for fact in block.facts
    }
    unknown = [(kind, one) for kind, one in every_coverage(report) if one.state not in KNOWN]
    assert set(named) == {title_of(one.source) for _, one in unknown}
    for kind, one in unknown:
        assert name_of(kind, way[0]) in named[title_of(one.source)].lower()


@given(any_report.reports(), WAYS)
def test_what_an_expert_did_not_see_is_always_there(report: Report, way: Way) -> None:
    left = section(told(report, way), "not_covered")
    assert left is not None
    for words in report.decision.not_covered if report.decision else ():
        assert words in left.model_dump_json()


@given(any_report.reports(), st.sampled_from(LANGUAGES))
def test_the_page_for_a_credit_file_claims_no_absence_and_counts_what_it_leaves_out(
    report: Report, language: ReportLanguage
) -> None:
    page = short(report, language=language, zone=reports.MOSCOW)
    assert all(is_read(text, language) for text in ours(page) if ABSENCE.search(text))
    named = len(report.decision.not_covered) if report.decision else 0
    groups = {(one.source, one.state) for _, one in every_coverage(report) if one.state not in KNOWN}
    of_sources = len(groups) if report.history else 1
    left = named + of_sources - len(page.not_covered.points)
    assert bool(page.more) == (left > 0)
    assert not left or str(left) in page.more


@given(any_report.reports(), WAYS)
def test_kinds_that_no_source_keeps_are_said_to_be_neither_good_nor_bad(report: Report, way: Way) -> None:
    if report.history is None:
        return
    covered = {block.kind for block in report.history.blocks if block.coverage or block.count}
    parts = filter(None, (section(told(report, way), name) for name in ("history", "not_covered")))
    lines = [
        text
        for part in parts
        for text in ours(part)
        if _pattern(texts(way[0])["history.nobody"]).fullmatch(text)
    ]
    assert len(lines) == bool(set(Kind) - covered)
    for kind in Kind:
        names = re.split(", |: |[.] ", lines[0].lower()) if lines else []
        assert (name_of(kind, way[0]) in names) == (kind not in covered)


@pytest.mark.parametrize("language", LANGUAGES)
def test_silence_of_years_is_a_gap_and_not_peace(language: ReportLanguage) -> None:
    found = section(told(reports.one_finding(), (language, Reader.BUYER, Scope())), "history")
    assert found is not None
    (gap,) = (text for text in ours(found) if text.startswith("2005–2018"))
    assert gap.startswith({"ru": "2005–2018: пробел.", "en": "2005–2018: a gap."}[language])
