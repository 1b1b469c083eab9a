"""Days and moments as sources write them."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpa_service.vehicles.mappings.converters.base import NOTHING, Context, Read
from bpa_service.vehicles.mappings.converters.dates import Date, Day

AS_OF = date(2026, 11, 29)


def read(text: object, *, zone: str = "", columns: int = 1, **told: object) -> Read:
    context = Context(ZoneInfo(zone) if zone else None, "", "", AS_OF, NOTHING)
    return Date.model_validate(
        {"from": "day" if columns == 1 else ["day"] * columns, "as": "date", **told}
    ).converter("began", context)(text)


def marks(one: Read) -> tuple[str, ...]:
    return one.note.marks if one.note else ()


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2022-03-04", date(2022, 3, 4), "day"),
        ("2013.11.03", date(2013, 11, 3), "day"),
        ("04.03.2022", date(2022, 3, 4), "day"),
        ("26/06/2006", date(2006, 6, 26), "day"),
        ("26/06/98", date(1998, 6, 26), "day"),
        ("26/06/26", date(2026, 6, 26), "day"),
        ("20260901", date(2026, 9, 1), "day"),
        ("15.05.2022 г.", date(2022, 5, 15), "day"),
        ("12 мая 2014 г.", date(2014, 5, 12), "day"),
        ("3 September 2014", date(2014, 9, 3), "day"),
        ("2014-05", date(2014, 5, 1), "month"),
        ("05.2014", date(2014, 5, 1), "month"),
        ("2014", date(2014, 1, 1), "year"),
        ("2018-05-20 00:00:00", date(2018, 5, 20), "day"),
        ("2017-06-17 22:14:41", date(2017, 6, 17), "time"),
        ("30.05.2015 18:15", date(2015, 5, 30), "time"),
    ],
)
def test_what_is_written(text: str, day: date, precision: str) -> None:
    assert read(text).values[:2] == (day, precision)
    assert marks(read(text)) == ()


def test_a_time_without_a_zone_is_no_moment() -> None:
    assert read("30.05.2015 18:15").values[2] is None


def test_a_time_in_the_sources_zone_is_a_moment() -> None:
    winter, summer = (read(f"2013.{day} 09:33:08", zone="Europe/London") for day in ("11.03", "07.03"))

    assert winter.values[2] == datetime(2013, 11, 3, 9, 33, 8, tzinfo=UTC)
    assert summer.values[2] == datetime(2013, 7, 3, 8, 33, 8, tzinfo=UTC)


def test_a_text_with_its_offset_keeps_its_own_day() -> None:
    sale = read("Thu Dec 18 2014 23:30:00 GMT-0800 (PST)")

    assert sale.values == (date(2014, 12, 18), "time", datetime(2014, 12, 19, 7, 30, tzinfo=UTC))


def test_midnight_is_a_day() -> None:
    assert read("26.07.2016T00:00:00.000+03:00").values == (date(2016, 7, 26), "day", None)
    assert read("26.07.2016T00:00:00.000+04:00", zone="Europe/Moscow").values == (
        date(2016, 7, 26),
        "day",
        None,
    )


def test_a_moment_in_utc_is_put_into_the_sources_zone() -> None:
    evening = read("2009-01-16T23:30:00.000Z", zone="Europe/Paris")

    assert evening.values == (date(2009, 1, 17), "time", datetime(2009, 1, 16, 23, 30, tzinfo=UTC))
    assert read("2009-01-16T23:00:00.000Z", zone="Europe/Paris").values == (date(2009, 1, 17), "day", None)
    assert read("2009-01-16T23:30:00.000Z").values[0] == date(2009, 1, 16)


def test_a_text_that_is_known_to_be_in_utc() -> None:
    assert read("2008-06-26 22:00:00", zone="Europe/Paris", written_in="UTC").values[0] == date(2008, 6, 27)


@pytest.mark.parametrize("text", ["01/01/1900", "1900-01-01", "0001-01-01", "31.12.9999", "", "—", "null"])
def test_what_stands_for_no_day_is_none(text: str) -> None:
    assert read(text).values == (None, "", None)
    assert marks(read(text)) == ()


@pytest.mark.parametrize(
    "text", ["31.02.2020", "99/99/9999", "yesterday", "1234-56-78", "1799-01-01", "20269999", "12"]
)
def test_what_is_no_day_is_kept_and_marked(text: str) -> None:
    assert read(text).values == (None, "", None)
    assert marks(read(text)) == ("date_unreadable",)
    assert (note := read(text).note) is not None
    assert note.written == text


def test_a_day_after_the_file_is_marked_unless_it_may_be() -> None:
    assert marks(read("2027-01-01")) == ("date_in_future",)
    assert read("2027-01-01").values[0] == date(2027, 1, 1)
    assert marks(read("2027-01-01", may_be_future=True)) == ()


def test_the_same_event_dated_twice() -> None:
    assert marks(read(("20/06/2019", "2019-06-19T23:05:24.213Z"), zone="Europe/Paris", columns=2)) == ()
    assert marks(read(("20/06/2019", "2019-06-19T12:05:24.213Z"), zone="Europe/Paris", columns=2)) == (
        "dates_disagree",
    )
    assert read(("20/06/2019", "2019-06-19T12:05:24.213Z"), zone="Europe/Paris", columns=2).values[0] == date(
        2019, 6, 20
    )


def test_the_order_of_day_and_month_is_the_sources() -> None:
    assert read("03/04/2009", formats=["mdy"]).values[0] == date(2009, 3, 4)
    assert read("03/04/2009").values[0] == date(2009, 4, 3)


def test_serials_and_epochs_where_a_mapping_says_so() -> None:
    assert read("41991", formats=["serial"]).values[0] == date(2014, 12, 18)
    assert read("1418888400", formats=["epoch"]).values[2] == datetime(2014, 12, 18, 7, 40, tzinfo=UTC)
    assert read("1418888400000", formats=["epoch"]).values[2] == datetime(2014, 12, 18, 7, 40, tzinfo=UTC)
    assert marks(read("41991")) == ("date_unreadable",)


def test_a_day_of_an_attribute_is_text() -> None:
    context = Context(None, "", "", AS_OF, NOTHING)

    day = Day.model_validate({"from": "x", "as": "day"}).converter("built_on", context)("03.02.2010")

    assert day.values == ("2010-02-03",)


DAYS = st.dates(date(1901, 1, 1), date(2026, 11, 29))
SHAPES = [
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%d-%m-%Y",
    "%Y%m%d",
    "%Y/%m/%d",
    "%Y-%m-%d 00:00:00",
    "%d.%m.%YT00:00:00.000+03:00",
]


@given(
    day=DAYS,
    shape=st.sampled_from(SHAPES),
    zone=st.sampled_from(["", "Europe/Moscow", "America/Los_Angeles"]),
)
def test_a_local_day_is_never_shifted(day: date, shape: str, zone: str) -> None:
    assert read(day.strftime(shape), zone=zone).values[0] == day


@given(
    moment=st.datetimes(datetime(1971, 1, 1), datetime(2026, 11, 1)),  # noqa: DTZ001 — its offset is drawn
    hours=st.integers(-11, 13),
)
def test_a_moment_comes_back(moment: datetime, hours: int) -> None:
    local = moment.replace(microsecond=0, tzinfo=timezone(timedelta(hours=hours or 1)))

    day, precision, found = read(local.isoformat()).values

    assert day == local.date()
    assert precision == ("day" if local.time().isoformat() == "00:00:00" else "time")
    assert found == (None if precision == "day" else local)


@given(text=st.text(max_size=40))
def test_any_text_is_read_or_marked(text: str) -> None:
    read(text)
    read((text, text), columns=2)
