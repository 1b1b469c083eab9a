"""Finding numbers among the texts of a photo: what is found, what is said of it, and what is left alone."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet_service.inspections.identifiers import Change
from cabinet_service.inspections.identifiers.letters import cyrillic
from cabinet_service.readings.domain import MOST, Candidate, Seen, Source, candidates
from cabinet_service.readings.layout import Box
from shared_schemas.words import IdentifierKind, Shot

VIN, FRAME, PLATE = IdentifierKind.VIN, IdentifierKind.FRAME, IdentifierKind.PLATE
NUMBER = "SAL1A2A40SA606662"
AMERICAN = "1M8GDM9AXKP042788"  # with a check digit that fits

vins = st.from_regex(r"[A-HJ-NPR-Z0-9]{13}[0-9]{4}", fullmatch=True).filter(lambda one: not one.isdigit())
plates = st.from_regex(r"[ABEKMHOPCTYX][0-9]{3}[ABEKMHOPCTYX]{2}[0-9]{2,3}", fullmatch=True)
# Seven digits of which the first is none of the model's, so that every reader divides them in one way.
frames = st.from_regex(r"[A-Z]{2,3}[0-9]{2}-[0-9]{7}", fullmatch=True)
shares = st.floats(0, 1)
boxes = st.builds(Box, shares, shares, shares, shares)
texts = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=60), st.text("ABOIQX019 -*SАВО", max_size=60)
)
anything = st.lists(st.builds(Seen, texts, shares, boxes, st.sampled_from(Source)), max_size=20)


def line(text: str, *, y: float = 0.4, x: float = 0.2, width: float = 0.6, confidence: float = 0.9) -> Seen:
    return Seen(text, confidence, Box(x, y, width, 0.08))


def best(*seen: Seen, shot: Shot | None = None) -> Candidate:
    return candidates(seen, shot=shot)[0]


def named(found: list[Candidate]) -> list[str]:
    return [one.reading.value for one in found]


@given(vins, st.sampled_from(["{}", "*{}*", "VIN {}", "VIN: *{}*", "{} *", "+{}+", "No. {}"]))
def test_a_vin_is_found_in_whatever_stands_around_it(number: str, around: str) -> None:
    found = best(line(around.format(number)))
    assert (found.reading.kind, found.reading.value, found.reading.ok) == (VIN, number, True)
    assert found.reading.changes == ()


@given(vins, st.integers(4, 13), st.sampled_from(["", "*"]))
def test_a_vin_in_two_lines_is_found_where_both_stand(number: str, cut: int, frame: str) -> None:
    upper, lower = line(frame + number[:cut], y=0.4), line(number[cut:] + frame, y=0.5)
    found = [one for one in candidates([lower, upper]) if one.reading.value == number]
    [box] = [one.box for one in found]
    assert (box.x, box.y, box.width, box.height) == pytest.approx((0.2, 0.4, 0.6, 0.18))


@given(vins, st.text("*- ", max_size=3), st.integers(1, 16))
def test_gaps_in_a_vin_mean_nothing(number: str, gap: str, place: int) -> None:
    assert best(line(number[:place] + gap.replace("*", "") + number[place:])).reading.value == number


@given(vins)
def test_cyrillic_look_alikes_are_repaired_and_said(number: str) -> None:
    typed = cyrillic(number)
    found = best(line(typed))
    assert found.reading.value == number
    assert found.reading.changes == tuple(
        Change(place, seen, meant)
        for place, (seen, meant) in enumerate(zip(typed, number, strict=True), 1)
        if seen != meant
    )


@given(vins, st.integers(0, 16), st.sampled_from("OQI"))
def test_a_letter_that_no_vin_has_is_exchanged_with_a_word_and_offered_as_it_was_read(
    number: str, place: int, letter: str
) -> None:
    seen = number[:place] + letter + number[place + 1 :]
    meant = number[:place] + {"O": "0", "Q": "0", "I": "1"}[letter] + number[place + 1 :]
    found = {one.reading.value: one for one in candidates([line(seen)])}
    if not any(c.isdigit() for c in meant) or not any(c.isalpha() for c in seen):
        return
    assert found[meant].reading.changes == (Change(place + 1, letter, meant[place]),)
    assert found[seen].reading.changes == ()
    assert found[seen].reading.issues[0].code == "vin_bad_character"
    assert best(line(number)).confidence > found[meant].confidence > found[seen].confidence


def test_a_check_digit_that_fits_speaks_for_a_candidate_and_no_other_counts_against_one() -> None:
    fits, differs = best(line(AMERICAN)), best(line(AMERICAN[:-1] + "9"))
    assert fits.reading.vin_facts is not None
    assert fits.reading.vin_facts.check_digit.fits
    assert fits.confidence == pytest.approx(0.95)
    assert differs.confidence == pytest.approx(0.9)


def test_an_asterisk_read_as_a_letter_is_left_out_and_said() -> None:
    found = candidates([line(f"X{NUMBER}")])
    assert named(found)[0] == NUMBER
    [issue] = [one for one in found[0].reading.issues if one.code == "reading_end_left_out"]
    assert issue.params == {"left_out": "X"}
    assert found[0].confidence < 0.9
    assert named(candidates([line(f"X{NUMBER}K")])) == [NUMBER]


@given(frames)
def test_a_japanese_frame_number_is_found(number: str) -> None:
    found = best(line(f"FRAME NO. {number}"))
    assert (found.reading.kind, found.reading.value) == (FRAME, number)
    assert best(line(number.replace("-", " - "))).reading.value == number


def test_a_frame_number_without_its_hyphen_is_found_and_said() -> None:
    found = best(line("SV300169266"))
    assert (found.reading.kind, found.reading.value) == (FRAME, "SV300169266")
    assert [issue.code for issue in found.reading.issues] == ["frame_hyphen_missing"]


@given(plates)
def test_a_russian_plate_is_found_whichever_letters_the_reader_saw(number: str) -> None:
    in_one = best(line(number))
    assert (in_one.reading.kind, in_one.reading.value) == (PLATE, number)
    assert best(line(cyrillic(number))).reading == in_one.reading
    body, region = line(number[:6], width=0.5), Seen(number[6:], 0.9, Box(0.72, 0.4, 0.1, 0.05))
    assert best(body, region).reading == in_one.reading


def test_a_zero_read_for_a_letter_of_a_plate_is_exchanged_with_a_word() -> None:
    found = best(line("0001OO77"))
    assert (found.reading.value, found.reading.display) == ("O001OO77", "О 001 ОО 77")
    assert found.reading.changes == (Change(1, "0", "О"),)
    assert found.confidence < best(line("O001OO77")).confidence


@pytest.mark.parametrize(
    "text",
    ["AUTODETECTIVE MOTORS", "1915 kg", "TYPE AD-17", "MAX 3415 KG 970 KG", "КПД 0123", "17.05.2021",
     "AUTODETECTIVEMOTO", "12345678901234567", "+7 912 345-67-89", ""],
)  # fmt: skip
def test_what_else_stands_on_a_car_is_no_number_of_it(text: str) -> None:
    assert candidates([line(text)]) == []


def test_the_shot_says_which_numbers_are_likelier() -> None:
    seen = [line(NUMBER), line("A123BC77", y=0.8)]
    assert candidates(seen, shot=Shot.VIN_PLATE)[0].reading.kind is VIN
    assert candidates(seen, shot=Shot.FRONT)[0].reading.kind is PLATE


def test_bars_and_characters_that_say_the_same_are_one_candidate() -> None:
    bars = Seen(f"I{NUMBER}", 1.0, Box(0.1, 0.1, 0.5, 0.1), Source.BARCODE)
    [found] = candidates([line(NUMBER, confidence=0.7), bars])[:1]
    assert (found.reading.value, found.source) == (NUMBER, Source.BARCODE)


@given(anything, st.sampled_from([None, *Shot]))
def test_whatever_is_seen_few_candidates_come_of_it_best_first(seen: list[Seen], shot: Shot | None) -> None:
    found = candidates(seen, shot=shot)
    assert len(found) <= MOST
    assert all(0 <= one.confidence <= 1 for one in found)
    assert all(first.confidence >= second.confidence for first, second in pairwise(found))
    assert len({(one.reading.kind, one.reading.value) for one in found}) == len(found)


@given(anything)
def test_no_character_is_made_up(seen: list[Seen]) -> None:
    """What a candidate says was read, before the changes that it names, stands in what was seen."""
    shown = {c for one in seen for c in one.text.upper()} | {c for one in seen for c in one.text}
    for found in candidates(seen):
        changed = {change.position for change in found.reading.changes}
        for place, character in enumerate(found.reading.value, 1):
            if place not in changed and character != "-":
                assert character in shown or cyrillic(character) in shown
