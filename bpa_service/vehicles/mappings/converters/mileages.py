"""Mileages: in figures or words, kilometres or miles, and what stands for none."""

import re
from collections.abc import Mapping
from typing import ClassVar, Final, Literal

from pydantic import Field

from bpa_service.vehicles.mappings.converters.base import Context, Converted, Spec
from bpa_service.vehicles.records.columns import MOST_KM
from bpa_service.vehicles.records.kinds import Mark
from shared_schemas.records import MileageQuality

KM_OF_MILE: Final = 1.609344
_UNITS: Final = {
    "km": "km", "kms": "km", "kilometres": "km", "kilometers": "km", "км": "km", "к": "km", "k": "km",
    "mi": "mi", "mls": "mi", "mile": "mi", "miles": "mi", "миль": "mi",
}  # fmt: skip
_WRITTEN: Final = re.compile(
    r"(?P<sign>-?)(?P<figures>\d[\d .,'\u00a0]*)\s*(?P<thousand>тыс\.?|тысяч|t\.|tys\.?|thousand|k(?=[ .]|$))?"
    r"\s*(?P<unit>[^\W\d_]*)\.?",
    re.IGNORECASE,
)
_THOUSANDS_DIVIDED: Final = re.compile(r"\d{1,3}(?:[ .,'\u00a0]\d{3})+")


class Mileage(Spec):
    """A mileage; of three columns the second is its unit, the third how good it is, of two `second`.

    `unit` is that of figures without one. `units`, `qualities` and, for the mileage itself, `words` translate
    what the source says. `sentinels` are figures that stand for nothing, and 0 is `zero_is`.
    """

    fills: ClassVar = {"mileage": ("mileage_km", "mileage_value", "mileage_unit", "mileage_quality")}

    converter_name: Literal["mileage"] = Field("mileage", alias="as")
    unit: Literal["km", "mi"] = "km"
    units: Mapping[str, Literal["km", "mi"]] = Field(default_factory=dict)
    qualities: Mapping[str, MileageQuality] = Field(default_factory=dict)
    words: Mapping[str, MileageQuality] = Field(default_factory=dict)
    sentinels: tuple[int, ...] = ()
    zero_is: MileageQuality = MileageQuality.SENTINEL
    second: Literal["unit", "quality"] = "unit"

    def convert(self, texts: tuple[str, ...], target: str, context: Context) -> Converted:
        text, unit_text, quality_text = (*texts, "", "")[:3]
        if self.second == "quality":
            unit_text, quality_text = "", unit_text
        quality = self._quality(quality_text)
        if not text:  # a word of its quality may stand alone: not read
            return Converted((None, None, "", self.qualities.get(quality_text, MileageQuality.NONE)))
        if (said := self.words.get(text.casefold())) is not None:
            return Converted((None, None, "", said), text)
        read = read_mileage(text)
        if read is None:
            return Converted(_UNREADABLE, text, (Mark.MILEAGE_UNREADABLE,))
        value, own_unit = read
        unit = own_unit or self._unit(unit_text)
        if value < 0 or in_km(value, unit) > MOST_KM:
            return Converted(_UNREADABLE, text, (Mark.MILEAGE_IMPLAUSIBLE,))
        if value == 0 or value in self.sentinels:
            if quality in {MileageQuality.UNSTATED, MileageQuality.ACTUAL}:
                quality = MileageQuality.SENTINEL if value else self.zero_is
            return Converted((None, value, unit, quality), text, (Mark.MILEAGE_SENTINEL,))
        km = None if quality in _NOT_COMPARED else in_km(value, unit)
        return Converted((km, value, unit, quality), "" if text.isdigit() else text)

    def _unit(self, text: str) -> str:
        word = text.casefold()
        return self.units.get(word) or _UNITS.get(word) or self.unit

    def _quality(self, text: str) -> MileageQuality:
        return self.qualities.get(text, MileageQuality.UNSTATED)


_UNREADABLE: Final = (None, None, "", MileageQuality.UNREADABLE)
# What the source itself says is not the mileage is kept as it said it, and compared with nothing.
_NOT_COMPARED: Final = frozenset({MileageQuality.NOT_ACTUAL, MileageQuality.EXEMPT, MileageQuality.NOT_READ})


def in_km(value: float, unit: str) -> int:
    """Whole kilometres."""
    return round(value * KM_OF_MILE) if unit == "mi" else round(value)


def read_mileage(text: str) -> tuple[float, str] | None:
    """The figure, thousands multiplied out, and its unit if the text has one; None if it is no mileage.

    Three figures behind a dot, comma or space are thousands: a mileage has no thousandths.
    """
    if text.isascii() and text.isdigit():
        return float(text), ""
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        return None
    figures, word = match["figures"].strip(" .,'\u00a0"), match["unit"].casefold()
    unit = _UNITS.get(word, "")
    if word and not unit:
        return None
    if _THOUSANDS_DIVIDED.fullmatch(figures):
        figures = re.sub(r"\D", "", figures)
    try:
        value = float(figures.replace(" ", "").replace("\u00a0", "").replace(",", "."))
    except ValueError:
        return None
    value *= 1000 if match["thousand"] else 1
    return (-value if match["sign"] else value), unit
