"""What stands on the photos, column under column: what differs is marked, and nothing else is."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpa_service.cases.readings.domain import (
    GAP,
    LONGEST,
    UNKNOWN,
    Group,
    NotOnACar,
    Row,
    Said,
    Stands,
    as_it_stands,
    compare,
)
from shared_schemas import vin
from shared_schemas.words import IdentifierKind, Shot

VIN = "SAL1A2A40SA606662"
NUMBERS = st.text(alphabet=sorted(vin.ALPHABET), min_size=9, max_size=LONGEST)
ANYTHING = st.lists(
    st.builds(
        Said,
        st.text(alphabet=[*sorted(vin.ALPHABET), UNKNOWN, "-", "*"], min_size=1, max_size=LONGEST),
        st.booleans(),
    ),
    max_size=7,
)


def rows(*texts: str, aside: Sequence[str] = ()) -> tuple[Row, ...]:
    return compare([*map(Said, texts), *(Said(text, counts=False) for text in aside)])


def marked(*texts: str) -> list[str]:
    """What is marked in each row."""
    return ["".join(row.cells[column] for column in row.differs) for row in rows(*texts)]


def test_the_same_number_everywhere_differs_nowhere() -> None:
    assert marked(VIN, VIN, "*" + VIN + "*") == ["", "", ""]
    assert rows() == ()
    assert marked(VIN) == [""]


def test_the_row_that_is_otherwise_is_marked_and_where_two_are_at_odds_both() -> None:
    other = VIN.replace("40", "48")
    assert marked(VIN, VIN, other) == ["", "", "8"]
    assert marked(VIN, other) == ["0", "8"]
    assert marked(VIN, VIN, other, other) == ["0", "0", "8", "8"]


def test_a_zero_and_an_o_are_two_characters_and_what_nobody_can_read_is_none() -> None:
    assert marked(VIN, VIN, VIN.replace("0", "O", 1)) == ["", "", "O"]
    assert marked(VIN, VIN.replace("0", UNKNOWN, 1), VIN) == ["", "", ""]
    assert marked(UNKNOWN * 17, VIN) == ["", ""]


def test_of_a_missing_character_the_gap_is_marked_and_not_all_that_follows() -> None:
    body, plate, short = rows(VIN, VIN, VIN[:8] + VIN[9:])
    assert (body.differs, plate.differs) == ((), ())
    assert (short.cells[8], short.differs, short.characters) == (GAP, (8,), 16)
    assert (short.is_other_length, body.is_other_length) == (True, False)


def test_a_character_too_many_has_a_column_of_its_own() -> None:
    long = VIN[:5] + "X" + VIN[5:]
    plain, _, extra = rows(VIN, VIN, long)
    assert (plain.cells, extra.cells) == (VIN[:5] + GAP + VIN[5:], long)
    assert (plain.differs, extra.differs) == ((), (5,))


def test_a_number_of_another_kind_is_said_to_be_of_another_length_and_not_marked_all_over() -> None:
    other = rows(VIN, VIN, "JZX100-01")[2]
    assert (other.cells, other.characters, other.is_other_length) == ("JZX10001", 8, True)
    assert (other.laid_out, other.differs) == (False, ())


def test_a_frame_number_is_the_same_with_and_without_its_hyphen() -> None:
    assert marked("SV30-0169266", "SV300169266") == ["", ""]


def test_what_nobody_accepted_is_compared_and_counts_for_nothing() -> None:
    wrong = VIN.replace("6662", "8882")
    body, claim, read = rows(VIN, VIN, aside=[wrong])
    assert (body.differs, claim.differs, read.differs) == ((), (), (13, 14, 15))
    assert [row.differs for row in rows(VIN, aside=[wrong, wrong])] == [(), (13, 14, 15), (13, 14, 15)]
    assert [row.differs for row in rows(aside=[VIN, VIN])] == [(), ()]


@given(ANYTHING)
def test_nothing_is_lost_and_everything_stands_in_columns(said: list[Said]) -> None:
    found = compare(said)
    for one, row in zip(said, found, strict=True):
        plain = one.text.replace("-", "").replace("*", "")
        assert row.cells.replace(GAP, "") == plain
        assert row.characters == len(plain)
        assert all(0 <= column < len(row.cells) for column in row.differs)
        assert all(row.cells[column] != UNKNOWN for column in row.differs)
        assert row.laid_out or (row.is_other_length and not row.differs)
    assert len({len(row.cells) for row in found if row.laid_out}) <= 1


@given(ANYTHING, st.randoms(use_true_random=False))
def test_the_order_changes_nothing(said: list[Said], random: object) -> None:
    shuffled = list(said)
    random.shuffle(shuffled)  # type: ignore[attr-defined] - hypothesis gives a random.Random
    assert dict(zip(shuffled, compare(shuffled), strict=True)) == dict(zip(said, compare(said), strict=True))


@given(NUMBERS, st.data())
def test_exactly_the_changed_characters_are_marked_in_the_row_that_has_them(
    number: str, data: st.DataObject
) -> None:
    places = data.draw(st.sets(st.integers(0, len(number) - 1), max_size=5))
    changed = "".join("O" if place in places else character for place, character in enumerate(number))
    assert [row.differs for row in rows(number, number, changed)] == [(), (), tuple(sorted(places))]


@given(NUMBERS, st.data())
def test_one_character_less_is_one_gap(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(number) - 1))
    whole, _, short = rows(number, number, number[:place] + number[place + 1 :])
    assert (whole.cells, whole.differs) == (number, ())
    [column] = short.differs
    assert short.cells[column] == GAP
    assert short.is_other_length


@pytest.mark.parametrize(
    ("typed", "shot", "text", "kind"),
    [
        (" sal1a2a4 0sa606662 ", Shot.VIN_STAMPED, VIN, IdentifierKind.VIN),
        ("*SAL1A2A40SA606662*", Shot.VIN_STAMPED, VIN, IdentifierKind.VIN),
        ("ХТА210990", Shot.VIN_PLATE, "XTA210990", IdentifierKind.VIN),
        ("SAL1A2A40SA60666?", Shot.VIN_STAMPED, "SAL1A2A40SA60666?", IdentifierKind.VIN),
        ("SALIA2A4OSA606662", Shot.VIN_STAMPED, "SALIA2A4OSA606662", IdentifierKind.VIN),
        ("SV30-0169266", Shot.VIN_STAMPED, "SV30-0169266", IdentifierKind.FRAME),
        ("A" * LONGEST, Shot.OTHER, "A" * LONGEST, IdentifierKind.VIN),
        ("А123ВС77", Shot.FRONT, "A123BC77", IdentifierKind.PLATE),
        ("А123ВС77", Shot.VIN_STAMPED, "A123BC77", IdentifierKind.VIN),
        ("Ж12?45678", Shot.VIN_STAMPED, "Ж12?45678", IdentifierKind.VIN),
    ],
)
def test_what_is_typed_is_written_down_as_it_stands(
    typed: str, shot: Shot, text: str, kind: IdentifierKind
) -> None:
    assert as_it_stands(typed, shot) == Stands(text, kind)


@pytest.mark.parametrize("typed", ["", "  ", "A" * (LONGEST + 1), "SAL1A2A4\N{SNOWMAN}", "\x00" * 5, "!!!"])
def test_what_nobody_strikes_is_none(typed: str) -> None:
    with pytest.raises(NotOnACar):
        as_it_stands(typed, Shot.VIN_STAMPED)


def test_plates_are_compared_with_plates() -> None:
    assert [Group.of(kind) for kind in IdentifierKind] == [Group.BODY, Group.BODY, Group.PLATE]
