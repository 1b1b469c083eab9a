"""What a vehicle is known by. Spelled as `shared_schemas` spells it; what was changed is marked, the text kept.

A character is repaired only where it is drawn like another: Cyrillic letters within a Latin number. An O stays an
O. A number that hides characters is a pattern; one that belongs to no car is nothing.
"""

import re
from typing import ClassVar, Final, Literal

from pydantic import Field

from bpa_service.vehicles.mappings.converters.base import Context, Converted, Spec, Unreadable
from bpa_service.vehicles.records.kinds import Mark
from shared_schemas import vin as vins
from shared_schemas.identifiers.plates import read_plate
from shared_schemas.letters import folded, latin
from shared_schemas.vin.masks import HIDDEN

_USUAL_MASKS: Final = "*#?•_"
_VIN: Final = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_PATTERN: Final = re.compile(r"[A-HJ-NPR-Z0-9*]{17}")
_VIN_IN_WORDS: Final = re.compile(r"(?<![A-Z0-9])[A-HJ-NPR-Z0-9]{17}(?![A-Z0-9])")
_LABEL: Final = re.compile(r"^(?:VIN|ВИН)[ :№#]*(?=\S)", re.IGNORECASE)
_JAPANESE_FRAME: Final = re.compile(r"[A-Z0-9]{2,8}-\d{4,8}")
_FRAME: Final = re.compile(r"(?=.*\d)[A-Z0-9][A-Z0-9-]{3,19}")
_NUMBER: Final = re.compile(r"(?=.*\d)[A-Z0-9А-Я][A-Z0-9А-Я*/ .-]{2,39}")
_DIVIDERS: Final = str.maketrans("", "", " -./")
_NO_NUMBER: Final = frozenset(
    {
        "ОТСУТСТВУЕТ",
        "ОТСУТСТВ",
        "ОТСУТ",
        "НЕТ",
        "Б/Н",
        "БН",
        "НЕ УСТАНОВЛЕН",
        "НЕУСТАНОВЛЕН",
        "NONE",
        "N/A",
        "REFUSE",
    }
)


class Vin(Spec):
    """A VIN, or the pattern of one. `masks` are the letters that hide characters, besides * # ? • and _.

    With `or_frame` the column has frame numbers as well: what is one goes into `frame`.
    """

    converter_name: Literal["vin"] = Field("vin", alias="as")
    masks: str = ""
    or_frame: bool = False

    def filled(self, target: str) -> tuple[str, ...]:
        return ("vin", "vin_pattern", "frame") if self.or_frame else ("vin", "vin_pattern")

    def convert(self, texts: tuple[str, ...], target: str, context: Context) -> Converted:
        text = texts[0]
        if _VIN.fullmatch(capitals := text.upper()) and text.isascii() and not _could_hide(text, self.masks):
            if vins.is_placeholder(capitals):
                raise Unreadable(Mark.VIN_PLACEHOLDER)
            return self._converted(capitals, written="" if capitals == text else text)
        masked = _masked(_unframed(_LABEL.sub("", text)), self.masks)
        plain = folded(masked)
        compact = plain.translate(_DIVIDERS)
        spelled = latin(compact)
        if _VIN.fullmatch(spelled):
            if vins.is_placeholder(spelled):
                raise Unreadable(Mark.VIN_PLACEHOLDER)
            marks = () if spelled == compact else (Mark.VIN_LETTERS_REPAIRED,)
            return self._converted(spelled, written=text, marks=marks)
        if HIDDEN in spelled and _PATTERN.fullmatch(spelled):
            return self._converted(pattern=spelled, written=text, marks=(Mark.VIN_MASKED,))
        if self.or_frame and _FRAME.fullmatch(latin(plain.replace(" ", ""))):
            frame = latin(plain.replace(" ", ""))
            marks = () if _JAPANESE_FRAME.fullmatch(frame) else (Mark.FRAME_UNUSUAL,)
            return self._converted(frame=frame, written="" if frame == text else text, marks=marks)
        return self._converted(_only_vin_in(latin(plain)), written=text, marks=(Mark.VIN_IS_PROSE,))

    def _converted(
        self,
        vin: str = "",
        pattern: str = "",
        frame: str = "",
        *,
        written: str = "",
        marks: tuple[Mark, ...] = (),
    ) -> Converted:
        return Converted((vin, pattern, frame) if self.or_frame else (vin, pattern), written, marks)


def _could_hide(text: str, masks: str) -> bool:
    return bool(masks) and any(mask in text for mask in masks)


def _unframed(text: str) -> str:
    """Without the stars that are stamped at both ends of a VIN; stars for characters stay."""
    inner = text[1:-1]
    return inner if text.startswith("*") and text.endswith("*") and "*" not in inner else text


def _masked(text: str, masks: str) -> str:
    """Before letters are made capitals: a small x hides a character where a capital X is one."""
    hides = _USUAL_MASKS + masks
    return "".join(HIDDEN if character in hides else character for character in text)


def _only_vin_in(plain: str) -> str:
    """The one VIN among words. Raises `Unreadable` for none, or several."""
    found = {vin for vin in _VIN_IN_WORDS.findall(plain) if any(map(str.isdigit, vin))}
    if len(found) > 1:
        raise Unreadable(Mark.VIN_SEVERAL)
    if not found or vins.is_placeholder(vin := found.pop()):
        raise Unreadable(Mark.VIN_IS_PROSE if len(plain.split()) > 1 else Mark.VIN_MALFORMED)
    return vin


class VinBound(Spec):
    """The first or the last VIN of a range: whole, with characters left open, or a serial alone."""

    converter_name: Literal["vin_bound"] = Field("vin_bound", alias="as")

    def convert(self, texts: tuple[str, ...], target: str, context: Context) -> Converted:
        text = texts[0]
        plain = latin(folded(_masked(text, "")))
        if len(_VIN_IN_WORDS.findall(plain)) > 1:
            raise Unreadable(Mark.VIN_SEVERAL)
        if " " in plain or not any(map(str.isdigit, plain)):
            raise Unreadable(Mark.VIN_IS_PROSE)
        return Converted((plain,), "" if plain == text else text)


class Plate(Spec):
    """A registration plate, of the source's country or of `country`; or that the column `from` names second."""

    fills: ClassVar = {"plate": ("plate", "plate_country")}

    converter_name: Literal["plate"] = Field("plate", alias="as")
    country: str = ""

    def convert(self, texts: tuple[str, ...], target: str, context: Context) -> Converted:
        text = texts[0]
        country = (texts[1].upper() if len(texts) > 1 else "") or self.country or context.country
        plate = read_plate(folded(text).translate(_DIVIDERS))
        if plate.bad_positions or HIDDEN in text:
            raise Unreadable(Mark.PLATE_MALFORMED)
        return Converted((plate.value, country), "" if plate.value == text else text)


class Number(Spec):
    """The number of a body, a chassis or an engine: no maker's form is another's, so only prose is refused."""

    converter_name: Literal["number"] = Field("number", alias="as")

    def convert(self, texts: tuple[str, ...], target: str, context: Context) -> Converted:
        plain = latin(folded(texts[0]))
        if plain in _NO_NUMBER or latin(plain) in {latin(word) for word in _NO_NUMBER}:
            return Converted(("",))
        if not _NUMBER.fullmatch(plain) or HIDDEN in plain:
            raise Unreadable(Mark.VALUE_UNREADABLE)
        number = plain.replace(" ", "")
        return Converted((number,), "" if number == texts[0] else texts[0])
