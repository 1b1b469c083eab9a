"""Reports as tests and previews need them: usual ones, and those that are hard to lay out.

`EXAMPLES` names them all. `python -m tests.factories.reports NAME [LANGUAGE [READER]]` writes one as it is
presented, as JSON; without a name it lists them.
"""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from shared_schemas.clock import Clock, Pause, PauseCause
from shared_schemas.events.bpa_v1 import DecisionView, ExpertRef, FindingSeverity, FindingView
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.evidence import AnsweredShot, PlaceOnEvidence, Region
from shared_schemas.records import CoverageState, FallKind, Kind, MileageQuality, Outcome, Precision
from shared_schemas.report.content import (
    AuthorRole,
    Contradiction,
    MileageFall,
    ReadMileage,
    RecallInRange,
    Report,
    ReportBlock,
    ReportEntry,
    ReportHistory,
    ReportKind,
    ReportLanguage,
    ReportPhoto,
    Saying,
    Silence,
    SourceCoverage,
    SourceTitle,
)
from shared_schemas.report.presented import Reader
from shared_schemas.report.presenting import present
from shared_schemas.vin.claims import DoubtSeverity
from shared_schemas.words import CapturedAtSource, IdentifierKind, Shot, ShotAnswer, Verdict

MOSCOW: Final = ZoneInfo("Europe/Moscow")
_NAMES: Final = UUID("9d0b2f5e-6f0a-4b57-9c7e-2b0d9a3f1c11")
BEGAN: Final = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
VIN: Final = "XTA21099043576182"
TITLES: Final = (
    SourceTitle(name="gibdd", title="ГИБДД"),
    SourceTitle(name="avtocod", title="Автокод"),
    SourceTitle(name="rdw", title="RDW Open Data"),
    SourceTitle(name="histovec", title="HistoVec"),
    SourceTitle(name="recalls_uk", title="UK vehicle recalls"),
    SourceTitle(name="ru_lots", title="Лоты торгов по банкротству"),
)
SHOTS: Final = (
    *(Shot.VIN_STAMPED, Shot.VIN_PLATE, Shot.DOOR_STICKER, Shot.WINDSHIELD_VIN, Shot.ENGINE_NUMBER),
    *(Shot.GLASS_MARKS, Shot.ODOMETER, Shot.FRONT, Shot.REAR, Shot.DOCUMENTS),
)
LONG_WORD: Final = "Kraftfahrzeughaftpflichtversicherungsbescheinigungsnummernaufkleber" * 3
HTML: Final = '<img src=x onerror="alert(1)"><script>alert(2)</script> & </section> &lt;b&gt;'
TYPST: Final = (
    '#import "@preview/evil:1.0.0": * #panic("no") $x^2$ *жирный* _курсив_ `raw` '
    "#set page(width: 1pt) @ref <label> \\"
)
ARABIC: Final = "رقم الهيكل \u200fXTA21099043576182\u200f غير متطابق مع الأوراق"
HEBREW: Final = "מספר השלדה (XTA21099043576182) הוחלף, שנת 2004"


def an_id(name: object) -> UUID:
    """The same id for the same name, so that examples stay as they are."""
    return uuid5(_NAMES, str(name))


def a_photo(number: int, shot: Shot = Shot.VIN_STAMPED, **given: Any) -> ReportPhoto:
    stated: dict[str, Any] = {
        "evidence_id": an_id(f"photo {number}"),
        "shot": shot,
        "sha256": f"{number:064x}",
        "width": 4000,
        "height": 3000,
        "captured_at": BEGAN - timedelta(minutes=15) + timedelta(seconds=20 * number),
        "captured_at_source": CapturedAtSource.EXIF,
        "received_at": BEGAN - timedelta(minutes=2) + timedelta(seconds=number),
    }
    return ReportPhoto(**stated | given)


def photos(count: int) -> tuple[ReportPhoto, ...]:
    """Of all shots in turn, and dated in every way that there is."""
    ways = list(CapturedAtSource)
    return tuple(
        a_photo(
            number,
            SHOTS[number % len(SHOTS)],
            captured_at_source=ways[number % len(ways)] if number % 5 == 4 else CapturedAtSource.EXIF,
            **({"captured_at": None} if number % 20 == 19 else {}),
        )
        for number in range(count)
    )


