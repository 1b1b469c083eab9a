"""Answers as they are kept: in the rows of enquiries and, for other cases of the same car, in the cache."""

import hashlib
import json
import zlib
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from bpa_service.vehicles.mappings.answers import Answer
from bpa_service.vehicles.records import as_json
from bpa_service.vehicles.records.coverage import Coverage
from bpa_service.vehicles.records.record import Identifier
from bpa_service.vehicles.sources.connector import Facts
from service_kit.caching import Cache
from shared_schemas.records import CoverageState, Kind

log = structlog.get_logger(__name__)

MOST_RECORDS: Final = 2_000
"""Of one answer: of one vehicle no honest one has so many."""
MOST_REJECTS: Final = 100
LEFT_OUT: Final = "records_left_out"
# Of what is kept: another form is another name, so that no process meets what it cannot read.
_FORM: Final = 1
# What was found so is so for a while; anything else is worth asking again.
_STANDS: Final = frozenset(
    {CoverageState.DATA, CoverageState.EMPTY, CoverageState.DECLINED, CoverageState.NOT_COVERED}
)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer in the form of JSON. `asked_at` is None where nobody was asked."""

    asked_at: datetime | None
    coverage: list[dict[str, Any]]
    records: list[dict[str, Any]]
    rejects: list[dict[str, Any]]
    cached: bool = False

    @classmethod
    def of(cls, answer: Answer) -> "KeptAnswer":
        """The answer, with `MOST_RECORDS` of its records at most; the coverage says so."""
        records = [as_json.written(one) for _, one in zip(range(MOST_RECORDS), answer.batch, strict=False)]
        coverage = answer.coverage
        if len(answer.batch) > len(records):
            coverage = tuple(replace(one, reason=one.reason or LEFT_OUT) for one in coverage)
        asked = [one.asked_at for one in coverage if one.asked_at is not None]
        return cls(
            asked_at=min(asked, default=None),
            coverage=[written(one) for one in coverage],
            records=records,
            rejects=[asdict(one) for one in answer.rejects[:MOST_REJECTS]],
        )

    @property
    def states(self) -> set[CoverageState]:
        return {CoverageState(one["state"]) for one in self.coverage}

    @property
    def reasons(self) -> set[str]:
        return {one["reason"] for one in self.coverage}

    def is_for_others(self) -> bool:
        """Whether it stands for other cases of the same car as well: asked, answered, and complete."""
        return self.asked_at is not None and self.states <= _STANDS


def written(coverage: Coverage) -> dict[str, Any]:
    """A block's coverage as an object of JSON."""
    return {
        "kind": coverage.kind,
        "state": coverage.state,
        "asked_at": coverage.asked_at and coverage.asked_at.isoformat(),
        "as_of": coverage.as_of and coverage.as_of.isoformat(),
        "count": coverage.count,
        "reason": coverage.reason,
    }


def coverage_of(source: str, values: dict[str, Any]) -> Coverage:
    """The coverage that was written so."""
    return Coverage(
        source=source,
        kind=Kind(values["kind"]),
        state=CoverageState(values["state"]),
        asked_at=_moment(values["asked_at"]),
        as_of=_moment(values["as_of"]),
        count=values["count"],
        reason=values["reason"],
    )


@dataclass(frozen=True, slots=True)
class CachedAnswers:
    """Answers about cars for as long as their source says that they stand. Numbers of cars stand in no key."""

    cache: Cache

    async def get(self, source: Facts, about: Identifier, now: datetime) -> KeptAnswer | None:
        """What was answered to the same question and still stands, marked as `cached`."""
        if (found := await self.cache.get(_key(source, about))) is None:
            return None
        try:
            values = json.loads(zlib.decompress(found))
            asked_at = datetime.fromisoformat(values.pop("asked_at"))
            answer = KeptAnswer(asked_at=asked_at, cached=True, **values)
        except (zlib.error, ValueError, TypeError, KeyError) as error:
            log.warning("cached_answer_unreadable", source=source.name, error=repr(error))
            return None
        return answer if now < asked_at + source.fresh_for else None

    async def put(self, source: Facts, about: Identifier, answer: KeptAnswer, now: datetime) -> None:
        """Keep an answer for other cases, if it stands for them."""
        if answer.asked_at is None or not answer.is_for_others():
            return
        values = {
            "asked_at": answer.asked_at.isoformat(),
            "coverage": answer.coverage,
            "records": answer.records,
            "rejects": answer.rejects,
        }
        packed = zlib.compress(json.dumps(values, ensure_ascii=False).encode())
        left: timedelta = answer.asked_at + source.fresh_for - now
        await self.cache.put(_key(source, about), packed, lasts=left)


def _key(source: Facts, about: Identifier) -> str:
    digest = hashlib.sha256("\n".join(about).encode()).hexdigest()
    return f"bpa:vehicle-answer:{_FORM}:{source.name}:{digest}"


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
