"""What may be told of a car before anybody has ordered anything: counts out of the files, and nothing else."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog

from bpa_service.vehicles.history.entries import day_of, entries_of
from bpa_service.vehicles.history.names import parted
from bpa_service.vehicles.records.record import Identifier
from bpa_service.vehicles.store.analytics import EngineAway, EngineRefused
from bpa_service.vehicles.store.records import VehicleRecords
from shared_schemas.records import MileageQuality
from shared_schemas.rest.previews import BlockCount, PreviewState, VehiclePreview

log = structlog.get_logger(__name__)

PATIENCE: Final = timedelta(seconds=0.8)
"""Less than cabinet waits."""
_COUNTS: Final = frozenset({MileageQuality.ACTUAL, MileageQuality.UNSTATED})


async def preview(
    store: VehicleRecords | None, names: Sequence[Identifier], *, patience: timedelta = PATIENCE
) -> VehiclePreview:
    """How many records of which kind the files of each source have of the car with these names. Never fails.

    What sources answered when a client's case asked them is not among it: that somebody asked is theirs.
    """
    if store is None:
        return VehiclePreview(state=PreviewState.UNKNOWN)
    try:
        async with asyncio.timeout(patience.total_seconds()):
            found = await store.of(names)
    except (TimeoutError, EngineAway, EngineRefused) as error:
        log.info("preview_unknown", error=type(error).__name__)
        return VehiclePreview(state=PreviewState.UNKNOWN)
    records = parted(names, entries_of(found)).own
    if not records:
        return VehiclePreview(state=PreviewState.NOTHING)
    counts = Counter((one.source, one.kind) for one in records)
    driven = (
        day.year
        for one in records
        if one.mileage_km is not None and one.mileage_quality in _COUNTS and (day := day_of(one)) is not None
    )
    return VehiclePreview(
        state=PreviewState.KNOWN,
        blocks=tuple(
            BlockCount(source=source, kind=kind, records=count)
            for (source, kind), count in sorted(counts.items())
        ),
        as_of=max(one.as_of for one in records),
        last_mileage_year=max(driven, default=None),
    )