def a_finding(number: int, severity: FindingSeverity, text: str, **given: Any) -> FindingView:
    """On a part of a photo."""
    region = Region(x=0.2, y=0.3, width=0.4, height=0.2)
    places = (PlaceOnEvidence(evidence_id=an_id(f"photo {number}"), region=region),)
    stated: dict[str, Any] = {
        "finding_id": an_id(f"finding {number}"),
        "severity": severity,
        "text": text,
        "places": places,
    }
    return FindingView(**stated | given)


def a_decision(verdict: Verdict, findings: Sequence[FindingView] = (), **given: Any) -> DecisionView:
    stated: dict[str, Any] = {
        "version": 1,
        "verdict": verdict,
        "summary": "Номер на кузове набит неровно, седьмой и восьмой знаки другого шрифта.",
        "advice": None,
        "findings": tuple(findings),
        "not_covered": (),
        "expert": ExpertRef(expert_id=an_id("expert"), display_name="Анна Смирнова"),
        "decided_at": BEGAN + timedelta(minutes=19),
    }
    return DecisionView(**stated | given)


def a_claim(**given: Any) -> VehicleClaim:
    stated: dict[str, Any] = {
        "identifier_kind": IdentifierKind.VIN,
        "identifier": VIN,
        "plate": "А123ВС77",
        "make": "Lada",
        "model": "21099",
        "year": 2004,
        "mileage_km": 98_000,
    }
    return VehicleClaim(**stated | given)


def a_clock(**given: Any) -> Clock:
    """Nineteen minutes by the wall, four of them waiting for the client."""
    stated: dict[str, Any] = {
        "started_at": BEGAN,
        "pauses": (
            Pause(
                ref=an_id("task"),
                cause=PauseCause.CLIENT_INFO,
                started_at=BEGAN + timedelta(minutes=6),
                ended_at=BEGAN + timedelta(minutes=10, seconds=12),
            ),
        ),
        "stopped_at": BEGAN + timedelta(minutes=19),
    }
    return Clock(**stated | given)


def covered(source: str, state: CoverageState, **given: Any) -> SourceCoverage:
    """By a source that was asked; `asked_at=None, as_of=…` is one whose files were looked at."""
    asked = state is not CoverageState.NOT_COVERED
    stated: dict[str, Any] = {"asked_at": BEGAN + timedelta(minutes=4) if asked else None}
    return SourceCoverage(source=source, state=state, **stated | given)


def an_entry(number: int, day: date | None, *, source: str = "gibdd", **given: Any) -> ReportEntry:
    stated: dict[str, Any] = {
        "began": day,
        "ended": None,
        "precision": Precision.DAY if day else Precision.NONE,
        "as_of": BEGAN,
    }
    return ReportEntry(id=f"record-{number}", source=source, **stated | given)


def a_history(blocks: Sequence[ReportBlock] = (), **given: Any) -> ReportHistory:
    """One block of each kind: those that are given, the others without a source."""
    known = {block.kind: block for block in blocks}
    told = tuple(known.get(kind) or ReportBlock(kind=kind, coverage=(), count=0) for kind in Kind)
    stated: dict[str, Any] = {"asked_at": BEGAN + timedelta(minutes=5), "sources": TITLES}
    return ReportHistory(blocks=told, **stated | given)


def a_report(decision: DecisionView | None, **given: Any) -> Report:
    """Of an inspection, with ten photos and a history; a decision of None makes it one of a vehicle."""
    version = decision.version if decision else 1
    is_inspection = decision is not None
    stated: dict[str, Any] = {
        "report_id": an_id(f"report {version}"),
        "kind": ReportKind.INSPECTION if is_inspection else ReportKind.VEHICLE,
        "inspection_id": an_id("inspection") if is_inspection else None,
        "number": "A-1000001",
        "version": version,
        "made_at": BEGAN + timedelta(minutes=19, seconds=3),
        "claim": a_claim(),
        "submitted_at": BEGAN if is_inspection else None,
        "decision": decision,
        "author_role": AuthorRole.EXPERT if is_inspection else None,
        "photos": photos(10) if is_inspection else (),
        "history": usual_history(),
        "clock": a_clock() if is_inspection else None,
    }
    return Report(**stated | given)


