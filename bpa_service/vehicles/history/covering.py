"""What files of sources that were imported say by their silence: how each block stands at each of them.

Nothing on record is said only of a source that could have had this vehicle under one of its names. Where files
were never imported, hide their numbers, or name vehicles otherwise, nothing was looked at.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from bpa_service.vehicles.history.ranges import Fit, InRange
from bpa_service.vehicles.mappings.answers import kinds_of
from bpa_service.vehicles.mappings.converters.identifiers import Vin
from bpa_service.vehicles.mappings.spec import Mapping as SourceMapping
from bpa_service.vehicles.records.coverage import Coverage
from bpa_service.vehicles.records.record import IDENTIFIERS, Identifier, IdentifierName, Record
from shared_schemas.records import CoverageState, Kind


class Why(StrEnum):
    """Codes of `Coverage.reason` that files have."""

    NEVER_IMPORTED = "never_imported"
    STORE_AWAY = "store_away"  # there is no place for records, or it does not answer now
    STORE_SLOW = "store_slow"
    NUMBERS_HIDDEN = "numbers_hidden"  # its files hide characters, so nothing is found by a number
    OTHER_NAMES = "other_names"  # it knows vehicles by other names than are known of this one
    OTHER_COUNTRY = "other_country"  # and the plate is all that is known
    PARTIAL = "partial_deliveries"  # its files are parts: what was not delivered may be there
    BY_RANGES = "by_ranges"  # it names ranges of numbers, and not for all that it tells of
    IN_RANGE = "in_range"  # a number lies in a range
    PERHAPS_IN_RANGE = "perhaps_in_range"  # it may lie in one


_JUDGED: Final = {
    "logical": (CoverageState.DATA, "judged_logical"),
    "illogical": (CoverageState.DATA, "judged_illogical"),
    "declined": (CoverageState.DECLINED, ""),
    "never_registered": (CoverageState.NOT_COVERED, "never_registered"),
}


def coverage_of_files(
    sources: Iterable[SourceMapping],
    published: Mapping[str, datetime],
    names: Sequence[Identifier],
    records: Iterable[Record],
    *,
    ranges: Iterable[InRange] = (),
    unavailable: Why | None = None,
) -> list[Coverage]:
    """How each block of each source stands, given what was found in the store of it under these names.

    `ranges` are those in which it lies or may lie. `published` says until when the imports of a source that hold
    tell. With `unavailable` the store gave nothing.
    A source that can be asked, and of which no file was imported, is not among them.
    """
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(record.source, []).append(record)
    lies_in: dict[str, list[InRange]] = {}
    for one in ranges:
        lies_in.setdefault(one.record.source, []).append(one)
    return [
        coverage
        for source in sources
        for coverage in _of_source(
            source,
            published.get(source.name),
            names,
            found.get(source.name, ()),
            lies_in.get(source.name, ()),
            unavailable,
        )
    ]


def _of_source(
    source: SourceMapping,
    published: datetime | None,
    names: Sequence[Identifier],
    records: Sequence[Record],
    ranges: Sequence[InRange],
    unavailable: Why | None,
) -> Iterator[Coverage]:
    counts = Counter(record.kind for record in records)
    for kind in dict.fromkeys((*kinds_of(source), *counts)):
        as_of = max((one.as_of for one in records if one.kind == kind), default=published)
        if counts[kind]:
            yield Coverage(source.name, kind, CoverageState.DATA, as_of=as_of, count=counts[kind])
        elif within := [one for one in ranges if one.record.kind == kind]:
            yield _in_ranges(source, kind, within)
        elif kind is Kind.MILEAGE and (judgement := _judgement(records)):
            state, reason = _JUDGED[judgement]
            yield Coverage(source.name, kind, state, as_of=max(one.as_of for one in records), reason=reason)
        elif published is None:
            if source.asking is None:  # else what came of asking it tells of it
                yield Coverage(source.name, kind, CoverageState.NOT_COVERED, reason=Why.NEVER_IMPORTED)
        elif why_not := unavailable or _cannot_know(source, kind, names):
            yield Coverage(source.name, kind, CoverageState.NOT_COVERED, as_of=published, reason=why_not)
        else:
            reason = "" if source.delivery == "complete" else Why.PARTIAL
            yield Coverage(source.name, kind, CoverageState.EMPTY, as_of=as_of, reason=reason)


def _in_ranges(source: SourceMapping, kind: Kind, within: Sequence[InRange]) -> Coverage:
    is_certain = any(one.fit is Fit.YES for one in within)
    reason = Why.IN_RANGE if is_certain else Why.PERHAPS_IN_RANGE
    as_of = max(one.record.as_of for one in within)
    return Coverage(source.name, kind, CoverageState.DATA, as_of=as_of, count=len(within), reason=reason)


def _cannot_know(source: SourceMapping, kind: Kind, names: Sequence[Identifier]) -> Why | None:
    """Why files of a source could not have this vehicle under any of these names; None if they could."""
    if _has_ranges(source, kind) and any(name.name == "vin" for name in names):
        return Why.BY_RANGES
    known_by = _names_in(source, kind)
    could = [name for name in names if name.name in known_by]
    if not could:
        return Why.OTHER_NAMES
    if all(name.name == "plate" and _is_abroad(name, source) for name in could):
        return Why.OTHER_COUNTRY
    if source.hides_numbers and all(name.name == "vin" for name in could):
        return Why.NUMBERS_HIDDEN
    return None


def _is_abroad(plate: Identifier, source: SourceMapping) -> bool:
    return bool(plate.country and source.country) and plate.country != source.country


def _names_in(source: SourceMapping, kind: Kind) -> frozenset[IdentifierName]:
    """The names under which a source's records of this kind are kept."""
    given: set[str] = set()
    for shape in source.shape:
        if shape.kind is kind:
            given.update(shape.fields, *(_filled_by(spec) for spec in shape.fields.values()))
    return frozenset(name for name in IDENTIFIERS if name in given)


def _has_ranges(source: SourceMapping, kind: Kind) -> bool:
    return any(shape.kind is kind and "vin_from" in shape.fields for shape in source.shape)


def _filled_by(spec: object) -> tuple[str, ...]:
    return ("frame",) if isinstance(spec, Vin) and spec.or_frame else ()


def _judgement(records: Iterable[Record]) -> str:
    said = {one.attributes.get("mileage_judgement", "") for one in records}
    return next((judgement for judgement in _JUDGED if judgement in said), "")
