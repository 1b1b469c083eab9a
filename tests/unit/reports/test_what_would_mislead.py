"""Sentences that would be wrong of a car, of a person or of us: each is said only where it is so."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final, get_args

import pytest

from shared_schemas.events.bpa_v1 import FindingSeverity
from shared_schemas.evidence import AnsweredShot, PlaceOnEvidence
from shared_schemas.records import CoverageState, Kind, Outcome
from shared_schemas.report.content import (
    Contradiction,
    Report,
    ReportBlock,
    ReportLanguage,
    Saying,
)
from shared_schemas.report.presented import (
    Disagreement,
    Facts,
    FindingCard,
    HistoryCard,
    Presented,
    Quoted,
    Reader,
    Steps,
    Tone,
)
from shared_schemas.report.presenting import present
from shared_schemas.report.presenting.catalogue import LEGAL, SAID
from shared_schemas.vin.claims import DoubtSeverity
from shared_schemas.words import Shot, ShotAnswer, Verdict
from tests.factories.reports import (
    BEGAN,
    MOSCOW,
    a_clock,
    a_decision,
    a_finding,
    a_history,
    a_photo,
    a_report,
    an_entry,
    an_id,
    covered,
)
from tests.unit.reports.reading import cards, ours, section

RU: Final = SAID["ru"]
LAW: Final = LEGAL["ru"]
THAT_LIFT: Final = (Kind.RECALL, Kind.PLEDGE, Kind.LEASING, Kind.WANTED, Kind.RESTRICTION, Kind.FINE)


def told(report: Report, reader: Reader = Reader.BUYER, **given: Any) -> Presented:
    return present(report, language="ru", zone=MOSCOW, reader=reader, **given)


def card_of(block: ReportBlock, reader: Reader = Reader.BUYER) -> HistoryCard:
    (card,) = cards(told(a_report(None, history=a_history([block])), reader))
    return card


def with_outcomes(kind: Kind, outcomes: Sequence[Outcome], **given: Any) -> ReportBlock:
    entries = tuple(
        an_entry(number, date(2020, 1, 9), outcome=outcome) for number, outcome in enumerate(outcomes)
    )
    coverage = (covered("gibdd", CoverageState.DATA, count=len(entries)),)
    stated: dict[str, Any] = {"coverage": coverage, "count": len(entries), "entries": entries}
    return ReportBlock(kind=kind, **stated | given)


def facts_of(read: Presented, name: str, title: str) -> tuple[str, ...]:
    found = section(read, name)
    blocks = found.blocks if found else ()
    return tuple(
        fact.label
        for block in blocks
        if isinstance(block, Facts) and block.title == title
        for fact in block.facts
    )


# Records that are over.


@pytest.mark.parametrize("reader", list(Reader))
@pytest.mark.parametrize("kind", THAT_LIFT)
def test_nobody_is_told_to_beware_of_what_is_over(kind: Kind, reader: Reader) -> None:
    card = card_of(with_outcomes(kind, [Outcome.ENDED, Outcome.ENDED]), reader)
    assert card.advice == LAW[f"kind.over.{reader}"]
    assert card.tone is Tone.PLAIN


@pytest.mark.parametrize("kind", THAT_LIFT)
@pytest.mark.parametrize("standing", [Outcome.ACTIVE, Outcome.NONE])
def test_one_record_that_is_not_over_is_enough_to_beware(kind: Kind, standing: Outcome) -> None:
    card = card_of(with_outcomes(kind, [Outcome.ENDED, standing]))
    assert card.advice == LAW[f"kind.{kind}.advice.buyer"]
    assert card.tone is Tone.WARN


@pytest.mark.parametrize(
    "given",
    [
        {"count": 2},
        {"coverage": (covered("gibdd", CoverageState.DATA, count=1, reason="records_left_out"),)},
        {"coverage": (covered("avtocod", CoverageState.DATA, count=0),)},
    ],
    ids=["not listed", "not read", "of another source"],
)
def test_what_is_not_listed_may_not_be_over(given: dict[str, Any]) -> None:
    card = card_of(with_outcomes(Kind.PLEDGE, [Outcome.ENDED], **given))
    assert card.advice == LAW["kind.pledge.advice.buyer"]


@pytest.mark.parametrize("kind", [Kind.ACCIDENT, Kind.COMMERCIAL_USE, Kind.SCRAPPING])
def test_a_crash_stays_a_crash(kind: Kind) -> None:
    assert card_of(with_outcomes(kind, [Outcome.ENDED])).advice == LAW[f"kind.{kind}.advice.buyer"]


# Findings that are about no marking.

ON_THE_ODOMETER: Final = (PlaceOnEvidence(evidence_id=an_id("photo 6")),)


def the_card(report: Report, reader: Reader = Reader.BUYER) -> FindingCard:
    found = section(told(report, reader), "found")
    assert found is not None
    (card,) = (block for block in found.blocks if isinstance(block, FindingCard))
    return card


@pytest.mark.parametrize("places", [(), ON_THE_ODOMETER], ids=["a record", "the odometer"])
@pytest.mark.parametrize("reader", list(Reader))
@pytest.mark.parametrize("severity", list(FindingSeverity))
def test_a_finding_of_no_marking_is_told_as_none(
    severity: FindingSeverity, reader: Reader, places: tuple[PlaceOnEvidence, ...]
) -> None:
    finding = a_finding(0, severity, "Пробег", places=places, record_ref="record-0")
    card = the_card(a_report(a_decision(Verdict.DOUBTS, [finding])), reader)
    assert card.meaning == LAW[f"finding.{severity}.record.meaning.{reader}"]
    for text in filter(None, (card.meaning, card.to_do)):
        assert isinstance(text, str)
        assert not any(word in text.lower() for word in ("маркировк", "завод", "мест", "кузов"))


def test_a_finding_on_a_marking_is_told_as_one() -> None:
    finding = a_finding(0, FindingSeverity.CONTRADICTION, "Знак набит поверх")
    card = the_card(a_report(a_decision(Verdict.DOUBTS, [finding])))
    assert card.meaning == LAW["finding.contradiction.meaning.buyer"]


@pytest.mark.parametrize("reader", list(Reader))
@pytest.mark.parametrize("verdict", [Verdict.DOUBTS, Verdict.FORGERY_SIGNS])
def test_a_verdict_speaks_of_photos_where_something_was_found_on_them(
    verdict: Verdict, reader: Reader
) -> None:
    seen = a_finding(0, FindingSeverity.ANOMALY, "Знак выше")
    good = a_finding(1, FindingSeverity.CONFIRMED, "Табличка заводская")
    by_record = a_finding(2, FindingSeverity.CONTRADICTION, "Пробег", places=(), record_ref="record-0")
    for findings, key in (((seen, good), "text"), ((good, by_record), "text.record"), ((), "text.record")):
        read = told(a_report(a_decision(verdict, findings)), reader)
        assert read.masthead.verdict_text == LAW[f"verdict.{verdict}.{key}.{reader}"]


def test_no_reason_speaks_of_the_factory() -> None:
    for language in get_args(ReportLanguage):
        reasons = [text for key, text in LEGAL[language].items() if key.startswith("reason.")]
        assert reasons
        assert not any("завод" in text or "factory" in text for text in reasons)


# Words of the expert that are for who buys.


def worded(**given: Any) -> Report:
    finding = a_finding(
        0, FindingSeverity.ANOMALY, "Знак выше", meaning="OWN-MEANING", to_do="OWN-STEP", **given
    )
    return a_report(a_decision(Verdict.DOUBTS, [finding]))


def test_own_words_of_a_finding_are_for_who_buys() -> None:
    for reader in (Reader.BUYER, Reader.PARTNER):
        card = the_card(worded(), reader)
        assert (card.meaning, card.to_do) == (Quoted(words="OWN-MEANING"), Quoted(words="OWN-STEP"))
    assert "OWN-" not in told(worded(), Reader.SELLER).model_dump_json()


@pytest.mark.parametrize("reader", list(Reader))
def test_a_finding_that_is_explained_needs_no_step(reader: Reader) -> None:
    card = the_card(worded(explanation="Меняли стекло"), reader)
    assert card.meaning == LAW[f"finding.explained.meaning.{reader}"]
    assert card.to_do is None


def test_what_changed_gives_a_seller_no_words_for_who_buys() -> None:
    before = a_report(a_decision(Verdict.DOUBTS, [a_finding(0, FindingSeverity.ANOMALY, "Знак выше")]))
    read = told(worded(), Reader.SELLER, previous=before)
    changed = section(read, "changes")
    assert changed is not None
    assert "OWN-" not in changed.model_dump_json()
    assert RU["changes.not_shown"] in ours(changed)
    assert "OWN-MEANING" in told(worded(), previous=before).model_dump_json()


# Photos that are there, and disagreements.


def test_a_place_that_was_photographed_is_not_listed_as_missing() -> None:
    answers = tuple(
        AnsweredShot(shot=shot, answer=ShotAnswer.UNREADABLE) for shot in (Shot.VIN_STAMPED, Shot.VIN_PLATE)
    )
    report = a_report(a_decision(Verdict.DOUBTS), photos=[a_photo(0)], shot_answers=answers)
    read = told(report)
    assert facts_of(read, "seen", RU["seen.answers"]) == (RU["shot.vin_plate"],)
    assert facts_of(read, "seen", RU["seen.answers_beside"]) == (RU["shot.vin_stamped"],)
    assert facts_of(read, "not_covered", RU["not_covered.shots"]) == (RU["shot.vin_plate"],)


@pytest.mark.parametrize("severity", [DoubtSeverity.ANOMALY, DoubtSeverity.UNUSUAL])
@pytest.mark.parametrize(
    ("about", "group"),
    [
        *(("colour", "part"), ("engine", "part"), ("year", "year"), ("make", "make"), ("model", "make")),
        *(("fuel", "rest"), ("something_new", "rest")),
    ],
)
def test_each_disagreement_has_the_explanation_that_fits(
    about: str, group: str, severity: DoubtSeverity
) -> None:
    sayings = (Saying(said="one", by=("claim",)), Saying(said="other", by=("gibdd",)))
    one = Contradiction(about=about, severity=severity, sayings=sayings)
    found = section(told(a_report(None, contradictions=(one,))), "contradictions")
    assert found is not None
    (shown,) = (block for block in found.blocks if isinstance(block, Disagreement))
    assert shown.text == LAW[f"disagreement.about.{group}.buyer"]
    assert ("перекрасить" in shown.text) == (group == "part")


def test_no_disagreement_tells_honest_cars_from_others() -> None:
    for language in get_args(ReportLanguage):
        texts = [text for key, text in LEGAL[language].items() if key.startswith("disagreement.")]
        assert texts
        assert not any("честн" in text or "onest" in text for text in texts)


# The clock, and when records were gathered.


def test_the_time_of_an_answer_is_not_said_to_be_the_specialists() -> None:
    """It counts the queue, too."""
    clocks = [text for key, text in RU.items() if key.startswith(("clock.kept", "clock.late"))]
    assert clocks
    assert not any("пециалист" in text for text in clocks)
    assert not any("pecialist" in text for key, text in SAID["en"].items() if key.startswith("clock."))


def test_a_correction_without_a_dispute_has_no_clock() -> None:
    """That of the first answer is not its own."""
    later = BEGAN + timedelta(days=1)
    corrected = a_decision(Verdict.DOUBTS, version=2, decided_at=later)
    assert section(told(a_report(corrected)), "clock") is None
    of_the_dispute = a_clock(number=2, started_at=BEGAN + timedelta(hours=23), pauses=(), stopped_at=later)
    assert section(told(a_report(corrected, clock=of_the_dispute)), "clock") is not None
    assert section(told(a_report(a_decision(Verdict.DOUBTS))), "clock") is not None


@pytest.mark.parametrize(("minutes", "is_later"), [(59, False), (60, False), (61, True)])
def test_records_that_are_younger_than_the_verdict_are_said_to_be(minutes: int, is_later: bool) -> None:
    decision = a_decision(Verdict.DOUBTS)
    history = a_history((), asked_at=decision.decided_at + timedelta(minutes=minutes))
    found = section(told(a_report(decision, history=history)), "history")
    assert found is not None
    assert (RU["history.later"] in ours(found)) == is_later


# What nobody does.


@pytest.mark.parametrize("verdict", [Verdict.DOUBTS, Verdict.INSUFFICIENT_DATA])
def test_whoever_has_more_to_show_is_told_to_object(verdict: Verdict) -> None:
    """After an answer photos reopen nothing: an objection does."""
    read = told(a_report(a_decision(verdict)))
    for name in ("now", "next"):
        found = section(read, name)
        assert found is not None
        (steps,) = (block for block in found.blocks if isinstance(block, Steps))
        assert any("озразите" in one for one in steps.steps if isinstance(one, str))


def test_nothing_is_to_be_sent_to_a_specialist_who_has_answered() -> None:
    words = ("специалисту", "проверка продолжится", "сюда же", "эту же", "к заявке", "уточнит ответ")
    for key, text in LAW.items():
        assert not any(word in text for word in words), key


# Russian.


@pytest.mark.parametrize("state", [CoverageState.FAILED, CoverageState.DECLINED])
def test_a_source_that_gives_no_reason_is_said_to_give_none(state: CoverageState) -> None:
    coverage = (covered("gibdd", state),)
    block = ReportBlock(kind=Kind.DESCRIPTION, coverage=coverage, count=0)
    read = told(a_report(None, history=a_history([block])))
    assert any("источник не назвал причину" in text for text in ours(read))
    found = section(read, "not_covered")
    assert found is not None
    assert any(text.endswith("Неизвестно: описание.") for text in ours(found))


def test_records_are_told_in_words_that_go_together() -> None:
    description = ReportBlock(
        kind=Kind.DESCRIPTION, coverage=(covered("gibdd", CoverageState.EMPTY),), count=0
    )
    assert "записей с описанием машины у этого источника нет" in card_of(description).standing[0]
    pledge = card_of(with_outcomes(Kind.PLEDGE, [Outcome.ENDED]))
    auction = card_of(with_outcomes(Kind.AUCTION, [Outcome.SOLD]))
    assert (pledge.rows[0].what, auction.rows[0].what) == ("Залог, уже в прошлом", "Торги, машина продана")


def test_what_our_store_did_not_answer_is_not_said_to_be_unasked() -> None:
    away = ReportBlock(
        kind=Kind.AUCTION,
        coverage=(covered("ru_lots", CoverageState.NOT_COVERED, reason="store_away"),),
        count=0,
    )
    found = section(told(a_report(None, history=a_history([away]))), "history")
    assert found is not None
    assert any(text.startswith("Не проверено: торги.") for text in ours(found))
    assert not any("не спросили" in text for text in ours(found))
