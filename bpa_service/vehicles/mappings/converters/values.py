"""Texts, numbers, years, flags, words of a table, codes, grades and money."""

import re
from typing import ClassVar, Final, Literal

from pydantic import Field

from bpa_service.vehicles.mappings.converters.base import Context, Converted, Spec, Unreadable
from bpa_service.vehicles.mappings.tables import table
from bpa_service.vehicles.records.columns import COLUMNS, MOST_CHARACTERS_OF_ONE
from bpa_service.vehicles.records.kinds import Mark
from shared_schemas.letters import CYRILLIC_TO_LATIN, LATIN_TO_CYRILLIC

_MOST: Final = {column.name: column.most for column in COLUMNS}
_FIGURES: Final = re.compile(r"-?\d[\d ,.'\u00a0]*")
_FIRST_YEAR: Final = 1886
_TRUE: Final = frozenset({"true", "yes", "y", "1", "да", "ja", "oui", "так"})
_FALSE: Final = frozenset({"false", "no", "n", "0", "нет", "nee", "non", "ні"})


class Text(Spec):
    """A text as it stands; of several columns one after another. Upper or lower case if `case` says so.

    What the regular expressions of `without` find is left out: names of people.
    """

    converter_name: Literal["text"] = Field("text", alias="as")
    join: str = "; "
    case: Literal["", "upper", "lower"] = ""
    spaces_for: str = ""  # santa_fe is santa fe
    without: tuple[str, ...] = ()

    def convert(self, texts: tuple[str, ...], target: str, context: Context) -> Converted:
        text = self.join.join(filter(None, texts))
        for character in self.spaces_for:
            text = text.replace(character, " ")
        for pattern in self.without:
            text = re.sub(pattern, "", text).strip()
        text = {"upper": str.upper, "lower": str.lower}.get(self.case, str)(text)
        most = _MOST.get(target, MOST_CHARACTERS_OF_ONE)
        return Converted((text[:most],), marks=() if len(text) <= most else (Mark.TEXT_CUT,))


class Name(Text):
    """The name of a make or a model: letters of another script within one word are put right, and marked.

    A name of `cut_at` characters is one that the source cut.
    """

    cut_at: int = 0
    converter_name: Literal["name"] = Field("name", alias="as")  # pyright: ignore[reportIncompatibleVariableOverride]  # the name tells them apart

    def convert(self, texts: tuple[str, ...], target: str, context: Context) -> Converted:
        (text,), _, marks = super().convert(texts[:1], target, context)
        if len(text) == self.cut_at:
            marks = (*marks, Mark.MODEL_CUT_BY_SOURCE)
        one_script = " ".join(map(in_one_script, text.split()))
        if one_script != text:
            return Converted((one_script,), text, (*marks, Mark.NAME_LETTERS_REPAIRED))
        return Converted((text,), marks=marks)


_OTHER_LOOK_ALIKES: Final = {"І": "I", "і": "i", "Ѕ": "S", "Ј": "J"}  # Ukrainian, Macedonian, Serbian
_TO_LATIN: Final = CYRILLIC_TO_LATIN | _OTHER_LOOK_ALIKES
_TO_CYRILLIC: Final = LATIN_TO_CYRILLIC | {"I": "І"}


def in_one_script(word: str) -> str:
    """`word` with look-alikes of the script that has fewer letters in it put into the other, if all can be."""
    latin = [letter for letter in word if letter.isascii() and letter.isalpha()]
    cyrillic = [letter for letter in word if "\u0400" <= letter <= "\u04ff"]
    if not latin or not cyrillic:
        return word
    # Whatever can only be Cyrillic says that the word is; it is the letters alone in their script that tell.
    if any(letter not in _TO_LATIN for letter in cyrillic):
        return "".join(_TO_CYRILLIC.get(letter, letter) for letter in word)
    return "".join(_TO_LATIN.get(letter, letter) for letter in word)


