"""What somebody typed is read as they meant it, and nothing that is typed breaks anything."""

import pytest
from hypothesis import example, given

from service_kit.search.asking.question import LONGEST, Asked, TakenFor, read
from service_kit.search.documents import LONGEST_NAME, NameKind, TextField
from service_kit.search.names import has_run
from service_kit.search.questions import (
    ANY,
    MOST_ALTERNATIVES,
    MOST_TERMS,
    ONE,
    NamePattern,
    Term,
    Words,
)
from service_kit.search.words import words_of
from tests.unit.search.asked import TODAY, alternatives, anything, asked, days, keys, nearly, words


def test_what_an_expert_remembers() -> None:
    typed = "That grey Skoda from Kazan in March, the re-struck one, VIN ends in 7654 or 7854."
    assert words(typed) == [["grey"], ["skoda"], ["kazan"], ["re struck"], []]
    assert keys(typed)[-1] == ["*7654", "*7854"]
    assert days(typed) == ("2026-03-01", "2026-03-31")
    assert [(one.text, one.taken_for.value) for one in asked(typed).understood] == [
        *(("grey", "words"), ("Skoda", "words"), ("Kazan", "words"), ("in March", "dates")),
        *(("re-struck", "words"), ("7654", "name"), ("7854", "name")),
    ]


@pytest.mark.parametrize(
    "typed", ["*", "???", "", "  ", '"', '""', "«»", "* ? *", "a", "or", "или или", "|", "- + ~"]
)
def test_what_says_nothing_is_nothing_to_look_for(typed: str) -> None:
    assert asked(typed) == Asked()


@pytest.mark.parametrize("typed", ["7654 or 7854", "7654 или 7854", "7654|7854", "7654 | 7854", "7654/7854"])
def test_alternatives_are_one_term(typed: str) -> None:
    assert keys(typed) == [["7654", "7854"]]
    assert keys(f"or {typed} or") == [["7654", "7854"]]


def test_of_alternatives_none_is_crowded_out() -> None:
    [found] = keys("f123dc77 or WVWZZZ1KxCPxxxx59 or 8 912 345 67 89")
    assert {"F123DC77", "WVWZZZ1KXCPXXXX59", "79123456789"} <= set(found)


def test_quotes_keep_words_together_and_unbalanced_ones_are_nothing() -> None:
    for quoted in ('"перебит номер"', "«перебит номер»", "“перебит номер”", "„перебит номер“"):
        assert words(f"{quoted} шкода ") == [["перебит номер"], ["шкода"]]
        assert words(f"{quoted[:-1]} шкода ") == [["перебит"], ["номер"], ["шкода"]]
    assert words('"the car" ') == [["the car"]]


def test_only_the_last_word_may_go_on_and_only_while_it_is_typed() -> None:
    assert words("шкода окт") == [["шкода"], ["окт…"]]
    assert words("шкода окт ") == [["шкода"], ["окт"]]
    assert words("шкод* окт ") == [["шкод…"], ["окт"]]
    assert words("шкода вчера") == [["шкода"]]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("irjlf ", ["irjlf", "шкода"]),
        ("rfpfym ", ["rfpfym", "казань"]),
        ("[jylf ", ["jylf", "хонда"]),
        ("ылщвф ", ["ылщвф", "skoda"]),
        ("сфькн ", ["сфькн", "camry"]),
        ("SKОDА ", ["skоdа", "skoda"]),
        ("skoda ", ["skoda"]),
        ("шкода ", ["шкода"]),
        ("длинношеее ", ["длинношеее"]),
    ],
)
def test_words_in_the_wrong_alphabet_are_read_both_ways(typed: str, expected: list[str]) -> None:
    [found] = words(typed)
    assert found == [one for one in expected if one in found]
    assert found[-1] == expected[-1]


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        *(("заклёпка", "заклепок"), ("заклёпок", "заклепка"), ("участки", "участок"), ("участок", "участка")),
        *(("ремня", "ремень"), ("ремень", "ремня"), ("стойку", "стоек"), ("стоек", "стойка")),
        *(("конца", "конец"), ("конец", "конца"), ("крышек", "крышка"), ("note:заклёпка", "заклепок")),
    ],
)
def test_words_in_which_a_vowel_comes_and_goes_are_looked_for_in_both_ways(typed: str, other: str) -> None:
    [found] = words(f"{typed} ")
    assert other in found
    assert other not in words(typed)[0]


