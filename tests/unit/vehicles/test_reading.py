"""Files as sources send them, whole or broken: nothing raises, and no row is lost."""

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpa_service.vehicles.mappings.converters.base import NOTHING
from bpa_service.vehicles.mappings.files import FileReading
from bpa_service.vehicles.reading import limits
from bpa_service.vehicles.records.rejects import FileReason
from tests.support.vehicle_files import AS_OF, HEADER, ROW, cars, outcome_of, read, row, written


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter(tmp_path: Path, delimiter: str) -> None:
    outcome = read(tmp_path, (HEADER + ROW).replace(",", delimiter))

    assert [record.vin for record in outcome.records] == ["XTA21144094700001"]
    assert outcome.tally.complete


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251", "cp1252"])
def test_any_encoding(tmp_path: Path, encoding: str) -> None:
    make = "Škoda" if encoding == "cp1252" else "ЛАДА"
    bom = b"\xff\xfe" if encoding == "utf-16-le" else b""

    outcome = read(tmp_path, bom + (HEADER + ROW.replace("LADA", make)).encode(encoding))

    assert [record.make for record in outcome.records] == [make]
    assert outcome.records[0].marks == ()


def test_encodings_mixed_by_line_are_each_read_and_marked(tmp_path: Path) -> None:
    rows = [HEADER.encode(), *(row(n).replace("LADA", "ЛАДА").encode() for n in (1, 2))]
    rows.append(row(3).replace("LADA", "ГАЗ").encode("cp1251"))

    outcome = read(tmp_path, b"".join(rows))

    assert [record.make for record in outcome.records] == ["ЛАДА", "ЛАДА", "ГАЗ"]
    assert [record.marks for record in outcome.records] == [(), (), ("text_mixed_encoding",)]


def test_bytes_of_no_encoding_are_marked(tmp_path: Path) -> None:
    outcome = read(tmp_path, (HEADER + row(1, "наклейка \x00 двери")).encode().replace(b"\x00", b"\xff"))

    assert outcome.records[0].text == "наклейка � двери"
    assert "text_unreadable" in outcome.records[0].marks


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_gives_the_same_records(tmp_path: Path, end: str) -> None:
    outcome = read(tmp_path, (HEADER + ROW + row(2)).replace("\n", end))

    assert [record.key for record in outcome.records] == ["advert:1", "advert:2"]
    assert [record.row for record in outcome.records] == [2, 3]


def test_a_quoted_cell_may_hold_anything(tmp_path: Path) -> None:
    outcome = read(tmp_path, HEADER + row(1, '"a ""b"", c\nd"') + row(2))

    assert [record.text for record in outcome.records] == ['a "b", c d', "fine"]
    assert [record.row for record in outcome.records] == [2, 4]


def test_a_quote_within_a_cell_means_nothing(tmp_path: Path) -> None:
    outcome = read(tmp_path, HEADER + row(1, '88" long') + row(2))

    assert [record.text for record in outcome.records] == ['88" long', "fine"]


def test_a_quote_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    others = "".join(row(n) for n in range(2, 400))

    outcome = read(tmp_path, HEADER + row(1, '"open') + others)

    assert outcome.reasons == ["quote_unclosed"]
    assert outcome.rejects[0].row == 2
    assert len(outcome.records) == 398


def test_a_quote_open_at_the_end_of_the_file_costs_one_row(tmp_path: Path) -> None:
    outcome = read(tmp_path, HEADER + row(1, '"open') + row(2))

    assert outcome.reasons == ["quote_unclosed"]
    assert [record.key for record in outcome.records] == ["advert:2"]


def test_a_backslash_before_a_quote_where_the_source_writes_so(tmp_path: Path) -> None:
    header = (
        "test_id,vehicle_id,test_date,test_class_id,test_type,test_result,test_mileage,postcode_area,make,model,"
        "colour,fuel_type,cylinder_capacity,first_use_date\n"
    )
    rows = [
        '1,10,2018-01-03,4,NT,P,1000,AB,LAND ROVER,"88\\"",GREEN,PE,2286,1983-01-01\n',
        "2,11,2018-01-03,4,NT,F,0,AB,FORD,FOCUS,RED,PE,1600,2010-01-01\n",
    ]

    outcome = outcome_of(written(tmp_path, header + "".join(rows)), "dvsa_mot_bulk")

    assert [record.model for record in outcome.records] == ['88"', "FOCUS"]
    assert outcome.fits["file.csv"].version == "2020"


def test_a_line_of_ten_megabytes_is_one_reject(tmp_path: Path) -> None:
    outcome = read(tmp_path, HEADER + "x" * 10 * limits.MIB + "\n" + ROW)

    assert outcome.reasons == ["line_too_long"]
    assert outcome.rejects[0].row == 2
    assert [(record.key, record.row) for record in outcome.records] == [("advert:1", 3)]


