"""By which number the records of an inspection's car are looked up."""

from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.drafting.claims import identifier_reading, plate_reading
from shared_schemas import vin
from shared_schemas.identifiers import Reading
from shared_schemas.words import IdentifierKind


def reading_of(inspection: Inspection) -> Reading | None:
    """The number that was given, or the plate where that is all there is; None where nothing is found by it."""
    reading = identifier_reading(inspection) or plate_reading(inspection)
    if reading is None or not reading.ok or reading.breaks_rules:
        return None
    is_nobodys = reading.kind is IdentifierKind.VIN and vin.is_placeholder(reading.value)
    return None if is_nobodys else reading