def usual_history() -> ReportHistory:
    """Three records of tests, no accident at one source, and one source that does not answer."""
    tests = tuple(
        an_entry(
            number,
            date(2019 + 2 * number, 3, 5),
            mileage_km=61_000 + 17_500 * number,
            mileage_quality=MileageQuality.ACTUAL,
            outcome=Outcome.PASSED,
            place="Москва",
        )
        for number in reversed(range(3))
    )
    late = {"reason": "time_out"}
    return a_history(
        (
            ReportBlock(
                kind=Kind.INSPECTION,
                coverage=(
                    covered("gibdd", CoverageState.DATA, count=3),
                    covered("avtocod", CoverageState.FAILED, **late),
                ),
                count=3,
                entries=tests,
            ),
            ReportBlock(
                kind=Kind.ACCIDENT,
                coverage=(
                    covered("gibdd", CoverageState.EMPTY),
                    covered("avtocod", CoverageState.FAILED, **late),
                ),
                count=0,
            ),
            ReportBlock(
                kind=Kind.PLEDGE,
                coverage=(covered("avtocod", CoverageState.FAILED, **late),),
                count=0,
            ),
            ReportBlock(
                kind=Kind.AUCTION,
                coverage=(
                    covered(
                        "ru_lots",
                        CoverageState.EMPTY,
                        asked_at=None,
                        as_of=BEGAN,
                        reason="partial_deliveries",
                    ),
                ),
                count=0,
            ),
        ),
        silences=(Silence(first_year=2005, last_year=2018),),
        mileages=tuple(
            ReadMileage(
                day=one.began or date(2019, 3, 5),
                precision=Precision.DAY,
                km=one.mileage_km or 0,
                source="gibdd",
            )
            for one in reversed(tests)
        ),
        owners=2,
    )


def every_state() -> ReportHistory:
    """Each of the 22 kinds, with each of the six states at some source, and each reason."""
    reasons = {
        CoverageState.FAILED: ("time_out", "status_404", "html_instead_of_data", "a_code_that_is_new", ""),
        CoverageState.NOT_COVERED: ("never_imported", "not_configured", "numbers_hidden", "placeholder", ""),
        CoverageState.DECLINED: ("",),
        CoverageState.RUNNING: ("waiting", ""),
        CoverageState.EMPTY: ("", "partial_deliveries"),
        CoverageState.DATA: ("", "records_without_count", "in_range", "judged_illogical"),
    }
    states = list(CoverageState)
    blocks: list[ReportBlock] = []
    for place, kind in enumerate(Kind):
        if kind is Kind.EQUIPMENT:
            continue  # no source is known to keep it
        found = [states[(place + step) % len(states)] for step in range(3)]
        coverage = tuple(
            covered(title.name, state, reason=reasons[state][place % len(reasons[state])], count=0)
            for title, state in zip(TITLES, found, strict=False)
        )
        entries = (
            (
                an_entry(
                    place,
                    date(2020, 1 + place % 12, 9),
                    source=TITLES[found.index(CoverageState.DATA)].name,
                    precision=list(Precision)[place % 5],
                ),
            )
            if CoverageState.DATA in found
            else ()
        )
        told = tuple(
            one.model_copy(update={"count": 1}) if one.state is CoverageState.DATA else one
            for one in coverage
        )
        blocks.append(ReportBlock(kind=kind, coverage=told, count=len(entries), entries=entries))
    return a_history(
        blocks,
        silences=(Silence(first_year=2008, last_year=2008), Silence(first_year=2011, last_year=2014)),
        mileages=(
            ReadMileage(day=date(2015, 6, 1), precision=Precision.MONTH, km=142_000, source="gibdd"),
            ReadMileage(day=date(2018, 1, 1), precision=Precision.YEAR, km=98_400, source="avtocod"),
            ReadMileage(day=date(2021, 5, 17), precision=Precision.DAY, km=110_000, source="gibdd"),
        ),
        falls=(
            MileageFall(
                kind=FallKind.ROLLBACK,
                km=43_600,
                before=ReadMileage(
                    day=date(2015, 6, 1), precision=Precision.MONTH, km=142_000, source="gibdd"
                ),
                after=ReadMileage(
                    day=date(2018, 1, 1), precision=Precision.YEAR, km=98_400, source="avtocod"
                ),
            ),
        ),
        owners=4,
        recalls=(
            RecallInRange(source="recalls_uk", text="Fuel hose may chafe", certain=True),
            RecallInRange(source="recalls_uk", text="Airbag inflator", certain=False),
        ),
    )