@pytest.mark.parametrize(
    ("typed", "kinds", "fields"),
    [
        ("vin:7654", {NameKind.NUMBER}, None),
        ("VIN: 7654", {NameKind.NUMBER}, None),
        ("кузов:7654", {NameKind.NUMBER}, None),
        ("plate:123", {NameKind.PLATE}, None),
        ("госномер:123", {NameKind.PLATE}, None),
        ("phone:912345", {NameKind.PHONE}, None),
        ("дело:123", {NameKind.CASE}, None),
        ("expert:ivan", None, {TextField.PEOPLE}),
        ('эксперт:"Иван Петров"', None, {TextField.PEOPLE}),
        ("finding:cut", None, {TextField.FINDINGS}),
        ("сообщение:привет", None, {TextField.MESSAGES}),
        ("note:x5", None, {TextField.NOTES}),
    ],
)
def test_what_stands_before_a_colon_says_where_to_look(
    typed: str, kinds: set[NameKind] | None, fields: set[TextField] | None
) -> None:
    [term] = asked(typed).terms
    for one in term.alternatives:
        if isinstance(one, NamePattern):
            assert one.kinds == kinds
        else:
            assert one.fields == fields


def test_an_unknown_word_before_a_colon_is_a_word() -> None:
    assert words("foo:bar ") == [["foo"], ["bar"]]
    assert words("клиент:иван ") == [["клиент"], ["иван"]], "documents have no names of clients"
    assert words("кузов битый ") == [["кузов"], ["битый"]]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("grey AND skoda", ["grey", "skoda"]),
        ("+grey -skoda", ["grey", "skoda"]),
        ("NOT grey && !skoda", ["grey", "skoda"]),
        ("(grey skoda)", ["grey", "skoda"]),
        ("grey~2 skoda^3", ["grey", "2", "skoda", "3"]),
        ("grey & skoda", ["grey", "skoda"]),
        ("grey <-> skoda", ["grey", "skoda"]),
        ("[grey TO skoda]", ["grey", "skoda"]),
        ("{grey} \\skoda\\", ["grey", "skoda"]),
        ("grey' skoda'--", ["grey", "skoda"]),
        ("%grey% _skoda_", ["grey", "skoda"]),
    ],
)
def test_operators_of_other_languages_are_no_operators(typed: str, expected: list[str]) -> None:
    assert [found for found, *_ in words(f"{typed} ")] == expected


