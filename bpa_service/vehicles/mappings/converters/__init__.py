"""The small named converters that mappings are made of: `{ from = "ODOMETER", as = "mileage", unit = "mi" }`."""

from typing import Annotated

from pydantic import Discriminator

from bpa_service.vehicles.mappings.converters.dates import Date, Day
from bpa_service.vehicles.mappings.converters.identifiers import Number, Plate, Vin, VinBound
from bpa_service.vehicles.mappings.converters.mileages import Mileage
from bpa_service.vehicles.mappings.converters.values import (
    Amount,
    Codes,
    Figure,
    Flag,
    Grade,
    Name,
    Text,
    Words,
    Year,
)

AnySpec = Annotated[
    Date | Day | Vin | VinBound | Plate | Number | Mileage | Text | Name | Figure | Amount | Year | Flag | Words
    | Codes | Grade,
    Discriminator("converter_name"),
]  # fmt: skip
