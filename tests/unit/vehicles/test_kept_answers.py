"""Answers as they are kept: records come back as they were, and a question is not put again for ever."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpa_service.vehicles.enquiries.answers import LEFT_OUT, MOST_RECORDS, CachedAnswers, KeptAnswer
from bpa_service.vehicles.enquiries.asked_sources import at_address, facts, takes
from bpa_service.vehicles.enquiries.running import MOST_TRIES_OF_FAILED, wait_before_again
from bpa_service.vehicles.mappings import catalogue
from bpa_service.vehicles.mappings.answers import Answer
from bpa_service.vehicles.records import as_json
from bpa_service.vehicles.records.columns import Batch
from bpa_service.vehicles.records.coverage import Coverage
from bpa_service.vehicles.records.kinds import Action
from bpa_service.vehicles.records.record import Identifier, Record
from service_kit.caching import MemoryCache
from shared_schemas.records import CoverageState, Kind, MileageQuality, Outcome, Precision

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
texts = st.text(max_size=20)
moments = st.datetimes(timezones=st.just(UTC))
RECORDS = st.builds(
    Record,
    source=st.just("rdw"),
    kind=st.sampled_from(Kind),
    key=texts,
    row_hash=st.binary(min_size=16, max_size=16),
    file=texts,
    row=st.integers(0, 2**32 - 1),
    item=st.integers(0, 2**32 - 1),
    as_of=moments,
    asked_at=st.none() | moments,
    action=st.sampled_from(Action),
    language=texts,
    vin=texts,
    plate=texts,
    began=st.none() | st.dates(date(1900, 1, 2)),
    precision=st.sampled_from(Precision),
    at=st.none() | moments,
    mileage_km=st.none() | st.integers(0, 5_000_000),
    mileage_value=st.none() | st.floats(0, 5_000_000),
    mileage_quality=st.sampled_from(MileageQuality),
    year=st.none() | st.integers(1900, 2100),
    outcome=st.sampled_from(Outcome),
    codes=st.lists(texts, max_size=3).map(tuple),
    attributes=st.dictionaries(texts, texts, max_size=3),
    marks=st.lists(texts, max_size=3).map(tuple),
)


@given(RECORDS)
def test_a_record_comes_back_from_json_as_it_was(record: Record) -> None:
    assert as_json.read(json.loads(json.dumps(as_json.written(record)))) == record


def answer(*blocks: tuple[CoverageState, str], records: int = 0) -> KeptAnswer:
    one = Record(source="rdw", kind=Kind.MILEAGE, key="1", row_hash=bytes(16), file="rdw", row=1, as_of=NOW)
    coverage = tuple(Coverage("rdw", Kind.MILEAGE, state, NOW, NOW, 0, reason) for state, reason in blocks)
    return KeptAnswer.of(Answer(Batch.of([one] * records), [], coverage))


def test_of_an_answer_that_is_too_long_the_rest_is_left_out_and_that_is_said() -> None:
    kept = answer((CoverageState.DATA, ""), records=MOST_RECORDS + 1)

    assert len(kept.records) == MOST_RECORDS
    assert kept.reasons == {LEFT_OUT}


@given(st.integers(1, 10_000))
def test_what_is_running_is_asked_again_within_a_minute(tries: int) -> None:
    wait = wait_before_again(answer((CoverageState.RUNNING, "")), tries)

    assert wait is not None
    assert timedelta(seconds=5) <= wait <= timedelta(minutes=1)


@pytest.mark.parametrize(
    ("state", "reason", "is_asked_again"),
    [
        (CoverageState.FAILED, "time_out", True),
        (CoverageState.NOT_COVERED, "rate_limited", True),
        (CoverageState.NOT_COVERED, "circuit_open", True),
        (CoverageState.FAILED, "not_allowed", False),
        (CoverageState.FAILED, "address_refused", False),
        (CoverageState.NOT_COVERED, "placeholder", False),
        (CoverageState.NOT_COVERED, "", False),
        (CoverageState.DECLINED, "", False),
        (CoverageState.EMPTY, "", False),
        (CoverageState.DATA, "", False),
    ],
)
def test_what_may_be_otherwise_soon_is_asked_again_and_nothing_else(
    state: CoverageState, reason: str, is_asked_again: bool
) -> None:
    assert (wait_before_again(answer((state, reason)), 1) is not None) is is_asked_again
    assert wait_before_again(answer((state, reason)), MOST_TRIES_OF_FAILED) is None


async def test_what_failed_or_is_incomplete_stands_for_no_other_case() -> None:
    source, about = facts("rdw"), Identifier("plate", "AB123C", "")
    assert source is not None
    cached = CachedAnswers(MemoryCache())
    for states in ((CoverageState.FAILED,), (CoverageState.DATA, CoverageState.RUNNING)):
        await cached.put(source, about, answer(*((state, "") for state in states)), NOW)
        assert await cached.get(source, about, NOW) is None

    await cached.put(source, about, answer((CoverageState.DATA, ""), records=1), NOW)

    kept = await cached.get(source, about, NOW + source.fresh_for - timedelta(seconds=1))
    assert kept is not None
    assert kept.cached
    assert await cached.get(source, about, NOW + source.fresh_for) is None


async def test_what_is_unreadable_in_the_cache_is_asked_for_anew() -> None:
    source, about, cache = facts("rdw"), Identifier("plate", "AB123C", ""), MemoryCache()
    assert source is not None
    cached = CachedAnswers(cache)
    await cached.put(source, about, answer((CoverageState.DATA, "")), NOW)
    (key,) = cache._kept  # pyright: ignore[reportPrivateUsage] - a test looks inside
    await cache.put(key, b"rust", lasts=timedelta(hours=1))

    assert await cached.get(source, about, NOW) is None


@pytest.mark.parametrize(
    ("about", "is_taken"),
    [
        (Identifier("plate", "AB123C", ""), True),
        (Identifier("plate", "AB123C", "NL"), True),
        (Identifier("plate", "A123BC77", "RU"), False),
        (Identifier("vin", "SAL1A2A40SA606662", ""), False),
    ],
)
def test_a_source_is_asked_by_what_it_takes(about: Identifier, is_taken: bool) -> None:
    source = facts("rdw")
    assert source is not None
    assert takes(source, about) is is_taken


def test_another_address_keeps_what_is_asked() -> None:
    moved = at_address(catalogue.mapping("rdw"), "http://127.0.0.1:9/box")

    assert moved.asking is not None
    assert moved.asking.url == "http://127.0.0.1:9/box/resource/m9d7-ebf2.json?kenteken={plate}"