def clean() -> Report:
    """A usual good answer: two confirmations, and one finding that is explained."""
    findings = (
        a_finding(0, FindingSeverity.CONFIRMED, "Номер на кузове: шрифт, шаг и глубина знаков заводские."),
        a_finding(1, FindingSeverity.CONFIRMED, "Табличка заводская, заклёпки не тронуты."),
        a_finding(
            5,
            FindingSeverity.ANOMALY,
            "Лобовое стекло 2019 года, остальные 2004.",
            explanation="Стекло меняли: продавец прислал чек.",
        ),
    )
    summary = "Номер и таблички заводские, следов переделки не вижу."
    decision = a_decision(
        Verdict.CLEAN, findings, summary=summary, not_covered=("Номер двигателя закрыт защитой",)
    )
    return a_report(decision)


def one_finding() -> Report:
    """Signs of altered markings, by one contradiction."""
    finding = a_finding(
        0,
        FindingSeverity.CONTRADICTION,
        "Седьмой и восьмой знаки набиты поверх сточенных: вокруг них видны следы шлифовки.",
    )
    return a_report(
        a_decision(
            Verdict.FORGERY_SIGNS,
            (finding,),
            advice="Задаток не оставляйте. Спросите, меняли ли кузов.",
            not_covered=("Номер двигателя: место закрыто защитой",),
        ),
        worry="Цена сильно ниже рынка",
        shot_answers=(AnsweredShot(shot=Shot.SEAT_BELT_TAG, answer=ShotAnswer.NOT_FOUND),),
        contradictions=(
            Contradiction(
                about="year",
                severity=DoubtSeverity.CONTRADICTION,
                sayings=(Saying(said="2004", by=("claim", "gibdd")), Saying(said="2007", by=("vin",))),
            ),
            Contradiction(
                about="colour",
                severity=DoubtSeverity.UNUSUAL,
                sayings=(Saying(said="белый", by=("gibdd",)), Saying(said="серый", by=("avtocod",))),
            ),
        ),
    )


def forty_findings() -> Report:
    """All severities, explained or not, with words of the expert's own or without, on sixty photos."""
    severities = list(FindingSeverity)
    findings = [
        a_finding(
            number,
            severities[number % len(severities)],
            f"Находка {number}: {'знак стоит выше соседних, ' * (1 + number % 4)}снято при ярком свете.",
            meaning="Так бывает после ремонта." if number % 7 == 3 else None,
            to_do="Попросите заказ-наряд." if number % 6 == 2 else None,
            explanation="Объяснено документом." if number % 9 == 4 else None,
            record_ref="record-0" if number % 10 == 6 else None,
            rule_ref="ГОСТ 33990-2016" if number % 10 == 8 else None,
        )
        for number in range(40)
    ]
    named = tuple(f"Место {number}: снять не удалось" for number in range(1, 13))
    return a_report(a_decision(Verdict.DOUBTS, findings, not_covered=named), photos=photos(60))


def insufficient() -> Report:
    """Nothing can be said, and nothing was asked of sources."""
    decision = a_decision(
        Verdict.INSUFFICIENT_DATA,
        summary="На снимках номер не читается.",
        not_covered=("Номер на кузове", "Табличка"),
    )
    answers = (
        AnsweredShot(shot=Shot.VIN_STAMPED, answer=ShotAnswer.UNREADABLE),
        AnsweredShot(shot=Shot.DOCUMENTS, answer=ShotAnswer.NOT_ALLOWED),
    )
    return a_report(decision, photos=photos(2), shot_answers=answers, history=None)


def vehicle() -> Report:
    """What sources know of a car that nobody has looked at."""
    return a_report(None)


