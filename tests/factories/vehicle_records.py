"""Records of vehicles as sources state them, for tests."""

from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import blake2b
from itertools import count
from typing import Any, Final

from bpa_service.vehicles.mappings.converters.mileages import in_km
from bpa_service.vehicles.records.record import Record
from shared_schemas.records import Kind, MileageQuality, Precision

VIN: Final = "XTA21144094700001"
AS_OF: Final = datetime(2026, 11, 1, tzinfo=UTC)
_KEYS: Final = count(1)


def record(kind: Kind = Kind.INSPECTION, day: str = "", **given: Any) -> Record:
    """A record of `VIN`. `day` may be a year or a month alone; `km` or `mi` is its mileage."""
    unit = next((unit for unit in ("km", "mi") if unit in given), "")
    if unit:
        value = given.pop(unit)
        given = {
            "mileage_km": in_km(value, unit),
            "mileage_value": float(value),
            "mileage_unit": unit,
            "mileage_quality": MileageQuality.UNSTATED,
            **given,
        }
    if day:
        precision = {4: Precision.YEAR, 7: Precision.MONTH}.get(len(day), Precision.DAY)
        given = {"began": date.fromisoformat(f"{day}-01-01"[:10]), "precision": precision, **given}
    key = given.pop("key", f"row {next(_KEYS)}")
    stated: dict[str, Any] = {
        "source": "gibdd",
        "file": "a file",
        "row": 1,
        "as_of": AS_OF,
        "vin": VIN,
        **given,
    }
    return Record(kind=kind, key=key, row_hash=blake2b(key.encode(), digest_size=16).digest(), **stated)


def corrected(one: Record, **changes: Any) -> Record:
    """What its source says of the same thing later."""
    return replace(one, as_of=datetime(2026, 11, 20, tzinfo=UTC), row_hash=b"c" * 16, **changes)
