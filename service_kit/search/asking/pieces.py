"""What was typed, cut into pieces: what stands between spaces, or in quotes, and where it is to be looked for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from service_kit.search.asking.layouts import meant_in_cyrillic
from service_kit.search.documents import NameKind, TextField
from service_kit.search.words import words_of
from shared_schemas.letters import folded

_OR: Final = frozenset({"or", "или", "либо", "|"})
_LABELS: Final[dict[NameKind | TextField, str]] = {
    NameKind.NUMBER: "vin вин number номер кузов кузова body frame chassis рама рамы шасси",
    NameKind.PLATE: "plate госномер грз знак",
    NameKind.ENGINE: "engine двигатель двигателя мотор",
    NameKind.PHONE: "phone tel телефон тел",
    NameKind.CASE: "case дело заявка inspection",
    TextField.ABOUT: "about make model марка модель авто verdict вердикт",
    TextField.PEOPLE: "people expert эксперт",
    TextField.FINDINGS: "finding findings находка находки признак признаки",
    TextField.ANSWER: "answer ответ",
    TextField.MESSAGES: "message messages сообщение сообщения чат",
    TextField.NOTES: "note notes заметка заметки",
}
LABELS: Final = {word: what for what, words in _LABELS.items() for word in words.split()}
"""Before a colon each says where to look."""
# What opens a quotation that is closed: nothing else is one.
_PIECE: Final = re.compile(
    r'"(?P<straight>[^"]*)"|«(?P<angled>[^»]*)»|“(?P<high>[^”]*)”|„(?P<low>[^“”]*)[“”]|\||[^\s"«»“”„|]+'
)
_LABELLED: Final = re.compile(r"([^\W\d_]{2,16}):")
_PART: Final = re.compile(r"[^,;()\[\]{}<>=&!~^@'`\\:]+")
# A slash divides two things of the same kind: 7654/7854.
_SLASHED: Final = re.compile(r"(?=[^/]*\d)([^\W_]{3,17})/(?=[^/]*\d)([^\W_]{3,17})")
_BEHIND: Final = ".,;:!"
_AROUND: Final = ".,!-+~^_/\\&%$"


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters `begin` to `end` of what was typed. `place`: only what is of this kind, or stands there.

    `is_other`: it is another possibility to what stands before it. `meant` is the word that was typed while the
    keyboard was set to the other alphabet, `number` the spelling of a whole number that stands in groups.
    """

    text: str
    begin: int
    end: int
    place: NameKind | TextField | None = None
    is_quoted: bool = False
    is_other: bool = False
    meant: str = ""
    number: str = ""

    @property
    def plain(self) -> str:
        """As words are compared, with whatever stands between letters."""
        return folded(self.text).lower().replace("ё", "е")


def pieces_of(text: str) -> list[Piece]:
    """The pieces of a text, in their order. Linear in its length, and never raises."""
    found: list[Piece] = []
    place: NameKind | TextField | None = None
    is_other = False
    for begin, end, is_quoted in _cut(text):
        piece = text[begin:end]
        if not is_quoted and piece.casefold() in _OR:
            is_other = bool(found)
            continue
        if not is_quoted and (label := _LABELLED.match(piece)) and label[1].casefold() in LABELS:
            place = LABELS[label[1].casefold()]
            begin += label.end()  # noqa: PLW2901 - the rest of it is the piece
            if begin == end:
                continue
        for one in (
            [Piece(text[begin:end], begin, end, is_quoted=True)] if is_quoted else _parts(text, begin, end)
        ):
            found.append(replace(one, place=place, is_other=is_other or one.is_other))
            is_other = False
        place = None
    return found


def _cut(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where what stands between spaces or within quotes begins and ends, and whether it is the latter."""
    for match in _PIECE.finditer(text):
        name = match.lastgroup
        yield (*match.span(name), True) if name else (*match.span(), False)


def _parts(text: str, begin: int, end: int) -> Iterator[Piece]:
    """What is divided by signs that mean nothing inside of a number or a word."""
    whole = text[begin:end].rstrip(_BEHIND)
    end = begin + len(whole)
    if not whole.isalpha() and (meant := meant_in_cyrillic(whole.lower())):
        yield Piece(whole, begin, end, meant=meant)  # signs that are letters on the other keyboard
        return
    if slashed := _SLASHED.fullmatch(whole):
        for group in (1, 2):
            first, last = slashed.span(group)
            yield Piece(slashed[group], begin + first, begin + last, is_other=group > 1)
        return
    for match in _PART.finditer(whole):
        bare = match[0].strip(_AROUND)
        if bare and (words_of(bare) or not bare.isascii() or set(bare) & {"*", "?", "#"}):
            first = begin + match.start() + match[0].index(bare)
            yield Piece(bare, first, first + len(bare))
