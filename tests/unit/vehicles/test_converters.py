"""Numbers of vehicles, names, codes and grades as sources write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bpa_service.vehicles.mappings.converters import AnySpec
from bpa_service.vehicles.mappings.converters.base import NOTHING, Context, Read
from bpa_service.vehicles.mappings.converters.values import in_one_script
from bpa_service.vehicles.mappings.tables import table

ADAPTER: TypeAdapter[AnySpec] = TypeAdapter(AnySpec)


def read(cell: object, converter: str, target: str = "x", **told: object) -> Read:
    context = Context(None, "RU", "ru", date(2026, 11, 29), NOTHING)
    spec = ADAPTER.validate_python({"from": "x", "as": converter, **told})
    return spec.converter(target, context)(cell)


def marks(one: Read) -> tuple[str, ...]:
    return one.note.marks if one.note else ()


@pytest.mark.parametrize(
    ("text", "vin", "pattern", "mark"),
    [
        ("XTA21144094700001", "XTA21144094700001", "", ()),
        ("4t4bf1fk5dr275482", "4T4BF1FK5DR275482", "", ()),
        ("XTA 211440 94700001", "XTA21144094700001", "", ()),
        ("*XTA21144094700001*", "XTA21144094700001", "", ()),
        ("ХТА11193070000001", "XTA11193070000001", "", ("vin_letters_repaired",)),
        ("KMHSU81XxDUxxxx57", "", "KMHSU81X*DU****57", ("vin_masked",)),
        ("XTA21114х60хххх75", "", "XTA21114*60****75", ("vin_masked",)),
        ("3VVEX7B2*NM******", "", "3VVEX7B2*NM******", ("vin_masked",)),
        ("x8Mxxxx04", "", "", ("vin_malformed",)),
        ("XTA2114409470000O", "", "", ("vin_malformed",)),
        ("11111111111111111", "", "", ("vin_placeholder",)),
        ("Built out of sequence.", "", "", ("vin_is_prose",)),
        ("JSAFTD82V00100030  JSAFTD83V00100027", "", "", ("vin_several",)),
        ("VIN: XTA21144094700001, blue", "XTA21144094700001", "", ("vin_is_prose",)),
    ],
)
def test_vins(text: str, vin: str, pattern: str, mark: tuple[str, ...]) -> None:
    one = read(text, "vin", "vin", masks="xх")

    assert one.values == (vin, pattern)
    assert marks(one) == mark
    assert (one.note.written if one.note else text) == " ".join(text.split())


def test_a_small_x_is_a_letter_where_it_hides_nothing() -> None:
    assert read("xta21144094700001", "vin", "vin").values == ("XTA21144094700001", "")


@pytest.mark.parametrize(
    ("text", "vin", "frame", "mark"),
    [
        ("ZVW41W-3353272", "", "ZVW41W-3353272", ()),
        ("KXHA51D03320", "", "KXHA51D03320", ("frame_unusual",)),
        ("LRWXF7EK4MC311", "", "LRWXF7EK4MC311", ("frame_unusual",)),
        ("WBA4A71020SU12345", "WBA4A71020SU12345", "", ()),
    ],
)
def test_a_column_of_vins_and_frames(text: str, vin: str, frame: str, mark: tuple[str, ...]) -> None:
    one = read(text, "vin", "vin", or_frame=True)

    assert one.values == (vin, "", frame)
    assert marks(one) == mark


def test_the_bound_of_a_range_may_be_open_or_a_serial() -> None:
    assert read("VF7******AZ025918", "vin_bound").values == ("VF7******AZ025918",)
    assert read("JTDEM22E##0001001", "vin_bound").values == ("JTDEM22E**0001001",)
    assert read("740405", "vin_bound").values == ("740405",)
    assert marks(read("LP300000 - LP418689", "vin_bound")) == ("vin_is_prose",)


def test_plates_are_spelled_as_everywhere() -> None:
    assert read("А332АВ177", "plate", "plate").values == ("A332AB177", "RU")
    assert read("zz99 abc", "plate", "plate", country="GB").values == ("ZZ99ABC", "GB")
    assert marks(read("А******77", "plate", "plate")) == ("plate_malformed",)


def test_numbers_of_bodies_and_engines() -> None:
    assert read("KCA275-9673180", "number").values == ("KCA275-9673180",)
    assert read("ОТСУТСТВУЕТ", "number").values == ("",)
    assert marks(read("не установлен, сгорел", "number")) == ("value_unreadable",)


@pytest.mark.parametrize(
    ("word", "put_right"),
    [
        ("BAЗ", "ВАЗ"),
        ("ЯBA", "ЯВА"),
        ("SUZUKІ", "SUZUKI"),
        ("ТОYOTA", "TOYOTA"),
        ("ВАЗ", "ВАЗ"),
        ("BMW", "BMW"),
        ("ВАЗ-2107i", "ВАЗ-2107i"),
    ],
)
def test_two_scripts_in_one_word(word: str, put_right: str) -> None:
    assert in_one_script(word) == put_right


def test_a_name_that_was_put_right_is_marked_and_kept() -> None:
    one = read("BAЗ 2107", "name")

    assert one.values == ("ВАЗ 2107",)
    assert one.note is not None
    assert (one.note.marks, one.note.written) == (("name_letters_repaired",), "BAЗ 2107")


def test_a_name_of_the_length_that_a_source_cuts_at() -> None:
    assert marks(read("GRAND CHER", "name", cut_at=10)) == ("model_cut_by_source",)


def test_a_long_text_is_cut_and_marked() -> None:
    one = read("x" * 5_000, "text", "text")

    assert len(one.values[0]) == 4_000
    assert marks(one) == ("text_cut",)


def test_codes_as_numbers_and_as_texts_are_the_same() -> None:
    assert read(7, "codes", "codes", table="gibdd.operation").values == (("gibdd.operation:07",),)
    assert read("07", "codes", "codes", table="gibdd.operation").values == (("gibdd.operation:07",),)


@pytest.mark.parametrize("code", ["47", "48", "52", "53", "54", "55", "56"])
def test_a_code_with_several_meanings_says_so(code: str) -> None:
    assert marks(read(code, "codes", "codes", table="gibdd.operation")) == ("code_ambiguous",)
    assert len(table("gibdd.operation").find(code)[1]) > 1


def test_a_code_of_no_table_is_kept_and_marked() -> None:
    one = read(("04", "77"), "codes", "codes", table="gibdd.damage")

    assert one.values == (("gibdd.damage:04", "gibdd.damage:77"),)
    assert marks(one) == ("code_unknown",)


@pytest.mark.parametrize(
    ("text", "grade", "scale"),
    [("5", "1", "1-5"), ("1", "0", "1-5"), ("38", "0.7", "10-50"), ("50", "1", "10-50")],
)
def test_two_scales_in_one_column(text: str, grade: str, scale: str) -> None:
    scales = [[1, 5], [10, 50]]

    assert read(text, "grade", scales=scales).values == (grade,)
    assert read(text, "grade", scales=scales, name_scale=True).values == (scale,)


def test_a_grade_on_no_scale_is_marked() -> None:
    assert marks(read("7", "grade", scales=[[1, 5], [10, 50]])) == ("value_unreadable",)


@pytest.mark.parametrize("year", ["1700", "2028", "20", "2010.5"])
def test_a_year_of_no_car(year: str) -> None:
    assert read(year, "year", "year").values == (None,)
    assert marks(read(year, "year", "year")) == ("year_implausible",)


def test_flags_in_the_languages_of_the_sources() -> None:
    yes = [read(text, "flag").values for text in ("Ja", "OUI", "yes", "Да", True, "true", 1)]
    no = [read(text, "flag").values for text in ("Nee", "NON", "no", "нет", False, 0)]

    assert set(yes) == {("true",)}
    assert set(no) == {("false",)}


def test_a_word_that_is_not_known_is_kept_and_marked() -> None:
    one = read("ABRVE", "words", words={"P": "passed"})

    assert one.values == ("",)
    assert one.note is not None
    assert (one.note.marks, one.note.written) == (("code_unknown",), "ABRVE")


def test_money() -> None:
    assert read(("$13,500", "usd"), "amount", "amount", **{"from": ["a", "c"]}).values == (13500.0, "USD")
    assert marks(read("a lot", "amount", "amount")) == ("value_unreadable",)


CONVERTERS: list[dict[str, object]] = [
    {"as": "vin", "or_frame": True, "masks": "x"}, {"as": "vin_bound"}, {"as": "plate"}, {"as": "number"},
    {"as": "text"}, {"as": "name"}, {"as": "figure"}, {"as": "amount"}, {"as": "year"}, {"as": "flag"},
    {"as": "words", "words": {}}, {"as": "codes", "table": "gibdd.operation"},
    {"as": "grade", "scales": [[1, 5]]},
]  # fmt: skip
CELLS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="XTАВЕ0123456789*хx-. ", max_size=20),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.lists(st.text(max_size=5), max_size=4).map(tuple),
)


@given(told=st.sampled_from(CONVERTERS), cell=CELLS)
def test_any_cell_is_read_or_marked(told: dict[str, object], cell: object) -> None:
    context = Context(None, "RU", "ru", date(2026, 11, 29), NOTHING)
    spec = ADAPTER.validate_python({"from": "x", **told})
    target = {"plate": "plate", "vin": "vin", "amount": "amount", "codes": "codes"}.get(
        str(told["as"]), "text"
    )

    one = spec.converter(target, context)(cell)

    assert len(one.values) == len(spec.filled(target))
    for value in one.values:
        if isinstance(value, str):
            value.encode()
            assert "\x00" not in value
