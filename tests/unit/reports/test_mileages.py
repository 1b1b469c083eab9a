"""Where a mileage falls, as a report tells and draws it: as it was judged, and not by who stands lower."""

from datetime import date

import pytest

from cabinet_service.reports.pdf import drawing
from shared_schemas.records import FallKind, Precision
from shared_schemas.report.content import MileageFall, ReadMileage
from shared_schemas.report.presented import MileageGraph, Point
from shared_schemas.report.presenting import present
from tests.factories.reports import MOSCOW, a_history, a_report


def read(year: int, km: int, precision: Precision = Precision.DAY) -> ReadMileage:
    return ReadMileage(day=date(year, 1, 1), precision=precision, km=km, source="gibdd")


READINGS = (read(2021, 120_000), read(2015, 150_000), read(2018, 90_000, Precision.YEAR))


def graph(*falls: MileageFall) -> MileageGraph:
    told = present(
        a_report(None, history=a_history((), mileages=READINGS, falls=falls)), language="ru", zone=MOSCOW
    )
    [found] = [block for one in told.sections for block in one.blocks if isinstance(block, MileageGraph)]
    return found


def fall(kind: FallKind, before: int = 1, after: int = 2) -> MileageFall:
    return MileageFall(kind=kind, km=60_000, before=READINGS[before], after=READINGS[after])


def test_a_lower_reading_alone_is_no_fall() -> None:
    told = graph()
    assert [one.km for one in told.points] == [150_000, 90_000, 120_000]
    assert told.falls == ()
    assert "уменьшился" not in told.alt


def test_a_rollback_is_told_and_drawn() -> None:
    told = graph(fall(FallKind.ROLLBACK))
    assert told.falls == ((0, 1),)
    assert "Пробег уменьшился на 60" in told.alt
    assert "сходится" not in told.alt


@pytest.mark.parametrize(
    ("kind", "because"),
    [
        (FallKind.PERHAPS_MILES, "сходится, если меньший записан в милях"),
        (FallKind.PERHAPS_KM, "сходится, если больший записан в километрах"),
        (FallKind.STANDS_ALONE, "одна запись не сходится с соседними"),
    ],
)
def test_an_honest_fall_is_told_as_such_and_not_drawn(kind: FallKind, because: str) -> None:
    told = graph(fall(kind))
    assert told.falls == ()
    assert because in told.alt


def test_what_fell_between_readings_apart_is_drawn_between_them() -> None:
    assert graph(fall(FallKind.ROLLBACK, 1, 0)).falls == ((0, 2),)


def test_only_rollbacks_are_red_on_paper() -> None:
    points = [Point(year=2015, km=150_000), Point(year=2018, km=90_000), Point(year=2021, km=120_000)]
    assert b"stroke-dasharray" not in drawing.mileages(points)
    red = drawing.mileages(points, [(0, 1)]).decode()
    [line] = [part for part in red.split("<path ") if "stroke-dasharray" in part]
    assert line.count("M") == line.count("L") == 1
    [blue] = [part for part in red.split("<path ") if "#0b57d0" in part.split("/>")[0]]
    assert blue.split("/>")[0].count("L") == 1, "the others stay joined, and these are not joined twice"