def number_of(text: str) -> float | None:
    """The number that `text` is; a comma is decimal unless three figures follow each."""
    if not _FIGURES.fullmatch(text):
        return None
    figures = re.sub(r"[ '\u00a0]", "", text)
    if re.fullmatch(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?", figures):
        figures = figures.replace(",", "")
    try:
        return float(figures.replace(",", "."))
    except ValueError:
        return None


def spelled(number: float) -> str:
    """One spelling for each number: without trailing zeros."""
    return str(int(number)) if number == int(number) else repr(number)


class Figure(Spec):
    """A number in an attribute. 0 is one, unless it stands among `nothing`; `times` brings it to the unit."""

    converter_name: Literal["figure"] = Field("figure", alias="as")
    times: float = 1

    def convert(self, texts: tuple[str, ...], target: str, context: Context) -> Converted:
        if (number := number_of(texts[0])) is None:
            raise Unreadable(Mark.VALUE_UNREADABLE)
        return Converted((spelled(round(number * self.times, 6)),))


class Amount(Spec):
    """Money, in the currency of the second column, or of `currency`."""

    fills: ClassVar = {"amount": ("amount", "currency")}

    converter_name: Literal["amount"] = Field("amount", alias="as")
    currency: str = ""

    def convert(self, texts: tuple[str, ...], target: str, context: Context) -> Converted:
        number = number_of(texts[0].strip("$€£₽ "))
        if number is None or not 0 <= number <= _MOST["amount"]:
            raise Unreadable(Mark.VALUE_UNREADABLE)
        return Converted((number, (texts[1] if len(texts) > 1 else "").upper()[:3] or self.currency))


class Year(Spec):
    """A year of model or build. One before cars, or two years ahead of the file, is marked and not taken."""

    converter_name: Literal["year"] = Field("year", alias="as")

    def convert(self, texts: tuple[str, ...], target: str, context: Context) -> Converted:
        number = number_of(texts[0])
        if number is None:
            raise Unreadable(Mark.VALUE_UNREADABLE)
        if number != int(number) or not _FIRST_YEAR <= number <= context.as_of.year + 1:
            raise Unreadable(Mark.YEAR_IMPLAUSIBLE)
        return Converted((int(number),))


class Flag(Spec):
    """Yes or no, in the languages of the sources."""

    converter_name: Literal["flag"] = Field("flag", alias="as")

    def convert(self, texts: tuple[str, ...], target: str, context: Context) -> Converted:
        word = texts[0].casefold()
        if word not in _TRUE | _FALSE:
            raise Unreadable(Mark.VALUE_UNREADABLE)
        return Converted(("true" if word in _TRUE else "false",))


class Words(Spec):
    """A word of the source for each of ours. One that is not among them is marked, and kept as written.

    Where there may be several of them, the one that stands first in `first_of` counts.
    """

    converter_name: Literal["words"] = Field("words", alias="as")
    words: dict[str, str]
    otherwise: str | None = None
    first_of: tuple[str, ...] = ()

    def convert(self, texts: tuple[str, ...], target: str, context: Context) -> Converted:
        text = texts[0]
        if self.first_of:
            there = {one for text in texts for one in text.split(", ")}
            text = next((one for one in self.first_of if one in there), text)
        word = self.words.get(text, self.words.get(text.casefold(), self.otherwise))
        if word is None:
            raise Unreadable(Mark.CODE_UNKNOWN)
        return Converted((word,), text if text not in {"", word} else "")


class Codes(Spec):
    """One or more codes, divided by `divider`; each becomes `NAME:code`, spelled as the table NAME spells it.

    Without `table` the codes are taken as they are, under the name `as_table`.
    """

    converter_name: Literal["codes"] = Field("codes", alias="as")
    table: str = ""
    as_table: str = ""
    divider: str = ","

    def convert(self, texts: tuple[str, ...], target: str, context: Context) -> Converted:
        found: list[str] = []
        marks: list[Mark] = []
        for text in texts:
            for code in filter(None, map(str.strip, text.split(self.divider))):
                spelling = code
                if self.table:
                    spelling, meanings = table(self.table).find(code)
                    marks += (
                        [Mark.CODE_UNKNOWN] if not meanings else [Mark.CODE_AMBIGUOUS] * (len(meanings) > 1)
                    )
                found.append(f"{self.table or self.as_table}:{spelling}"[:MOST_CHARACTERS_OF_ONE])
        return Converted((tuple(dict.fromkeys(found))[: _MOST["codes"]],), marks=tuple(dict.fromkeys(marks)))


class Grade(Spec):
    """A condition, from 0 to 1. Of several `scales` that with the least span that the grade is on is taken."""

    converter_name: Literal["grade"] = Field("grade", alias="as")
    scales: tuple[tuple[float, float], ...]
    name_scale: bool = False  # gives the scale itself: 1-5

    def convert(self, texts: tuple[str, ...], target: str, context: Context) -> Converted:
        grade = number_of(texts[0])
        scale = next((one for one in self.scales if grade is not None and one[0] <= grade <= one[1]), None)
        if scale is None or grade is None:
            raise Unreadable(Mark.VALUE_UNREADABLE)
        worst, best = scale
        if self.name_scale:
            return Converted((f"{spelled(worst)}-{spelled(best)}",))
        return Converted((spelled(round((grade - worst) / (best - worst), 3)),), texts[0])
