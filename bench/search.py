"""Finding cases by whatever somebody remembers, in PostgreSQL, among generated ones and among ten times as many.

The numbers have the beginnings that cars share: 300 models, and a serial. Each question is typed as people type,
read as the route reads it, and asked for a page with the counts of all facets.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Final
from uuid import UUID

from bench.harness import Figure
from deploy.embedded.postgres import EmbeddedPostgres, run_sql
from deploy.embedded.stack import CHECKOUT
from service_kit.migrations import migrate
from service_kit.pool import Pool
from service_kit.search.asking.question import read
from service_kit.search.documents import Document, Name, NameKind, TextField
from service_kit.search.postgres.index import PostgresIndex
from service_kit.search.postgres.tables import DOCUMENTS
from service_kit.search.questions import Question
from shared_schemas import vin

WRITTEN: Final = int(os.environ.get("AUTODETECTIVE_BENCH_SEARCH", "20000"))
"""Of 100,000, so of 1,000,000 in the end, it takes half an hour."""
TIMES: Final = 10
ASKED: Final = 150
PAGE: Final = 50
IDENTIFIERS_MS: Final = 15
GROWTH: Final = 2.0
SLOWER: Final = 2.0
FLOOR_MS: Final = 2.0
CALLS: Final = 20
CUSTOM: Final = slice(1, 5)  # not the first one, which prepares
LATER: Final = slice(6, None)

_AT_ONCE: Final = 1000
_CHANGED: Final = 500
_CHANGING: Final = "a change"
_INDEX: Final = f"ix_{DOCUMENTS}_lexemes"
_FIELDS: Final = ", ".join(TextField)
_DIGITS: Final = "0123456789"
# The same cases with other numbers: each digit of a name and of its lexemes is another. Those of its mistakes are
# no longer its own then, but there are as many of them.
_OTHERS: Final = f"""
INSERT INTO {DOCUMENTS} (copy, id, version, owner, at, names, facets, lexemes, {_FIELDS})
SELECT copy, gen_random_uuid(), version + {{turn}} * {WRITTEN}, owner, at,
    translate(names, '{_DIGITS}', '{{digits}}'), facets, (SELECT array_to_tsvector(array_agg(
        CASE WHEN left(lexeme, 1) IN ('=', '#', '^', '~') THEN translate(lexeme, '{_DIGITS}', '{{digits}}')
        ELSE lexeme END
    )) FROM unnest(lexemes)), {_FIELDS}