def all_states() -> Report:
    """Every state of coverage, in a report of a vehicle."""
    return a_report(None, history=every_state())


def long_words() -> Report:
    """Words without a place to break, in all places that somebody fills."""
    finding = a_finding(0, FindingSeverity.ANOMALY, LONG_WORD, meaning=LONG_WORD, to_do=LONG_WORD)
    return _worded(LONG_WORD, finding)


def right_to_left() -> Report:
    """Arabic and Hebrew words, with Latin numbers in them."""
    finding = a_finding(0, FindingSeverity.CONTRADICTION, HEBREW, meaning=ARABIC, explanation=HEBREW)
    return _worded(ARABIC, finding)


def html() -> Report:
    """HTML in all places that somebody fills."""
    return _worded(HTML, a_finding(0, FindingSeverity.UNUSUAL, HTML, meaning=HTML, to_do=HTML))


def typst() -> Report:
    """Code of the language that lays out the PDF, in the same places."""
    return _worded(TYPST, a_finding(0, FindingSeverity.UNUSUAL, TYPST, meaning=TYPST, to_do=TYPST))


def _worded(words: str, finding: FindingView) -> Report:
    decision = a_decision(
        Verdict.DOUBTS,
        (finding,),
        summary=words,
        advice=words,
        not_covered=(words,),
        expert=ExpertRef(expert_id=an_id("expert"), display_name=words[:120]),
    )
    block = ReportBlock(
        kind=Kind.ACCIDENT,
        coverage=(covered("gibdd", CoverageState.DATA, count=1),),
        count=1,
        entries=(an_entry(0, date(2020, 2, 29), text=words, place=words),),
    )
    contradiction = Contradiction(
        about="make",
        severity=DoubtSeverity.ANOMALY,
        sayings=(Saying(said=words, by=("claim",)), Saying(said="Lada", by=("gibdd", "avtocod"))),
    )
    return a_report(
        decision,
        claim=a_claim(make=words, model=words, plate=words, identifier=words, as_seen=True),
        worry=words,
        history=a_history((block,)),
        contradictions=(contradiction,),
    )


def amended() -> Report:
    """The second version of `one_finding`: explained by a paper, and by somebody else."""
    before = one_finding()
    assert before.decision is not None
    first = before.decision.findings[0]
    explained = first.model_copy(
        update={"explanation": "Кузов меняли в 2016 году, свидетельство ГИБДД приложено."}
    )
    confirmed = a_finding(1, FindingSeverity.CONFIRMED, "Табличка заводская.")
    decision = a_decision(
        Verdict.CLEAN,
        (explained, confirmed),
        version=2,
        summary="С учётом свидетельства о замене кузова вопросов к номеру не осталось.",
        reason="Покупатель прислал свидетельство о замене кузова.",
        expert=ExpertRef(expert_id=an_id("senior"), display_name="Пётр Иванов"),
        decided_at=BEGAN + timedelta(days=1),
    )
    return a_report(
        decision,
        author_role=AuthorRole.SENIOR,
        replaces=1,
        made_at=BEGAN + timedelta(days=1, minutes=1),
        photos=(*before.photos, a_photo(10, Shot.DOCUMENTS)),
        contradictions=before.contradictions,
        clock=a_clock(
            number=2,
            started_at=BEGAN + timedelta(hours=23),
            pauses=(),
            stopped_at=BEGAN + timedelta(days=1),
        ),
    )


EXAMPLES: Final[dict[str, Callable[[], Report]]] = {
    one.__name__: one
    for one in (
        *(clean, one_finding, forty_findings, insufficient, vehicle, all_states),
        *(long_words, right_to_left, html, typst, amended),
    )
}


def main(arguments: Sequence[str]) -> None:
    if not arguments:
        sys.stdout.write("\n".join(EXAMPLES) + "\n")
        return
    name, spoken, reader = (*arguments, *("ru", "buyer")[len(arguments) - 1 :])[:3]
    language: ReportLanguage = "en" if spoken == "en" else "ru"
    report = EXAMPLES[name]()
    previous = one_finding() if report.replaces else None
    told = present(report, language=language, reader=Reader(reader), zone=MOSCOW, previous=previous)
    sys.stdout.write(told.model_dump_json(indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
