"""FastAPI dependencies of whatever reads vehicle records."""

from typing import Annotated

from fastapi import Depends, Request

from bpa_service.vehicles.store.records import VehicleRecords


async def _records_of_the_app(request: Request) -> VehicleRecords | None:
    records: VehicleRecords | None = request.app.state.vehicle_records
    return records


RecordsOfApp = Annotated[VehicleRecords | None, Depends(_records_of_the_app)]
"""None where this installation keeps none."""