FROM {DOCUMENTS} WHERE version < {WRITTEN}
"""
_TODAY: Final = date(2026, 11, 1)
_NEWEST: Final = datetime(2026, 11, 1, tzinfo=UTC)
_MODELS: Final = 300
_SERIALS: Final = 1_000_000
_MAKES: Final = (
    *("Skoda Шкода", "Lada Лада", "Toyota Тойота", "Kia Киа", "Hyundai Хендай", "BMW БМВ", "Audi Ауди"),
    *("Mazda Мазда", "Nissan Ниссан", "Renault Рено", "Ford Форд", "Volkswagen Фольксваген"),
)
_COLOURS: Final = ("серый grey", "белый white", "чёрный black", "красный red", "синий blue", "зелёный green")
_TOWNS: Final = ("Казань", "Москва", "Самара", "Пермь", "Омск", "Тула", "Сочи", "Уфа", "Тверь", "Псков")
_FINDINGS: Final = (
    *("Перебитый номер кузова", "Следы сварки на лонжероне", "Табличка наклеена заново"),
    *("Знаки не совпадают с заводскими", "The stamped digits are uneven", "Коррозия скрывает знаки"),
)
_SURNAMES: Final = ("Иванов", "Петров", "Сидорова", "Кузнецов", "Смирнова", "Волков", "Зайцева", "Соколов")
_COUNTING: Final = ("verdict", "state", "make", "model", "year", "marking", "expert", "sla")


@dataclass(frozen=True, slots=True)
class Case:
    """What somebody may remember of a case."""

    id: UUID
    number: str
    plate: str
    phone: str
    make: str
    model: str
    colour: str
    town: str
    surname: str
    finding: str
    at: datetime


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # root's PostgreSQL runs as nobody and has to get through
        postgres = EmbeddedPostgres(Path(folder) / "postgres", durable=True)
        postgres.start()
        try:
            run_sql(postgres.url(), "CREATE DATABASE bpa;")
            return asyncio.run(_figures(postgres))
        finally:
            postgres.stop()


async def _figures(postgres: EmbeddedPostgres) -> list[Figure]:
    url = postgres.url("bpa")
    await migrate(CHECKOUT / "bpa_service" / "db" / "migrations", url)
    async with _opened(url) as index:
        # An index that is there makes writing so many several times slower, and tells no more.
        run_sql(url, f"DROP INDEX {_INDEX}")
        for start in range(0, WRITTEN, _AT_ONCE):
            ends = range(start, min(start + _AT_ONCE, WRITTEN))
            await index.write(1, [document(number) for number in ends])
        few = await _timed(index, url, WRITTEN)
        run_sql(url, f"DROP INDEX {_INDEX}")
        for turn in range(1, TIMES):
            run_sql(url, _OTHERS.format(turn=turn, digits=_DIGITS[turn:] + _DIGITS[:turn]))
        many = await _timed(index, url, WRITTEN * TIMES)
        slower = await _slower(index)
    count = WRITTEN * TIMES
    figures = [
        Figure(name=f"a change written, {count} cases", unit="ms", product=many[_CHANGING][0]),
        Figure(name="kinds of questions slower after the sixth call", unit="", product=slower, at_most=0),
    ]
    for name in _WAYS:
        is_identifier = name in _IDENTIFIERS
        figures += [
            Figure(name=f"{name}, {count} cases, median", unit="ms", product=median(many[name])),
            Figure(
                name="the same, p95",
                unit="ms",
                product=_p95(many[name]),
                at_most=IDENTIFIERS_MS if is_identifier else None,
            ),
            Figure(
                name=f"its median, {count} cases beside {WRITTEN}",
                unit="ms",
                product=median(many[name]),
                baseline=median(few[name]),
                at_most=GROWTH if is_identifier else None,
            ),
        ]
    return figures


@asynccontextmanager
async def _opened(url: str) -> AsyncGenerator[PostgresIndex]:
    pool = Pool(url, patience=600)
    index = PostgresIndex(pool)
    await index.create(1)
    await index.publish(1)
    yield index
    await pool.close()


async def _timed(index: PostgresIndex, url: str, count: int) -> Mapping[str, list[float]]:
    """Milliseconds of each kind of question, and of a change, among so many cases."""
    run_sql(
        url,
        f"SET maintenance_work_mem = '256MB'; CREATE INDEX {_INDEX} ON {DOCUMENTS} USING gin (lexemes)",
    )
    run_sql(url, f"VACUUM ANALYZE {DOCUMENTS}")
    times: dict[str, list[float]] = {}
    for name, way in _WAYS.items():
        chance = Random(7)
        typed = [way(case(chance.randrange(WRITTEN)), chance) for _ in range(ASKED)]
        await _milliseconds(index, typed[0])
        times[name] = [await _milliseconds(index, one) for one in typed]
        print(f"{count} cases, {name}: {median(times[name]):.1f}, p95 {_p95(times[name]):.1f} ms", flush=True)
    begun = time.perf_counter()
    for number in range(_CHANGED):
        await index.write(1, [replace(document(number), version=WRITTEN * TIMES + number + count)])
    times[_CHANGING] = [(time.perf_counter() - begun) / _CHANGED * 1000]
    # They are among those that are written anew.
    run_sql(url, f"UPDATE {DOCUMENTS} SET version = version % {WRITTEN} WHERE version >= {WRITTEN * TIMES}")
    return times


async def _slower(index: PostgresIndex) -> int:
    """How many kinds of questions get slower on one connection once their statements were used for a while."""
    slower = 0
    for name, way in _WAYS.items():
        chance = Random(11)
        typed = way(case(chance.randrange(WRITTEN)), chance)
        times = [await _milliseconds(index, typed) for _ in range(CALLS)]
        before, later = median(times[CUSTOM]), median(times[LATER])
        if later > SLOWER * before + FLOOR_MS:
            print(f"{name}: {before:.1f} ms, later {later:.1f} ms")
            slower += 1
    return slower


async def _milliseconds(index: PostgresIndex, typed: str) -> float:
    asked = read(typed, today=_TODAY)
    question = Question(owner=None, terms=asked.terms, counting=_COUNTING)
    begun = time.perf_counter()
    await index.search(question, after=None, limit=PAGE)
    return (time.perf_counter() - begun) * 1000


def case(number: int) -> Case:
    """The case of this number, always the same."""
    chance = Random(number)
    model = Random(chance.randrange(_MODELS))
    make = model.choice(_MAKES)
    return Case(
        id=UUID(int=chance.getrandbits(128)),
        number=f"{''.join(model.choices(sorted(vin.ALPHABET), k=11))}{chance.randrange(_SERIALS):06}",
        plate=f"{chance.choice('ABCEHKMOPTXY')}{chance.randrange(1000):03}"
        f"{''.join(chance.choices('ABCEHKMOPTXY', k=2))}{chance.choice(['77', '16', '116', '50'])}",
        phone=f"79{chance.randrange(10**9):09}",
        make=make,
        model=f"{make[:1]}{model.randrange(900)}",
        colour=chance.choice(_COLOURS),
        town=chance.choice(_TOWNS),
        surname=chance.choice(_SURNAMES),
        finding=chance.choice(_FINDINGS),
        at=_NEWEST - timedelta(minutes=chance.randrange(3 * 365 * 24 * 60)),
    )


def document(number: int) -> Document:
    one = case(number)
    chance = Random(-number)
    verdict = chance.choice(("clean", "clean", "clean", "fake", "unsure"))
    return Document(
        id=one.id,
        version=number,
        owner=f"client-{number % 5000}",
        at=one.at,
        names=frozenset(
            {
                Name(NameKind.NUMBER, one.number),
                Name(NameKind.PLATE, one.plate),
                Name(NameKind.PHONE, one.phone),
                Name(NameKind.CASE, f"AD{one.at:%Y}{number:07}"),
            }
        ),
        texts={
            TextField.ABOUT: f"{one.make} {one.model} {one.colour} {one.town} {one.at:%B %Y} {verdict}",
            TextField.PEOPLE: f"{one.surname} {chance.choice(_SURNAMES)}",
            TextField.FINDINGS: f"{one.finding}. {chance.choice(_FINDINGS)}.",
            TextField.MESSAGES: f"Добрый день, машина в городе {one.town}, приезжайте {chance.randrange(99)}",
        },
        facets={
            "verdict": frozenset({verdict}),
            "state": frozenset({"answered"}),
            "make": frozenset({one.make.split()[0].upper()}),
            "model": frozenset({one.model}),
            "year": frozenset({str(2000 + chance.randrange(26))}),
            "marking": frozenset({chance.choice(("vin_stamped", "engine_number", "label"))}),
            "expert": frozenset({str(chance.randrange(40))}),
            "sla": frozenset({chance.choice(("in_time", "late"))}),
        },
    )


def _mistaken(one: Case, chance: Random) -> str:
    """Its number with one mistake."""
    number, at = one.number, chance.randrange(1, len(one.number) - 1)
    before, character, behind = number[:at], number[at], number[at + 1 :]
    return chance.choice(
        (
            f"{before}{chance.choice('0123456789ABCDEF')}{behind}",
            f"{before}{behind}",
            f"{before}{character}{character}{behind}",
            f"{before}{behind[0]}{character}{behind[1:]}",
            number.translate(str.maketrans("015827", "OISBZZ")),
        )
    )


_WAYS: Final[Mapping[str, Callable[[Case, Random], str]]] = {
    "the whole number": lambda one, _: one.number,
    "its middle, seven characters": lambda one, _: one.number[8:15],
    "its last six": lambda one, _: one.number[-6:],
    "its last four": lambda one, _: one.number[-4:],
    "one mistake in it": _mistaken,
    "five characters unknown": lambda one, _: f"{one.number[:5]}*****{one.number[10:]}",
    "a plate": lambda one, _: one.plate,
    "a phone": lambda one, _: f"8{one.phone[1:]}",
    "its last four and the make": lambda one, _: f"{one.number[-4:]} {one.make.split()[1]} ",
    "three things of a car": lambda one, _: f"{one.colour.split()[0]} {one.make.split()[1]} {one.town} ",
    "a finding, inflected": lambda _, chance: chance.choice(
        ("перебитые номера ", "сварку лонжерона ", "заводским знакам ")
    ),
    "one word of many cases": lambda one, _: f"{one.town} ",
    "a word as it is typed": lambda one, chance: f"{one.surname} {one.town[: chance.randrange(2, 5)]}",
    "a number as it is typed": lambda one, chance: one.number[: chance.randrange(4, 17)],
}
_IDENTIFIERS: Final = frozenset(list(_WAYS)[:8])


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[-1]
