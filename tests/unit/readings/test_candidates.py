"""Finding numbers among the texts of a photo: what is found, what is said of it, and what is left alone."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet_service.readings.domain import (
    MOST,
    OFFERED,
    Candidate,
    Seen,
    Source,
    candidates,
    shows_a_number,
    weighed,
)
from cabinet_service.readings.layout import Box
from shared_schemas import vin
from shared_schemas.identifiers import Change
from shared_schemas.letters import cyrillic
from shared_schemas.words import IdentifierKind, Shot

VIN, FRAME, PLATE = IdentifierKind.VIN, IdentifierKind.FRAME, IdentifierKind.PLATE
NUMBER = "SAL1A2A40SA606662"
AMERICAN = "1M8GDM9AXKP042788"  # with a check digit that fits

# Makers that never compute a check digit, so that any number of theirs is as good as another.
vins = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["Z94", "XWE", "XTA", "SAL", "WVW", "JMZ", "VF1"]),
        st.from_regex(r"[A-HJ-NPR-Z0-9]{10}[0-9]{4}", fullmatch=True),
    ),
)
plates = st.from_regex(r"[ABEKMHOPCTYX][0-9]{3}[ABEKMHOPCTYX]{2}[0-9]{2,3}", fullmatch=True)
# Seven digits of which the first is none of the model's, so that every reader divides them in one way.
frames = st.from_regex(r"[A-Z]{2,3}[0-9]{2}-[0-9]{7}", fullmatch=True)
shares = st.floats(0, 1)
boxes = st.builds(Box, shares, shares, shares, shares)
texts = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=60), st.text("ABOIQX019 -*SАВО", max_size=60)
)
anything = st.lists(st.builds(Seen, texts, shares, boxes, st.sampled_from(Source)), max_size=20)


def line(text: str, *, y: float = 0.4, x: float = 0.2, width: float = 0.6, confidence: float = 0.98) -> Seen:
    return Seen(text, confidence, Box(x, y, width, 0.08))


def best(*seen: Seen, shot: Shot | None = None) -> Candidate:
    return candidates(seen, shot=shot)[0]


def named(found: list[Candidate]) -> list[str]:
    return [one.reading.value for one in found]


@given(vins, st.sampled_from(["{}", "*{}*", "VIN {}", "VIN: *{}*", "+{}+", "No. {}"]))
def test_a_vin_is_found_in_whatever_stands_around_it(number: str, around: str) -> None:
    found = best(line(around.format(number)))
    assert (found.reading.kind, found.reading.value, found.reading.ok) == (VIN, number, True)
    assert found.reading.changes == ()


@given(vins, st.sampled_from([(0, 0), (1, 1), (1, 0), (0, 1)]), st.booleans())
def test_it_stands_where_its_characters_do_and_not_its_frame(
    number: str, frame: tuple[int, int], upside_down: bool
) -> None:
    before, after = frame
    seen = replace(line("*" * before + number + "*" * after), upside_down=upside_down)
    plain = replace(line(number), look=1, upside_down=upside_down)
    [found] = [one for one in weighed([seen, plain]) if one.reading.value == number]
    step = 0.6 / (before + len(number) + after)
    first, last = (after, before) if upside_down else (before, after)
    assert found.box.x == pytest.approx(0.2 + first * step)
    assert found.box.x + found.box.width == pytest.approx(0.8 - last * step)


@given(vins, st.integers(4, 13), st.sampled_from(["", "*"]))
def test_a_vin_in_two_lines_is_found_where_both_stand(number: str, cut: int, frame: str) -> None:
    upper, lower = line(frame + number[:cut], y=0.4), line(number[cut:] + frame, y=0.5)
    found = [one for one in weighed([lower, upper]) if one.reading.value == number]
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


@given(vins, st.integers(3, 16), st.sampled_from("OQI"))
def test_a_letter_that_no_vin_has_is_exchanged_with_a_word(number: str, place: int, letter: str) -> None:
    seen = number[:place] + letter + number[place + 1 :]
    meant = number[:place] + {"O": "0", "Q": "0", "I": "1"}[letter] + number[place + 1 :]
    [found] = weighed([line(seen)])
    assert (found.reading.value, found.reading.changes) == (meant, (Change(place + 1, letter, meant[place]),))
    assert best(line(number)).confidence > found.confidence


@pytest.mark.parametrize(
    ("read", "meant", "places"),
    [
        ("294C251BBKR034330", "Z94C251BBKR034330", {1}),
        ("794C251BBKR034330", "Z94C251BBKR034330", {1}),
        ("XVE62414BM0005846", "XWE62414BM0005846", {2}),
        ("XWEG2414BM000584B", "XWEG2414BM0005848", {17}),
        ("YF1JMSE0635154656", "VF1JMSE0635154656", {1}),
        ("K7LHSRHGN54429963", "X7LHSRHGN54429963", {1}),
    ],
)
def test_what_metal_makes_alike_is_told_apart_by_the_maker_and_shown(
    read: str, meant: str, places: set[int]
) -> None:
    [found] = candidates([line(read)])
    assert found.reading.value == meant
    assert {change.position for change in found.reading.changes} == places
    assert found.confidence < best(line(meant)).confidence


def test_what_begins_with_no_makers_code_is_not_offered() -> None:
    assert weighed([line("QQ4C251BBKR034330".replace("QQ", "ZZ"))]) == []
    assert weighed([line("981C251BBKR034330")]) == []


CHINESE = "LVVDB21B8MD175446"  # its maker computes a check digit, and this one fits


def doubtful(text: str, *places: int) -> Seen:
    scores = tuple(0.6 if place in places else 0.99 for place in range(1, len(text) + 1))
    return replace(line(text), scores=scores)


def test_a_check_digit_tells_what_was_misread_where_the_maker_computes_one() -> None:
    found = weighed([doubtful("LVVDB21B8M0175446", 11)])
    assert [(one.reading.value, len(one.reading.changes)) for one in found][:1] == [(CHINESE, 1)]
    # Two that would both fit are two too many, and what the reader was sure of is not touched.
    assert CHINESE not in named(weighed([line("LVVDB21B8M0175446")]))


def test_a_check_digit_says_nothing_where_the_maker_computes_none() -> None:
    fits = next(f"Z94C251B{digit}KR034330" for digit in "0123456789X" if _fits(f"Z94C251B{digit}KR034330"))
    differs = next(f"Z94C251B{digit}KR034330" for digit in "0123456789X" if digit != fits[8])
    assert best(line(fits)).confidence == best(line(differs)).confidence
    american = best(line(AMERICAN)).confidence
    misread = [
        one for one in weighed([line(AMERICAN[:-1] + "9")]) if one.reading.value == AMERICAN[:-1] + "9"
    ]
    assert [one.confidence < american for one in misread] == [True]


def _fits(number: str) -> bool:
    return vin.fits_check_digit(number)


def test_one_character_in_doubt_is_a_number_in_doubt() -> None:
    assert candidates([doubtful("XTAKS045LK1427586", 10)]) == []
    assert named(candidates([doubtful("XTAKS045LN1427586")])) == ["XTAKS045LN1427586"]


def test_a_second_look_that_says_the_same_counts_and_one_that_contradicts_counts_more() -> None:
    number, other = "Z94C251BBMR146257", "Z94C251B8NR146257"
    alone = best(line(number, confidence=0.97)).confidence
    both = weighed([line(number, confidence=0.97), replace(line(number, confidence=0.93), look=1)])
    assert both[0].confidence > alone
    apart = [line(number, confidence=0.95), replace(line(other, confidence=0.93), look=1)]
    assert candidates(apart) == []


def looks(*read: str, confidence: float = 0.97) -> list[Seen]:
    return [replace(line(text, confidence=confidence), look=look) for look, text in enumerate(read)]


MISREAD = "Z94C251B8MR146257"


def test_one_look_of_seven_may_say_otherwise_and_one_of_four_may_not() -> None:
    number = "Z94C251BBMR146257"
    assert named(candidates(looks(*[number] * 6, MISREAD))) == [number]
    assert candidates(looks(*[number] * 3, MISREAD)) == []
    assert candidates(looks(number, number, MISREAD, MISREAD)) == []


def test_looks_that_agree_make_up_for_doubts_of_each() -> None:
    number = "XTAGAB130H0993873"
    assert candidates([line(number, confidence=0.85)]) == []
    assert named(candidates(looks(*[number] * 4, confidence=0.85))) == [number]


@pytest.mark.parametrize(
    "other",
    [
        "XWEHN513G0000187",
        "XWEHN53GG000187",
        "MWEHN513GG0000187",
        "e1*2001/116*0291",
        "265/65R18",
        "HN513GG",
        "GOLF",
    ],
)
def test_a_look_that_lost_characters_or_names_no_maker_does_not_speak_against_a_number(other: str) -> None:
    number = "XWEHN513GG0000187"
    assert named(candidates(looks(number, number, other, other))) == [number]


def test_a_check_digit_that_fits_is_not_doubted_for_one_that_does_not() -> None:
    misread = CHINESE.replace("MD", "M0")
    assert named(candidates(looks(CHINESE, CHINESE, misread, misread, misread))) == [CHINESE]


def test_no_number_of_looks_makes_a_check_digit_fit() -> None:
    assert candidates(looks(*["1G1PG5S82E7282381"] * 7)) == []


def test_what_one_look_alone_repairs_by_the_check_digit_is_not_offered_over_the_others() -> None:
    unsure = replace(doubtful("1G1PG5S82E7282381", 7), look=0)
    assert candidates([unsure, *looks(*["1G1PG5S82E7282381"] * 4)[1:]]) == []


def test_a_number_that_reaches_the_edge_may_go_on_behind_it() -> None:
    assert candidates([line(NUMBER, x=0.0)]) == []
    assert candidates([line(NUMBER, x=0.4)]) == []
    assert named(candidates([line(NUMBER, x=0.01)])) == [NUMBER]


@pytest.mark.parametrize("asterisk", "X4KЖ")
def test_a_number_that_lacks_its_end_is_not_completed_from_the_asterisk(asterisk: str) -> None:
    assert candidates([line(f"*XWEG2414BM000584{asterisk}", confidence=0.96)]) == []


def test_weights_and_approvals_are_no_pieces_of_a_number() -> None:
    glued = [line("981400662500", y=0.4), line("KG850", y=0.5), line("e1*98/14*0066", y=0.3)]
    assert weighed(glued) == []
    assert weighed([line("Z94C25100662500 KG")]) == []
    assert weighed([line("TC RU E-RU.MT02.00651"), line("TCRUE-RU.AR04.00385", y=0.5)]) == []
    assert weighed([line("E-RU.A904.00333"), line("e2:2001/1160274", y=0.5), line("P265/85R18", y=0.6)]) == []


def test_lines_of_different_heights_are_not_glued() -> None:
    upper = Seen(NUMBER[:9], 0.98, Box(0.2, 0.4, 0.6, 0.08))
    assert candidates([upper, Seen(NUMBER[9:], 0.98, Box(0.2, 0.48, 0.6, 0.05))]) == []
    assert named(candidates([upper, Seen(NUMBER[9:], 0.98, Box(0.2, 0.49, 0.6, 0.08))])) == [NUMBER]


def test_an_asterisk_read_as_a_letter_is_left_out_and_said() -> None:
    found = weighed([line(f"X{NUMBER}")])
    assert named(found) == [NUMBER]
    [issue] = [one for one in found[0].reading.issues if one.code == "reading_end_left_out"]
    assert issue.params == {"left_out": "X"}
    assert found[0].confidence < best(line(NUMBER)).confidence
    assert named(weighed([line(f"X{NUMBER}K")])) == [NUMBER]


@given(frames)
def test_a_japanese_frame_number_is_found(number: str) -> None:
    found = best(line(f"FRAME NO. {number}"))
    assert (found.reading.kind, found.reading.value) == (FRAME, number)
    assert best(line(number.replace("-", " - "))).reading.value == number


def test_a_frame_number_without_its_hyphen_is_found_and_said() -> None:
    [found] = weighed([line("SV300169266")])
    assert (found.reading.kind, found.reading.value) == (FRAME, "SV300169266")
    assert [issue.code for issue in found.reading.issues] == ["frame_hyphen_missing"]


@given(plates)
def test_a_russian_plate_is_found_whichever_letters_the_reader_saw(number: str) -> None:
    in_one = best(line(number))
    assert (in_one.reading.kind, in_one.reading.value) == (PLATE, number)
    assert best(line(cyrillic(number))).reading == in_one.reading
    body, region = line(number[:6], width=0.5), Seen(number[6:], 0.98, Box(0.72, 0.4, 0.1, 0.05))
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
    assert weighed([line(text)]) == []


def test_the_shot_says_which_numbers_are_likelier() -> None:
    seen = [line(NUMBER), line("A123BC77", y=0.8)]
    assert [one.reading.kind for one in candidates(seen, shot=Shot.VIN_PLATE)] == [VIN]
    assert [one.reading.kind for one in candidates(seen, shot=Shot.FRONT)] == [PLATE]


def test_bars_and_characters_that_say_the_same_are_one_candidate() -> None:
    bars = Seen(f"I{NUMBER}", 1.0, Box(0.1, 0.1, 0.5, 0.1), Source.BARCODE)
    [found] = candidates([line(NUMBER, confidence=0.7), bars])[:1]
    assert (found.reading.value, found.source) == (NUMBER, Source.BARCODE)


@pytest.mark.parametrize(
    ("text", "seen"),
    [("SAL1A2A4", True), ("115899", True), ("XWEG??14BM0", True), ("А123ВС77", False), ("A123BC777", False),
     ("AUTODETECTIVE", False), ("M5", False), ("", False)],
)  # fmt: skip
def test_a_piece_of_a_number_is_told_from_a_plate_and_from_words(text: str, *, seen: bool) -> None:
    assert shows_a_number([line(text)]) == seen
    assert not shows_a_number([line(text, confidence=0.5)])


@given(anything, st.sampled_from([None, *Shot]))
def test_whatever_is_seen_few_candidates_come_of_it_best_first(seen: list[Seen], shot: Shot | None) -> None:
    assert len(candidates(seen, shot=shot)) <= MOST
    assert all(one.confidence >= OFFERED for one in candidates(seen, shot=shot))
    found = weighed(seen, shot=shot)
    assert all(0 <= one.confidence <= 1 for one in found)
    assert all(first.confidence >= second.confidence for first, second in pairwise(found))
    assert len({(one.reading.kind, one.reading.value) for one in found}) == len(found)


@given(anything)
def test_no_character_is_made_up(seen: list[Seen]) -> None:
    """What a candidate says was read, before the changes that it names, stands in what was seen."""
    shown = {c for one in seen for c in one.text.upper()} | {c for one in seen for c in one.text}
    for found in weighed(seen):
        changed = {change.position for change in found.reading.changes}
        for place, character in enumerate(found.reading.value, 1):
            if place not in changed and character != "-":
                assert character in shown or cyrillic(character) in shown
