"""Reading what a client typed: what is repaired, what is refused, and with which words."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared_schemas.identifiers import (
    MOST_TYPED,
    Change,
    Issue,
    Reading,
    Severity,
    read_identifier,
    vin,
)
from shared_schemas.identifiers.natures import Nature
from shared_schemas.letters import CYRILLIC_TO_LATIN, cyrillic
from shared_schemas.words import IdentifierKind

VIN, FRAME, PLATE = IdentifierKind.VIN, IdentifierKind.FRAME, IdentifierKind.PLATE

anything = st.text(st.characters(exclude_categories=()), max_size=100)
# Text that comes near to being an identifier finds more than text of all Unicode.
nearly = st.text("ABOIQXZSV019 -*\u200bаВсЖ０Ａー\x00\u202eß😀", max_size=30)
kinds = st.sampled_from([None, VIN, FRAME, PLATE])
vins = st.text(sorted(vin.ALPHABET), min_size=17, max_size=17)


def codes(reading: Reading) -> list[str]:
    return [issue.code for issue in reading.issues]


@pytest.mark.parametrize(
    "typed",
    [
        "XTA21099043576891",
        "xta21099043576891",
        "*XTA21099043576891*",
        " XTA 210990 43576891 ",
        "XTA210990\n43576891",
        "XTA-210990-43576891",
        "＊ＸＴＡ２１０９９０４３５７６８９１＊",
        "ｘｔａ21099043576891",
        "\ufeffXTA210990\u200b43576891\u200e",
    ],
)
def test_same_vin_however_it_is_typed(typed: str) -> None:
    reading = read_identifier(typed)
    assert reading.kind is VIN
    assert reading.value == "XTA21099043576891"
    assert reading.display == "XTA 210990 43576891"
    assert reading.ok
    assert reading.changes == ()
    assert reading.issues == ()


def test_cyrillic_look_alikes_are_repaired_and_said() -> None:
    reading = read_identifier("хТА21099043576891")
    assert reading.value == "XTA21099043576891"
    assert reading.changes == (Change(1, "Х", "X"), Change(2, "Т", "T"), Change(3, "А", "A"))
    assert reading.ok


def test_cyrillic_letter_without_a_twin_is_not_guessed_at() -> None:
    reading = read_identifier("ХТЖ21099043576891", VIN)
    assert reading.value == "XTЖ21099043576891"
    assert reading.issues == (Issue("vin_bad_character", positions=(3,)),)


@pytest.mark.parametrize("letter", "IOQ")
def test_letters_that_no_vin_has_stay_and_are_pointed_at(letter: str) -> None:
    typed = f"XTA2{letter}099{letter}43576891"
    reading = read_identifier(typed)
    assert reading.value == typed
    assert reading.issues == (Issue("vin_bad_character", positions=(5, 9)),)
    assert not reading.ok
    assert reading.vin_facts is None


def test_wrong_length_says_what_is_there_and_what_is_missing() -> None:
    short = read_identifier("XTA2109904357689")
    assert short.issues == (Issue("vin_too_short", params={"count": 16, "missing": 1}),)
    long = read_identifier("XTA210990435768910")
    assert long.issues == (Issue("vin_too_long", params={"count": 18, "extra": 1}),)


def test_vin_half_typed_is_shown_in_its_groups() -> None:
    assert read_identifier("xta21", VIN).display == "XTA 21"


def test_failed_check_digit_is_news_not_an_error() -> None:
    reading = read_identifier("1HGCM82633A004353")
    assert reading.ok
    assert reading.issues == (
        Issue("vin_check_digit_differs", Severity.INFO, (9,), {"found": "3", "computed": "5"}),
    )


def test_check_digit_is_not_mentioned_where_none_is_demanded() -> None:
    reading = read_identifier("XTA21099043576891")
    assert reading.vin_facts
    assert not reading.vin_facts.check_digit.fits
    assert reading.issues == ()


@pytest.mark.parametrize(
    "typed", ["SV30-0169266", "sv30 – 0169266", "ＳＶ３０ー０１６９２６６", "*SV30-0169266*"]
)
def test_frame_number_is_known_by_its_hyphen(typed: str) -> None:
    reading = read_identifier(typed)
    assert (reading.kind, reading.value, reading.issues) == (FRAME, "SV30-0169266", ())


@pytest.mark.parametrize("typed", ["BNR32-001234", "K13-012345", "LA100S-0012345", "ZZT240-5012345"])
def test_frame_numbers_of_several_makers_are_known(typed: str) -> None:
    assert read_identifier(typed).kind is FRAME


def test_space_for_the_hyphen_is_repaired_and_said() -> None:
    reading = read_identifier("SV30 0169266")
    assert (reading.kind, reading.value) == (FRAME, "SV30-0169266")
    assert reading.changes == (Change(5, " ", "-"),)


def test_frame_without_hyphen_is_taken_with_a_hint_where_a_frame_is_meant() -> None:
    reading = read_identifier("SV300169266", FRAME)
    assert reading.value == "SV300169266"
    assert reading.issues == (Issue("frame_hyphen_missing", Severity.INFO),)


def test_what_looks_like_another_kind_is_said() -> None:
    other = read_identifier("SV300169266").issues[-1]
    assert other == Issue("identifier_other_kind", Severity.INFO, params={"kind": FRAME})
    assert read_identifier("А123ВС77", VIN).issues[-1].params == {"kind": PLATE}
    assert read_identifier("XTA21099043576891", PLATE).issues[-1].params == {"kind": VIN}
    as_frame = read_identifier("XTA21099043576891", FRAME)
    assert as_frame.ok
    assert as_frame.issues[-1].params == {"kind": VIN}


@pytest.mark.parametrize("typed", ["0456789", "XTA2101-1234567", "RD1-1234567", "1234-567-89"])
def test_body_numbers_need_no_particular_form(typed: str) -> None:
    reading = read_identifier(typed, FRAME)
    assert (reading.value, reading.ok) == (typed, True)


@pytest.mark.parametrize(
    ("typed", "positions"), [("SV30_0169266", (5,)), ("12", ()), ("ABCDEF", ()), ("1" * 21, ())]
)
def test_frame_that_cannot_be_is_malformed(typed: str, positions: tuple[int, ...]) -> None:
    issue = read_identifier(typed, FRAME).issues[0]
    assert (issue.code, issue.positions) == ("frame_malformed", positions)


@pytest.mark.parametrize(
    ("typed", "value", "display"),
    [
        ("А123ВС77", "A123BC77", "А 123 ВС 77"),
        ("а 123 вс 777", "A123BC777", "А 123 ВС 777"),
        ("A123BC77", "A123BC77", "А 123 ВС 77"),
        ("a123вc 77 rus", "A123BC77", "А 123 ВС 77"),
        ("ЕЕ12377", "EE12377", "ЕЕ 12377"),
        ("1234АВ77", "1234AB77", "1234 АВ 77"),
        ("ВВ123В77", "BB123B77", "ВВ 123 В 77"),
        ("О123ОО77", "O123OO77", "О 123 ОО 77"),
        ("ж1234мо", "Ж1234МО", "Ж 1234 МО"),
    ],
)
def test_russian_plate_is_one_plate_from_either_keyboard(typed: str, value: str, display: str) -> None:
    reading = read_identifier(typed)
    assert (reading.kind, reading.value, reading.display) == (PLATE, value, display)
    assert (reading.changes, reading.issues) == ((), ())


@pytest.mark.parametrize(
    ("typed", "value"), [("1234 AB-7", "1234AB7"), ("123abc02", "123ABC02"), ("aa1234bb", "AA1234BB")]
)
def test_plates_of_neighbours_are_known(typed: str, value: str) -> None:
    reading = read_identifier(typed)
    assert (reading.kind, reading.value, reading.display, reading.ok) == (PLATE, value, value, True)


def test_foreign_plate_typed_in_cyrillic_is_repaired_and_said() -> None:
    reading = read_identifier("1234АВ7")
    assert reading.value == "1234AB7"
    assert reading.changes == (Change(5, "А", "A"), Change(6, "В", "B"))


@pytest.mark.parametrize("typed", ["B-MW 1234", "MÜ AB 123", "HELLO"])
def test_any_likely_plate_is_taken_where_a_plate_is_meant(typed: str) -> None:
    assert read_identifier(typed, PLATE).ok


@pytest.mark.parametrize(
    ("typed", "positions"), [("Д123ВС77", (1,)), ("А123😀С77", (5,)), ("A", ()), ("A1234567890", ())]
)
def test_plate_that_cannot_be_is_malformed(typed: str, positions: tuple[int, ...]) -> None:
    issue = read_identifier(typed, PLATE).issues[0]
    assert (issue.code, issue.positions) == ("plate_malformed", positions)


@pytest.mark.parametrize("typed", ["", " \t\n", "***", "* - *", "\u200b"])
@pytest.mark.parametrize("kind", [None, VIN, FRAME, PLATE])
def test_nothing_typed_is_empty(typed: str, kind: IdentifierKind | None) -> None:
    assert codes(read_identifier(typed, kind)) == ["identifier_empty"]


def test_a_novel_is_too_long_and_not_kept() -> None:
    reading = read_identifier("x" * 10_000)
    assert reading.value == ""
    assert reading.issues == (Issue("identifier_too_long", params={"count": 10_000, "most": MOST_TYPED}),)


@pytest.mark.parametrize("hidden", ["\x00", "\x1b", "\u202e", "\u2066", "\ud800", "\ue000"])
@pytest.mark.parametrize("kind", [VIN, FRAME, PLATE])
def test_characters_that_cannot_be_shown_are_pointed_at_and_not_kept(
    hidden: str, kind: IdentifierKind
) -> None:
    reading = read_identifier(f"XT{hidden}2109", kind)
    assert reading.issues[0] == Issue("identifier_unreadable_character", positions=(3,))
    assert hidden not in reading.value


@pytest.mark.parametrize("typed", ["😀" * 17, "مرحبا بك", "你好12345678901"])
def test_emoji_and_right_to_left_text_are_pointed_at(typed: str) -> None:
    reading = read_identifier(typed)
    assert reading.issues[0].code == "vin_bad_character"
    assert [reading.value[i - 1] for i in reading.issues[0].positions] == [
        c for c in typed if c not in " 0123456789"
    ]


@given(anything | nearly, kinds)
@example("A-*", VIN)
@example("sv30 – 0169266", None)
def test_never_raises_and_points_into_the_value(text: str, kind: IdentifierKind | None) -> None:
    reading = read_identifier(text, kind)
    places = [change.position for change in reading.changes]
    places += [place for issue in reading.issues for place in issue.positions]
    assert all(1 <= place <= len(reading.value) for place in places)
    assert reading.value.isprintable()
    assert kind in {None, reading.kind}


@given(anything | nearly, kinds)
@example("A-*", VIN)
@example("Ж1234мо", None)
@example("V IN WVWZZZ1JZ3W386752", None)
@example("V IN: AB12345", FRAME)
@example("0:/", None)
@example("_#A", None)
@example("VIN VIN: ABC, WVWZZZ1JZ3W386752 and more", None)
@example("00ーА0", FRAME)
def test_reading_a_value_again_changes_nothing(text: str, kind: IdentifierKind | None) -> None:
    first = read_identifier(text, kind)
    again = read_identifier(first.value, first.kind)
    assert (again.value, again.display, again.changes) == (first.value, first.display, ())
    if first.value:
        # What stood around it is gone, and with it may be what it seemed to be instead; a model's code stays one.
        kept = [one for one in first.issues if one.code not in {"identifier_words_left_out", *Nature}]
        assert [one for one in again.issues if one.code not in set(Nature)] == kept


@given(vins)
def test_every_vin_is_read_as_it_is(number: str) -> None:
    reading = read_identifier(number)
    assert (reading.kind, reading.value, reading.changes, reading.ok) == (VIN, number, (), True)
    assert reading.display.replace(" ", "") == number


@given(vins, st.sets(st.integers(0, 16)))
def test_look_alikes_are_reported_one_to_one(number: str, places: set[int]) -> None:
    typed = "".join(cyrillic(c) if i in places else c for i, c in enumerate(number))
    reading = read_identifier(typed, VIN)
    assert reading.value == number
    assert list(reading.changes) == [
        Change(i, c, CYRILLIC_TO_LATIN[c]) for i, c in enumerate(typed, 1) if c in CYRILLIC_TO_LATIN
    ]
