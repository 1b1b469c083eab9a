"""A history of all that sources say: each block as it stands, and nothing that depends on how it came."""

from datetime import UTC, date, datetime
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bpa_service.vehicles.history.entries import entries_of, id_of
from bpa_service.vehicles.history.equipment import ADVERT, Fitted, View
from bpa_service.vehicles.history.names import followed_from, parted
from bpa_service.vehicles.history.telling import History, tell
from bpa_service.vehicles.history.timeline import Event, Silence
from bpa_service.vehicles.records.coverage import Coverage
from bpa_service.vehicles.records.kinds import Action
from bpa_service.vehicles.records.record import Identifier, IdentifierName, Record
from shared_schemas.records import CoverageState, Kind, Outcome
from tests.factories.vehicle_records import AS_OF, VIN, corrected, record

TODAY = date(2026, 11, 29)
OTHER = "XTA21144094700099"


def history(*records: Record, coverages: tuple[Coverage, ...] = ()) -> History:
    return tell(records, coverages, TODAY)


def test_the_newest_word_of_a_source_counts_and_what_it_took_back_does_not() -> None:
    stated, gone = record(year=2009), record(year=2008)
    newer = corrected(stated, year=2010)

    entries = entries_of([newer, stated, gone, corrected(gone, action=Action.WITHDRAW)])

    assert [one.year for one in entries] == [2010]
    assert id_of(newer) == id_of(stated)


def test_a_block_without_records_tells_how_it_stands_at_each_source() -> None:
    empty = Coverage("gibdd", Kind.ACCIDENT, CoverageState.EMPTY, as_of=AS_OF)
    failed = Coverage("avtocod", Kind.ACCIDENT, CoverageState.FAILED, asked_at=AS_OF, reason="time_out")

    blocks = {block.kind: block for block in history(coverages=(empty, failed, empty)).blocks}

    assert blocks[Kind.ACCIDENT].coverage == (failed, empty)
    assert blocks[Kind.ACCIDENT].entries == ()
    assert blocks[Kind.WANTED].coverage == ()
    assert list(blocks) == list(Kind)


def test_years_of_which_nobody_says_anything_are_shown() -> None:
    told = history(record(Kind.REGISTRATION, "2012-05-01", year=2009), record(day="2019-03-01")).timeline

    shown = [(one.first_year, one.last_year) if isinstance(one, Silence) else one.day.year for one in told]
    assert shown == [(2010, 2011), 2012, (2013, 2018), 2019, (2020, 2025)]


def test_the_end_of_what_a_record_tells_of_is_an_event_once_it_is_over() -> None:
    over = record(Kind.INSURANCE, "2024-01-01", ended=date(2024, 12, 31))
    lasting = record(Kind.INSURANCE, "2025-01-01", ended=date(2027, 1, 1))

    told = [one for one in history(over, lasting).timeline if isinstance(one, Event)]

    assert [(str(one.day), one.begins) for one in told] == [
        ("2024-01-01", True),
        ("2024-12-31", False),
        ("2025-01-01", True),
    ]


def owned(began: str, ended: str | None, **given: str) -> Record:
    return record(Kind.OWNERSHIP, began, ended=ended and date.fromisoformat(ended), **given)


def test_gaps_and_overlaps_of_owners_are_told_for_each_source() -> None:
    [gibdd, other] = history(
        owned("2010-01-01", "2012-01-01"),
        owned("2012-01-01", "2014-01-01"),  # handed over on a day: neither
        owned("2014-01-09", "2016-01-01"),  # in the time in which one may register: neither
        owned("2016-03-01", "2018-01-01"),
        owned("2017-12-01", None),
        owned("2010-01-01", "2012-01-01", source="histovec"),
    ).owners

    assert [(str(one.began), str(one.ended)) for one in gibdd.gaps] == [("2016-01-02", "2016-02-29")]
    assert [(str(one.began), str(one.ended)) for one in gibdd.overlaps] == [("2017-12-01", "2018-01-01")]
    assert (len(gibdd.periods), len(other.periods)) == (5, 1)
    assert not other.gaps


def test_a_period_whose_end_is_not_said_overlaps_nothing() -> None:
    [owners] = history(owned("2010-01-01", None), owned("2015-01-01", None)).owners

    assert not owners.overlaps
    assert not owners.gaps


def test_days_that_are_the_wrong_way_round_make_no_stretch_that_is() -> None:
    [owners] = history(owned("2010-01-01", "2015-01-01"), owned("2012-01-01", "2011-01-01")).owners

    assert [(str(one.began), str(one.ended)) for one in owners.overlaps] == [("2012-01-01", "2015-01-01")]


