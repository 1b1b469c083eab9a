"""Registers of companies: whatever people write, no program of tables takes it for a formula; and months."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet_service.accounts.domain import AtLimit
from cabinet_service.companies.domain import Allowance, Month, NotAMonth
from cabinet_service.inspections.usage.register import Csv, Table, harmless
from cabinet_service.inspections.usage.workbook import Xlsx

MOSCOW = ZoneInfo("Europe/Moscow")
ATTACKS = (
    '=HYPERLINK("http://evil.example","open")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1:A2)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\uff1d1+1",
    "%0A=1+1",
    "|calc",
    "\x00=1+1",
    "\x0b=1+1",
    "a\r\n=1+1",
)
BEGINNINGS = tuple("=+-@|%\uff1d\uff0b\uff0d\uff20")


def as_csv(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter=";"))


def as_xlsx(path: Path) -> list[list[object]]:
    book = openpyxl.load_workbook(path)
    [sheet] = book.worksheets
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("text", ATTACKS)
def test_no_text_is_a_formula(text: str, tmp_path: Path) -> None:
    tables: tuple[tuple[str, Callable[[Path], Table], Callable[[Path], list[list[object]]]], ...] = (
        ("a.csv", lambda path: Csv(path, "ru"), as_csv),  # pyright: ignore[reportAssignmentType] - lists of texts
        ("a.xlsx", lambda path: Xlsx(path, tmp_path / "sheet.xml"), as_xlsx),
    )
    for name, make, read in tables:
        path = tmp_path / name
        table = make(path)
        table.add([[text, 7]])
        table.finish()
        [[written, number]] = read(path)
        assert isinstance(written, str)
        assert not written.lstrip("\ufeff\u200b\u00a0 ").startswith(BEGINNINGS), (name, written)
        assert "\n" not in written
        assert str(number) == "7"


@given(st.text(max_size=40))
def test_what_is_harmless_stays_so_and_as_it_was(text: str) -> None:
    made = harmless(text)
    assert not made.startswith(BEGINNINGS)
    assert not any(sign in made for sign in "\r\n\t\0")
    if text.isprintable() and text == " ".join(text.split()) and not text.startswith(BEGINNINGS):
        assert made == text


def test_a_csv_begins_with_a_mark_by_which_its_letters_are_read_right(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    table = Csv(path, "ru")
    table.add([["Фары", 1.5, None, datetime(2026, 11, 30, 12, 5, tzinfo=UTC)]])
    table.finish()
    assert path.read_bytes() == b"\xef\xbb\xbf" + "Фары;1,5;;2026-11-30 12:05:00\r\n".encode()


@given(st.integers(1_000_000_000, 3_800_000_000))
def test_every_instant_is_in_one_month(seconds: int) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    month = Month.of(now, MOSCOW)
    assert month.begins <= now < month.ends
    assert Month.named(month.name, MOSCOW) == month
    following = Month.of(month.ends, MOSCOW)
    assert following.begins == month.ends
    assert timedelta(days=28) <= month.ends - month.begins <= timedelta(days=31, hours=2)


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "1999-12", "2026-1", "26-11", "2026-11-01", "٢٠٢٦-١١"]
)
def test_what_is_no_month_is_none(text: str) -> None:
    with pytest.raises(NotAMonth):
        Month.named(text, MOSCOW)


@given(st.none() | st.integers(0, 50), st.sampled_from(AtLimit), st.integers(0, 60))
def test_a_limit_refuses_where_nothing_is_left(limit: int | None, at_limit: AtLimit, used: int) -> None:
    allowance = Allowance(limit, at_limit, used)
    assert allowance.refuses == (limit is not None and used >= limit and at_limit is AtLimit.REFUSE)
    assert allowance.left is None or allowance.left >= 0