def test_a_long_line_in_the_middle_of_a_row_spoils_that_row_only(tmp_path: Path) -> None:
    content = HEADER + row(1, '"open') + "x" * 2 * limits.MIB + "\n" + row(2)

    outcome = read(tmp_path, content)

    assert outcome.reasons == ["quote_unclosed", "line_too_long"]
    assert [record.key for record in outcome.records] == ["advert:2"]


def test_missing_and_additional_cells(tmp_path: Path) -> None:
    outcome = read(tmp_path, HEADER + "1,2,3\n" + row(1, "fine,more") + row(1, "fine,,"))

    assert outcome.reasons == ["too_few_cells", "too_many_cells"]
    assert len(outcome.records) == 1


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    outcome = read(tmp_path, HEADER + "\n" + ROW + "\n   \n")

    assert (outcome.tally.rows, outcome.tally.blank_lines) == (1, 3)


def test_a_table_may_have_titles_above_its_header(tmp_path: Path) -> None:
    outcome = read(tmp_path, "All our cars;;;\n\n" + (HEADER + ROW).replace(",", ";"))

    assert len(outcome.records) == 1


def test_nuls_are_taken_out_and_marked(tmp_path: Path) -> None:
    outcome = read(tmp_path, HEADER + ROW.replace("LADA", "LA\x00DA"))

    assert outcome.records[0].make == "LADA"
    assert outcome.records[0].marks == ("text_controls_removed",)


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE cars; --", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "{{7*7}}"]
)
def test_sql_and_formulas_are_texts(tmp_path: Path, text: str) -> None:
    outcome = read(tmp_path, HEADER + row(1, text))

    assert outcome.records[0].text == text


def test_a_file_cut_in_the_middle_of_a_row_is_not_complete(tmp_path: Path) -> None:
    outcome = read(tmp_path, HEADER + ROW + "2,XTA2114409")

    assert outcome.reasons == ["row_cut_off"]
    assert len(outcome.records) == 1
    assert not outcome.tally.complete


@pytest.mark.parametrize("content", [b"", b"\n\n  \n", b"\xef\xbb\xbf"])
def test_an_empty_file(tmp_path: Path, content: bytes) -> None:
    outcome = read(tmp_path, content)

    assert outcome.refused is not None
    assert outcome.refused.reason is FileReason.EMPTY


@pytest.mark.parametrize(
    "content",
    [
        "<!DOCTYPE html><html><body>Sign in</body></html>",
        "  <HTML><head></head></HTML>",
        "<div><html>x</html>",
    ],
)
def test_a_page_instead_of_data(tmp_path: Path, content: str) -> None:
    outcome = read(tmp_path, content)

    assert outcome.refused is not None
    assert outcome.refused.reason is FileReason.HTML


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        path = tmp_path / "many.csv"
        with path.open("w") as file:
            file.write(HEADER)
            file.writelines(row(n) for n in range(rows))
        tracemalloc.start()
        count = count_of_records(path)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert count == rows
        return most

    assert peak(30_000) < 1.5 * peak(10_000)


def count_of_records(path: Path) -> int:
    return sum(len(portion.batch) for portion in FileReading(path, cars(), AS_OF).portions())


def test_reading_on_after_a_portion_gives_the_rest(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + "".join(row(n) for n in range(12_000)))
    whole = outcome_of(path, cars())

    rest = outcome_of(path, cars(), after=1)

    assert 0 < len(rest.records) < len(whole.records)
    assert rest.records == whole.records[-len(rest.records) :]


LINE = st.one_of(
    st.sampled_from([ROW, row(1, '"a""b"'), row(1, '"open'), "\n", "a,b\n", '",",\n', "\\\n"]),
    st.text(alphabet=',;"\\\n\r\t ax1é\x00', max_size=30),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines=st.lists(LINE, max_size=30), end=st.sampled_from(["", "\n"]))
def test_any_lines_below_a_header_are_accounted_for(tmp_path: Path, lines: list[str], end: str) -> None:
    outcome = read(tmp_path, HEADER + "".join(lines) + end)

    assert outcome.tally.adds_up


TEXTS = st.text(
    alphabet=st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufeff"), max_size=20
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(notes=st.lists(TEXTS, min_size=1, max_size=8))
def test_what_is_written_by_the_rules_is_read_as_written(tmp_path: Path, notes: list[str]) -> None:
    quoted = ['"' + note.replace('"', '""') + '"' for note in notes]
    rows = [row(n, note) for n, note in enumerate(quoted)]

    outcome = read(tmp_path, HEADER + "".join(rows))

    kept = [" ".join(note.split()) for note in notes]
    assert [record.text for record in outcome.records] == [
        "" if note.casefold() in NOTHING else note for note in kept
    ]
