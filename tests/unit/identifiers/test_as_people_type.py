"""Numbers with what stands around them, and numbers that are none: what is read, what is offered."""

import csv
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from shared_schemas import vin
from shared_schemas.identifiers import read_identifier
from shared_schemas.identifiers.candidates import MOST, MOST_MISSING, Reason, candidates
from shared_schemas.identifiers.natures import Nature
from shared_schemas.letters import latin
from shared_schemas.vin.learned import Record, learn
from shared_schemas.vin.masks import is_masked
from shared_schemas.words import IdentifierKind

VIN, FRAME, PLATE = IdentifierKind
ODD = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "vin" / "odd_inputs.csv"

vins = st.text(sorted(vin.ALPHABET), min_size=17, max_size=17)


@pytest.mark.parametrize(
    "typed",
    [
        "VIN: X4X3A59450J024854",
        "VIN:X4X3A59450J024854",
        "VIN № X4X3A59450J024854",
        "VIN-номер X4X3A59450J024854",
        "вин X4X3A59450J024854.",
        "VINX4X3A59450J024854",
        "Номер кузова: *X4X3A59450J024854*",
        "(X4X3A59450J024854)",
        "X4X3A5945\n0J024854",
        "x4x.3a5945.0j024854",
    ],
)
@pytest.mark.parametrize("kind", [None, VIN])
def test_what_says_what_it_is_is_no_part_of_it(typed: str, kind: IdentifierKind | None) -> None:
    reading = read_identifier(typed, kind)
    assert (reading.value, reading.issues) == ("X4X3A59450J024854", ())


@pytest.mark.parametrize(
    ("typed", "value", "left_out"),
    [
        ("ХW8ZZZ5NZMG023644 Lada Priora", "XW8ZZZ5NZMG023644", "LADA PRIORA"),
        ("Opel, WVWZZZ1JZ 3W386752", "WVWZZZ1JZ3W386752", "OPEL"),
        ("XTA217030B0288765, кузов XTA217030B0288765", "XTA217030B0288765", "КУЗОВ XTA217030B0288765"),
        ("Toyota Camry SV30 0169266", "SV30-0169266", "TOYOTA CAMRY"),
    ],
)
def test_words_beside_a_number_are_left_out_and_that_is_said(typed: str, value: str, left_out: str) -> None:
    reading = read_identifier(typed)
    assert (reading.value, reading.ok) == (value, True)
    said = reading.issues[-1]
    assert (said.code, said.params) == ("identifier_words_left_out", {"left_out": left_out})


@pytest.mark.parametrize(
    "typed",
    [
        "WVWZZZ1JZ3W386752 or WVWZZZ1JZ3W386753",
        "RJ031-0000301 to RJ031-0029567",
        "VWA***F24*100008",
        "Built out of sequence.",
        "https://example.org/WVWZZZ1JZ3W386752",
    ],
)
def test_of_two_numbers_and_of_hidden_characters_none_is_chosen(typed: str) -> None:
    assert not read_identifier(typed).ok


def test_separators_of_plates_mean_nothing() -> None:
    reading = read_identifier("Р+987-ТС_166")
    assert (reading.kind, reading.value, reading.display) == (PLATE, "P987TC166", "Р 987 ТС 166")


@pytest.mark.parametrize(
    ("typed", "value", "reason"),
    [
        ("LB3FX1S115RB136181", "LB3FX1S15RB136181", Reason.DOUBLED),
        ("EC3DLUFD1TC0112832", "EC3DLUFD1TC012832", Reason.DOUBLED),
        ("X7LIJA15BAC1031155", "X7LJA15BAC1031155", Reason.LETTER),
        ("Y4K862ZXPB908157", "Y4K8622ZXPB908157", Reason.DROPPED),
        ("1HGCM82633A0O4352", "1HGCM82633A004352", Reason.LETTER),
        ("WAUZZZ4B62NO.81490", "WAUZZZ4B62N081490", Reason.LETTER),
        ("NZE1243008110", "NZE124-3008110", Reason.HYPHEN),
        ("E11321342", "E11-321342", Reason.HYPHEN),
    ],
)
def test_what_was_meant_is_offered_and_not_taken(typed: str, value: str, reason: Reason) -> None:
    reading = read_identifier(typed)
    offered = candidates(reading)
    assert reading.value != value
    assert not reading.ok
    assert (offered[0].value, offered[0].reason) == (value, reason)