def test_equipment_is_yes_no_or_not_stated_for_each_view() -> None:
    listed = record(Kind.EQUIPMENT, codes=("vag.option:1AT", "vag.option:8T2"), source="avtocod")
    removed = record(Kind.EQUIPMENT, codes=("vag.option:1AT",), outcome=Outcome.ENDED, source="rdw")
    advert = View(ADVERT, {"vag.option:8T2": False})

    matrix = tell([listed, removed], [], TODAY, [advert]).equipment

    words = {one.code: [one.by_view[view] for view in ("avtocod", "rdw", ADVERT)] for one in matrix.options}
    assert words == {
        "vag.option:1AT": [Fitted.YES, Fitted.NO, Fitted.NOT_STATED],
        "vag.option:8T2": [Fitted.YES, Fitted.NOT_STATED, Fitted.NO],
    }
    assert all(one.is_disputed for one in matrix.options)


def named(name: IdentifierName, value: str) -> Identifier:
    return Identifier(name, value, "")


def test_names_that_records_state_are_followed_one_step() -> None:
    by_vin = record(plate="A123BC77", body="BODY12345", engine="ENGINE1", source_vehicle="42")
    by_plate = record(plate="A123BC77", vin="", body="OTHER999")

    followed = followed_from([named("vin", VIN)], [by_vin, by_plate])

    assert {one.name.name for one in followed} == {"plate", "body"}  # others may have the engine and the id
    assert all(one.stated_by == (by_vin,) for one in followed)


def test_a_plate_leads_to_the_vin_that_its_records_state() -> None:
    states_vin, nameless = record(plate="A1"), record(plate="A1", vin="", body="OTHER999")

    [vin] = followed_from([named("plate", "A1")], [states_vin, nameless])

    assert vin.name == named("vin", VIN)


def test_a_car_with_another_vin_under_the_same_plate_is_another_car() -> None:
    own, theirs, nameless = record(plate="A1"), record(vin=OTHER, plate="A1"), record(vin="", plate="A1")

    found = parted([named("vin", VIN), named("plate", "A1")], [own, theirs, nameless])

    assert (found.own, found.of_others) == ([own, nameless], [theirs])


def test_of_several_cars_under_one_plate_none_is_taken_for_the_one_that_is_meant() -> None:
    one, other, nameless = record(plate="A1"), record(vin=OTHER, plate="A1"), record(vin="", plate="A1")

    assert parted([named("plate", "A1")], [one, other, nameless]).own == [nameless]
    assert parted([named("plate", "A1")], [one, nameless]).own == [one, nameless]


def findings(of: History) -> set[str]:
    """Everything that is told as doubtful, in a form that can be compared."""
    return {
        *(f"{fall.kind} {id_of(fall.higher)} {id_of(fall.lower)}" for fall in of.mileages.falls),
        *(f"{one.name} {one.severity}" for one in of.aspects if one.severity),
        *(f"{one.source} {gap}" for one in of.owners for gap in (*one.gaps, *one.overlaps)),
    }


days = st.dates(date(2005, 1, 1), date(2026, 1, 1)).map(date.isoformat)


def read_on(day: str, km: int) -> Record:
    return record(day=day, km=km)


def described(day: str, make: str, colour: str) -> Record:
    return record(Kind.DESCRIPTION, day, make=make, colour=colour)


random_records = st.lists(
    st.one_of(
        st.builds(read_on, days, st.integers(1, 400_000)),
        st.builds(
            described, days, st.sampled_from(["LADA", "BMW"]), st.sampled_from(["red", "белый", "noir"])
        ),
        st.builds(owned, days, days),
    ),
    max_size=15,
)


@given(random_records, st.lists(st.integers(0, 14), max_size=5), st.randoms())
def test_neither_order_nor_repetition_changes_a_history(
    records: list[Record], again: list[int], random: Random
) -> None:
    repeated = [*records, *(records[place] for place in again if place < len(records))]
    random.shuffle(repeated)

    assert history(*repeated) == history(*records)


@given(random_records, days)
def test_a_record_of_something_else_takes_no_finding_away(records: list[Record], day: str) -> None:
    unrelated = record(Kind.FINE, day, source="avtocod", text="parked where nobody may")

    assert findings(history(*records)) <= findings(history(*records, unrelated))


@given(random_records)
def test_every_record_stands_in_its_block_once(records: list[Record]) -> None:
    told = history(*records)

    assert sorted(id_of(one) for block in told.blocks for one in block.entries) == sorted(map(id_of, records))
    assert told.count == len(records)


def test_the_moment_of_asking_decides_between_two_words_of_one_age() -> None:
    first = record(year=2009, asked_at=datetime(2026, 11, 1, tzinfo=UTC))
    again = corrected(first, year=2010, asked_at=datetime(2026, 11, 2, tzinfo=UTC))
    again.as_of = first.as_of

    assert [one.year for one in entries_of([again, first])] == [2010]
