"""What a report says of a case and of what sources know of its car."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from bpa_service.experts.domain import Role
from bpa_service.reports.histories import MOST_CHARACTERS, history_of
from bpa_service.reports.making import CaseFacts, Known, report_of
from bpa_service.vehicles.history.entries import id_of
from bpa_service.vehicles.history.names import Followed
from bpa_service.vehicles.history.ranges import Fit, InRange
from bpa_service.vehicles.history.telling import tell
from bpa_service.vehicles.lookup.finding import Found
from bpa_service.vehicles.records.coverage import Coverage
from bpa_service.vehicles.records.record import Identifier, Record
from shared_schemas.clock import Clock
from shared_schemas.events.bpa_v1 import DecisionView, ExpertRef, FindingSeverity, FindingView
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.evidence import EvidenceRef, PlaceOnEvidence
from shared_schemas.records import CoverageState, FallKind, Kind, MileageQuality
from shared_schemas.report.content import MOST_ENTRIES, AuthorRole, Report, ReportHistory, digest_of
from shared_schemas.report.presented import Scope
from shared_schemas.report.presenting import present
from shared_schemas.vin.claims import DoubtSeverity
from shared_schemas.vin.learned import Learned
from shared_schemas.words import IdentifierKind, Shot, Verdict
from tests.factories.vehicle_records import AS_OF, VIN, record

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
ANNA = ExpertRef(expert_id=UUID(int=6), display_name="Anna K.")
CLAIM = VehicleClaim(identifier_kind=IdentifierKind.VIN, identifier=VIN, make="Lada", year=2009)


def found(*records: Record, coverages: tuple[Coverage, ...] = (), ranges: tuple[InRange, ...] = ()) -> Found:
    names = (Identifier("vin", VIN, ""),)
    history = tell(records, coverages, NOW.date())
    return Found(names=names, followed=(), history=history, in_ranges=ranges, of_others=(), is_cut=False)


def known(*records: Record) -> Known:
    return Known(found=found(*records), learned=Learned(), title=str.upper, at=NOW)


def photo(number: int, minutes: int = -10) -> EvidenceRef:
    return EvidenceRef(
        evidence_id=UUID(int=number),
        shot=Shot.VIN_PLATE,
        sha256="ab" * 32,
        media_type="image/jpeg",
        size_bytes=1,
        width=4000,
        height=3000,
        captured_at=None,
        received_at=NOW + timedelta(minutes=minutes),
    )


def case(*photos: EvidenceRef, claim: VehicleClaim = CLAIM, clocks: tuple[Clock, ...] = ()) -> CaseFacts:
    return CaseFacts(
        id=UUID(int=1),
        number="A-1",
        claim=claim,
        worry=None,
        submitted_at=NOW - timedelta(minutes=20),
        shot_answers=(),
        evidence=photos,
        clocks=clocks,
    )


def decision(*findings: FindingView) -> DecisionView:
    return DecisionView(
        version=1,
        verdict=Verdict.DOUBTS,
        summary="Doubts.",
        advice=None,
        findings=findings,
        not_covered=(),
        expert=ANNA,
        decided_at=NOW,
    )


def finding(*places: UUID, record_ref: str | None = None) -> FindingView:
    return FindingView(
        finding_id=UUID(int=7),
        severity=FindingSeverity.ANOMALY,
        text="Odd.",
        places=tuple(PlaceOnEvidence(evidence_id=one) for one in places),
        record_ref=record_ref,
    )


def made(facts: CaseFacts, said: DecisionView, of: Known, role: Role = Role.EXPERT) -> Report:
    return report_of(facts, said, role, of, report_id=UUID(int=2), replaces=None)


def history(
    *records: Record, coverages: tuple[Coverage, ...] = (), ranges: tuple[InRange, ...] = ()
) -> ReportHistory:
    return history_of(found(*records, coverages=coverages, ranges=ranges), str.upper, NOW)


Sayings = list[tuple[str, tuple[str, ...]]]


def contradictions(*records: Record, claim: VehicleClaim = CLAIM) -> dict[str, tuple[DoubtSeverity, Sayings]]:
    report = made(case(claim=claim), decision(), known(*records))
    return {
        one.about: (one.severity, [(said.said, said.by) for said in one.sayings])
        for one in report.contradictions
    }


def test_photos_of_before_the_answer_and_those_that_findings_name() -> None:
    early, late, named = photo(1), photo(2, 1), photo(3, 1)

    report = made(case(early, late, named), decision(finding(named.evidence_id)), known())

    assert [one.evidence_id for one in report.photos] == [early.evidence_id, named.evidence_id]


def test_the_clock_is_the_one_that_had_begun_when_the_answer_was_given() -> None:
    first = Clock(number=1, started_at=NOW - timedelta(minutes=20), stopped_at=NOW)
    of_dispute = Clock(number=2, started_at=NOW + timedelta(hours=1))

    assert made(case(clocks=(first, of_dispute)), decision(), known()).clock == first
    assert made(case(), decision(), known()).clock is None


def test_only_seniors_are_called_so() -> None:
    roles = {role: made(case(), decision(), known(), role).author_role for role in Role}

    assert {role for role, called in roles.items() if called is AuthorRole.SENIOR} == {Role.SENIOR}


def test_a_block_lists_the_newest_and_what_findings_name() -> None:
    records = [record(Kind.FINE, f"{1980 + number}") for number in range(MOST_ENTRIES + 5)]
    oldest = id_of(records[0])

    report = made(case(), decision(finding(record_ref=oldest)), known(*records))

    assert report.history is not None
    [block] = [one for one in report.history.blocks if one.kind is Kind.FINE]
    assert block.count == MOST_ENTRIES + 5
    listed = [one.began.year for one in block.entries if one.began]
    assert listed == [*range(1980 + MOST_ENTRIES + 4, 1984, -1), 1980]
    assert [one.id for one in block.entries][-1] == oldest


def test_coverage_is_told_source_by_source_as_it_is() -> None:
    stands = (
        Coverage("rdw", Kind.ACCIDENT, CoverageState.FAILED, asked_at=AS_OF, reason="time_out"),
        Coverage("gibdd", Kind.ACCIDENT, CoverageState.EMPTY, as_of=AS_OF),
    )

    told = history(coverages=stands)

    blocks = {block.kind: block for block in told.blocks}
    assert [(one.source, one.state, one.reason) for one in blocks[Kind.ACCIDENT].coverage] == [
        ("gibdd", CoverageState.EMPTY, ""),
        ("rdw", CoverageState.FAILED, "time_out"),
    ]
    assert blocks[Kind.WANTED].coverage == ()
    assert list(blocks) == list(Kind)
    assert [(one.name, one.title) for one in told.sources] == [("gibdd", "GIBDD"), ("rdw", "RDW")]


def test_a_mileage_that_cannot_be_compared_is_none() -> None:
    sentinel = record(day="2020-01-01", mileage_km=999_999, mileage_quality=MileageQuality.SENTINEL)

    told = history(sentinel, record(day="2021-01-01", km=90_000))

    [block] = [one for one in told.blocks if one.kind is Kind.INSPECTION]
    assert [one.mileage_km for one in block.entries] == [90_000, None]
    assert [(one.day, one.km) for one in told.mileages] == [(date(2021, 1, 1), 90_000)]


def test_falls_of_the_mileage_are_those_that_are_judged_to_be_some() -> None:
    """A year that may be before, a rounded figure and what may be miles are no rollbacks."""
    honest = history(record(day="2020-06-01", km=150_000), record(day="2020", km=141_000))
    rolled = history(record(day="2018-06-01", km=150_123), record(day="2020-06-01", km=90_456))
    miles = history(record(day="2018-06-01", km=150_123), record(day="2020-06-01", km=101_456))

    assert honest.falls == ()
    [fall] = rolled.falls
    assert (fall.kind, fall.km, fall.before, fall.after) == (FallKind.ROLLBACK, 59_667, *rolled.mileages)
    assert [one.kind for one in miles.falls] == [FallKind.PERHAPS_MILES]


def test_owners_are_the_most_that_one_source_counts() -> None:
    periods = [record(Kind.OWNERSHIP, f"20{year}-01-01", source="gibdd") for year in (10, 14)]
    stated = record(Kind.DESCRIPTION, "2020", source="rdw", attributes={"owners": "3"})

    assert history().owners is None
    assert history(*periods).owners == 2
    assert history(*periods, stated).owners == 3


def test_a_recall_of_a_range_says_whether_the_car_lies_in_it_for_certain() -> None:
    recall = record(Kind.RECALL, "2015", source="rosstandart", text="Airbag.", vin="")

    told = history(ranges=(InRange(recall, Fit.YES, ()), InRange(recall, Fit.MAY, ())))

    assert [(one.text, one.certain) for one in told.recalls] == [("Airbag.", True), ("Airbag.", False)]
    assert [one.name for one in told.sources] == ["rosstandart"]


def test_years_without_a_record_are_told() -> None:
    told = history(record(Kind.REGISTRATION, "2012-05-01", year=2011), record(day="2025-03-01"))

    assert [(one.first_year, one.last_year) for one in told.silences] == [(2013, 2024)]


def test_sources_that_say_another_colour_stand_beside_each_other() -> None:
    red, blue = record(colour="красный"), record(colour="синий", source="rdw")

    severity, sayings = contradictions(red, blue)["colour"]

    assert severity is DoubtSeverity.UNUSUAL
    assert sorted(sayings) == [("красный", ("gibdd",)), ("синий", ("rdw",))]
    assert "colour" not in contradictions(red, record(colour="Красный", source="rdw"))


def test_a_mileage_that_falls_names_both_readings_and_their_days() -> None:
    readings = [record(day=f"20{year}-05-01", km=km) for year, km in ((18, 120_345), (20, 20_456))]

    report = made(case(), decision(), known(*readings))

    [fall] = [one for one in report.contradictions if one.about == "mileage"]
    assert fall.severity is DoubtSeverity.ANOMALY
    assert [(one.said, one.on) for one in fall.sayings] == [
        ("120345", date(2018, 5, 1)),
        ("20456", date(2020, 5, 1)),
    ]


def test_a_claim_that_the_vin_speaks_against() -> None:
    told = contradictions(claim=CLAIM.model_copy(update={"make": "Mercedes"}))

    severity, sayings = told["make"]
    assert severity is DoubtSeverity.CONTRADICTION
    assert [by for _, by in sayings] == [("claim",), ("vin",)]
    assert contradictions() == {}


def test_a_wrong_check_digit_says_what_it_would_be() -> None:
    number = VehicleClaim(identifier_kind=IdentifierKind.VIN, identifier="1HGCM82633A004353")

    severity, sayings = contradictions(claim=number)["number"]

    assert severity is DoubtSeverity.ANOMALY
    assert sayings == [("1HGCM82633A004353", ("claim",)), ("1HGCM82653A004353", ("vin",))]


def test_what_follows_from_a_vin_of_records_names_their_source() -> None:
    """Who is shown no history is not shown it then."""
    wrong = "1HGCM82633A004353"
    followed = (Followed(Identifier("vin", wrong, ""), (record(vin=wrong), record(vin=wrong, source="rdw"))),)
    names = (Identifier("plate", "A123BC777", "RU"),)
    claim = VehicleClaim(
        identifier_kind=IdentifierKind.PLATE, identifier="A123BC777", make="Mercedes", year=2003
    )
    knows = known()
    by_plate = replace(knows, found=replace(knows.found, names=names, followed=followed))

    report = made(case(claim=claim), decision(), by_plate)

    told = {one.about: [(said.said, said.by) for said in one.sayings] for one in report.contradictions}
    assert told["number"][0] == (wrong, ("gibdd", "rdw"))
    assert [by for _, by in told["make"]] == [("claim",), ("vin", "gibdd", "rdw")]
    shown = present(report, language="en", zone=UTC, scope=Scope(history=False)).model_dump_json()
    assert wrong not in shown
    assert wrong in present(report, language="en", zone=UTC).model_dump_json()


def test_the_gravest_contradiction_comes_first() -> None:
    records = (record(colour="красный"), record(colour="синий", source="rdw"))
    wrong = CLAIM.model_copy(update={"make": "Mercedes"})

    report = made(case(claim=wrong), decision(), known(*records))

    assert [one.about for one in report.contradictions] == ["make", "colour"]


@given(
    texts=st.lists(st.text(alphabet=st.characters(), max_size=MOST_CHARACTERS * 2), max_size=4),
    amount=st.none() | st.floats(min_value=-(10**12), max_value=10**12),
)
def test_whatever_sources_write_it_is_kept_and_read_again_as_it_was(
    texts: list[str], amount: float | None
) -> None:
    records = [record(Kind.ADVERT, "2020", text=text, place=text[:200], amount=amount) for text in texts]

    body = made(case(), decision(), known(*records)).body()

    stored = json.loads(json.dumps(body))
    assert "\0" not in json.dumps(body)
    assert digest_of(stored) == digest_of(Report.model_validate(stored).body()) == digest_of(body)
    [block] = [one for one in body["history"]["blocks"] if one["kind"] == "advert"]
    assert all(len(one["text"]) <= MOST_CHARACTERS for one in block["entries"])


STATES = st.sampled_from(CoverageState)


@given(
    stands=st.lists(st.tuples(st.sampled_from(Kind), st.sampled_from(["gibdd", "rdw"]), STATES), max_size=20),
    days=st.lists(st.tuples(st.sampled_from(Kind), st.integers(1990, 2026)), max_size=60),
)
def test_no_block_says_more_or_less_than_the_history(
    stands: list[tuple[Kind, str, CoverageState]], days: list[tuple[Kind, int]]
) -> None:
    coverages = tuple(Coverage(source, kind, state) for kind, source, state in stands)
    records = [record(kind, str(year)) for kind, year in days]

    told = history(*records, coverages=coverages)

    for block in told.blocks:
        said = {(one.source, one.state) for one in block.coverage}
        assert said == {(source, state) for kind, source, state in stands if kind is block.kind}
        assert block.count == sum(kind is block.kind for kind, _ in days)
        assert len(block.entries) == min(block.count, MOST_ENTRIES)