def test_a_frame_that_can_be_divided_in_two_ways_is_offered_in_both() -> None:
    offered = candidates(read_identifier("SCP110067053", FRAME))
    assert [one.value for one in offered] == ["SCP11-0067053", "SCP110-067053"]


def test_a_plate_where_a_vin_was_asked_for_is_offered_as_a_plate() -> None:
    (offered,) = candidates(read_identifier("А123ВС777", VIN))
    assert (offered.kind, offered.display, offered.reason) == (PLATE, "А 123 ВС 777", Reason.KIND)


@pytest.mark.parametrize(
    "typed",
    [
        "WVWZZZ1JZ3W386752",  # a VIN
        "LS5A3DKR8RA0091927",  # no shorter one has a check digit that fits
        "JMBSN11WRZ000210",  # nobody computes one there
        "QWVWZZZ1JZ3W38675",  # no maker's code begins with a zero
        "1HGCM82633A00435I",  # the check digit speaks against 1
    ],
)
def test_where_nothing_speaks_for_a_number_none_is_offered(typed: str) -> None:
    assert candidates(read_identifier(typed)) == ()


@given(st.text(max_size=60) | vins.map(lambda number: number[:-1]) | vins.map(lambda number: number + "0"))
@example("X7LIJA15BAC1031155")
@example("NZE1243008110")
def test_whatever_is_offered_can_be_sent_and_is_another_reading(text: str) -> None:
    reading = read_identifier(text)
    offered = candidates(reading)
    missing = [one for one in offered if one.reason is Reason.MISSING]
    assert len(missing) <= MOST_MISSING
    assert len(offered) - len(missing) <= MOST
    for one in offered:
        again = read_identifier(one.value, one.kind)
        assert (again.ok, again.value, again.display) == (True, one.value, one.display)
        assert (one.kind, one.value) != (reading.kind, reading.value)


@given(vins, st.integers(0, 16))
def test_a_doubled_character_is_always_found_where_no_check_digit_is_computed(
    number: str, place: int
) -> None:
    european = "WVW" + number[3:]
    doubled = european[: place + 1] + european[place:]
    assume(not is_masked(doubled))  # three X in a row hide something
    assert european in {one.value for one in candidates(read_identifier(doubled, VIN))} or _has_many(doubled)


def _has_many(doubled: str) -> bool:
    return sum(one == other for one, other in pairwise(doubled)) > MOST


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("SAL1A2A4OSA60666", VIN, "SAL1A2A4OSA60666"),
        ("XTA2109904357689IO", VIN, "XTA2109904357689IO"),
        ("ЖTA21099043576891", VIN, "ЖTA21099043576891"),
        ("WVW***1JZ3W386752", VIN, "WVW***1JZ3W386752"),
        ("ABCDEF", FRAME, "ABCDEF"),
        ("П789ЫЦ66", PLATE, "П789ЫЦ66"),
    ],
)
def test_what_stands_on_the_car_is_sent_as_it_stands(typed: str, kind: IdentifierKind, value: str) -> None:
    assert not read_identifier(typed, kind).ok
    seen = read_identifier(typed, kind, as_seen=True)
    assert (seen.value, seen.ok, seen.breaks_rules) == (value, True, True)
    assert seen.issues, "what is odd about it is still told"


@pytest.mark.parametrize(
    "typed", ["", "SAL1A2A4😀SA606662", "SAL1A2\u202e40SA606662", "\x1b" * 17, "x" * 150]
)
@pytest.mark.parametrize("kind", [VIN, FRAME, PLATE])
def test_what_nobody_stamps_is_refused_all_the_same(typed: str, kind: IdentifierKind) -> None:
    assert not read_identifier(typed, kind, as_seen=True).ok