@pytest.mark.parametrize(
    ("typed", "since", "until"),
    [
        ("вчера", "2026-11-28", "2026-11-28"),
        ("позавчера", "2026-11-27", "2026-11-27"),
        ("today", "2026-11-29", "2026-11-29"),
        ("yesterday skoda", "2026-11-28", "2026-11-28"),
        ("in March", "2026-03-01", "2026-03-31"),
        ("в марте", "2026-03-01", "2026-03-31"),
        ("март", "2026-03-01", "2026-03-31"),
        ("февраль 2024", "2024-02-01", "2024-02-29"),
        ("в декабре", "2025-12-01", "2025-12-31"),  # the last one that has begun
        ("December 2026", "2026-12-01", "2026-12-31"),
        ("марта 2025 года", "2025-03-01", "2025-03-31"),
        ("15 марта", "2026-03-15", "2026-03-15"),
        ("15 марта 2024 г.", "2024-03-15", "2024-03-15"),
        ("March 15, 2024", "2024-03-15", "2024-03-15"),
        ("15th March", "2026-03-15", "2026-03-15"),
        ("30 November", "2025-11-30", "2025-11-30"),
        ("01.03.2026", "2026-03-01", "2026-03-01"),
        ("1.3.26", "2026-03-01", "2026-03-01"),
        ("2026-03-01", "2026-03-01", "2026-03-01"),
        ("с 1 по 15 марта", "2026-03-01", "2026-03-15"),
        ("from 1 to 15 March 2025", "2025-03-01", "2025-03-15"),
        ("с 01.03.2026 по 15.03.2026", "2026-03-01", "2026-03-15"),
        ("с марта по май", "2026-03-01", "2026-05-31"),
        ("since March", "2026-03-01", None),
        ("до 15 марта 2026", None, "2026-03-15"),
        ("на прошлой неделе", "2026-11-16", "2026-11-22"),
        ("this week", "2026-11-23", "2026-11-29"),
        ("в прошлом месяце", "2026-10-01", "2026-10-31"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("в этом месяце", "2026-11-01", "2026-11-30"),
    ],
)
def test_days_are_read(typed: str, since: str | None, until: str | None) -> None:
    assert days(typed) == (since, until)
    assert any(one.taken_for is TakenFor.DATES for one in asked(typed).understood)


@pytest.mark.parametrize(
    "typed",
    [
        *("2019", "шкода 2019 года", "в 2019", "с 2019", "31.02.2026", "99.99.2026", "мая", "клиент Марта"),
        *(
            "may",
            "march",
            "from Kazan",
            "from",
            "last",
            "с 5 по",
            '"вчера"',
            "note:вчера",
            "12.03",
            "15",
            "0 мая",
        ),
        *("15 of", "last skoda", "this", "March 45", "1.1.1850"),
    ],
)
def test_what_may_mean_something_else_hides_nothing(typed: str) -> None:
    found = days(typed)
    assert found == (None, None) or typed in {"мая", "0 мая", "March 45"}


def test_a_year_is_a_word_and_a_part_of_a_number() -> None:
    assert (keys("шкода 2019 "), words("шкода 2019 ")) == ([[], ["2019"]], [["шкода"], ["2019"]])
    assert keys("mazda cx-5 2019 ")[1:] == [["CX5"], ["2019"]]


def test_what_is_too_much_is_left_out() -> None:
    many = " ".join(f"word{number}" for number in range(40))
    assert len(asked(many).terms) == MOST_TERMS
    [term] = asked(" or ".join(f"word{number}" for number in range(40))).terms
    assert len(term.alternatives) == MOST_ALTERNATIVES
    assert asked("x" * 10_000).terms == asked("x" * LONGEST).terms
    assert asked(f"skoda{' ' * 10_000}kazan") == asked("skoda ")


@given(anything | nearly)
@example("\ud800" * 30)
@example("«" * 500)
@example('"' * 499)
@example("*a" * 250)
@example("?1" * 250)
@example("1-" * 250)
@example("в " * 250)
@example("1 or " * 100)
@example("vin:" * 125)
@example("\x00")
@example("ﷺ" * 20)
def test_reading_never_raises_and_keeps_to_its_limits(typed: str) -> None:
    found = asked(typed)

    assert len(found.terms) <= MOST_TERMS
    assert all(1 <= len(term.alternatives) <= MOST_ALTERNATIVES for term in found.terms)
    assert all(len(set(term.alternatives)) == len(term.alternatives) for term in found.terms)
    for one in alternatives(found):
        if isinstance(one, NamePattern):
            assert 1 <= len(one.key) <= LONGEST_NAME
            assert one.key.replace(ONE, "").replace(ANY, "").isalnum()
            assert not one.is_pattern or has_run(one.key)
        else:
            assert one.words
            assert all(words_of(word) == [word] for word in one.words)
    for part in found.understood:
        assert part.text in typed
    assert found.since is None or found.until is None or found.since <= found.until


@given(nearly)
def test_spaces_before_and_behind_mean_nothing_more_than_that_nothing_is_typed(typed: str) -> None:
    assert read(f" \t{typed} ", today=TODAY) == read(f"{typed}  ", today=TODAY)


def test_terms_are_equal_whoever_types_them() -> None:
    assert asked("7654 ").terms == (Term((NamePattern("7654"), Words(("7654",)))),)