def test_what_breaks_no_rule_needs_nobodys_word() -> None:
    seen = read_identifier("WVWZZZ1JZ3W386752", as_seen=True)
    assert (seen.ok, seen.breaks_rules) == (True, False)


@given(st.text(max_size=40), st.sampled_from(IdentifierKind))
def test_a_word_for_it_changes_no_character(text: str, kind: IdentifierKind) -> None:
    plain, seen = read_identifier(text, kind), read_identifier(text, kind, as_seen=True)
    if plain.ok:
        said = {issue.code for issue in plain.issues}
        assert seen.value == plain.value or "identifier_words_left_out" in said
    else:
        assert seen.value == plain.value


@pytest.mark.skipif(not ODD.is_file(), reason="the folder of real data is not there")
def test_odd_inputs_of_real_people_are_read_or_offered() -> None:
    with ODD.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["expected_identifier"]]
    missed: list[str] = []
    for row in rows:
        reading = read_identifier(row["raw"].replace("\\n", "\n"))
        offered = [one.value for one in candidates(reading)] if not reading.ok else [reading.value]
        if latin(row["expected_identifier"]) not in offered:
            missed.append(row["raw"])
    # Of this a character is missing that nothing else tells: its plant computes no check digit.
    assert missed == ["EDAVGC30TL109357"]
    assert len(rows) == 35


def test_what_tables_do_not_tell_is_offered_where_one_s_own_records_know_such_cars() -> None:
    meant = "EDAVGC3B0TL109357"
    known = learn(Record(f"{meant[:11]}{number:06}", 2026, "Jetour") for number in range(10))

    offered = [one.value for one in candidates(read_identifier("EDAVGC30TL109357"), known)]

    assert meant in offered


@pytest.mark.parametrize(
    ("typed", "kind", "code"),
    [
        ("б/н", None, "identifier_not_stated"),
        ("отсутствует", None, "identifier_not_stated"),
        ("Built out of sequence.", None, "identifier_not_stated"),
        ("https://www.avito.ru/moskva/avtomobili/vin_1234567890", None, "identifier_is_link"),
        ("LP300000 - LP418689", None, "identifier_is_range"),
        ("RJ031-0000301 to RJ031-0029567 (UK Spec)", None, "identifier_is_range"),
        ("63МН866130", None, "identifier_is_document"),
        ("DAA-ZVW30", None, "identifier_is_model_code"),
        ("VF7******AZ025918", None, "vin_masked"),
        ("VWA***F24*100008", None, "vin_masked"),
        ("WVWZZZ1Kх8Wхххх13", None, "vin_masked"),
        ("WVWZZZ1KxCPxxxx59", None, "vin_masked"),
        ("11111111111111111", None, "vin_placeholder"),
        ("0123456789ABCDEFG", None, "vin_placeholder"),
        ("В000ХХ20", None, "plate_never_issued"),
        ("JZX100-0045b630", FRAME, "frame_serial_not_digits"),
    ],
)
def test_what_is_typed_in_place_of_a_number_is_said_by_its_name(
    typed: str, kind: IdentifierKind | None, code: str
) -> None:
    reading = read_identifier(typed, kind)
    assert code in {issue.code for issue in reading.issues}
    sendable = {"vin_placeholder", "plate_never_issued", "frame_serial_not_digits"}
    assert reading.ok is (code in sendable)
    assert candidates(reading) == ()


@pytest.mark.parametrize(
    "typed", ["XTA-210990-43576891", "WVW ZZZ", "SV30-0169266", "GP2-312", "@ :::: @", "a b c"]
)
def test_a_number_is_taken_for_nothing_else(typed: str) -> None:
    assert not {issue.code for issue in read_identifier(typed).issues} & set(Nature)
