"""What people type where a number was asked for and that is none: said by its name, and never taken for one."""

import re
from enum import StrEnum
from typing import Final

from shared_schemas.letters import latin


class Nature(StrEnum):
    """What it is instead; each is the code of an issue, an info beside the errors that there are."""

    NOT_STATED = "identifier_not_stated"
    """Words for "there is none", or prose."""
    LINK = "identifier_is_link"
    RANGE = "identifier_is_range"
    DOCUMENT = "identifier_is_document"
    MODEL_CODE = "identifier_is_model_code"


_NONE_STATED: Final = frozenset(
    {
        *("Б/Н", "БН", "Б.Н", "БЕЗ НОМЕРА", "НЕТ", "НЕТ НОМЕРА", "НЕ УСТАНОВЛЕН", "НЕ УКАЗАН", "НЕИЗВЕСТЕН"),
        *(
            "ОТСУТСТВУЕТ",
            "НЕ УСТАНОВЛЕНО",
            "НЕ УКАЗАНО",
            "НЕИЗВЕСТНО",
            "Н/Д",
            "N/A",
            "NONE",
            "NO VIN",
            "UNKNOWN",
        ),
    }
)
_LINK: Final = re.compile(r"HTTPS?://|WWW\.")
# LP300000 - LP418689, RJ031-0000301 TO RJ031-0029567
_RANGE: Final = re.compile(
    r"([A-Z0-9]+-?[0-9]{5,}) ?(?:-| TO | ДО | ПО |\.\.) ?([A-Z0-9]+-?[0-9]{5,})(?: .*)?"
)
# A passport of a vehicle (ПТС, ЭПТС) or its certificate: 63МН866130, 78 УК 123456.
_DOCUMENT: Final = re.compile(r"[0-9]{2}[ -]?[А-ЯЁA-Z]{2}[ -]?[0-9]{6}|[0-9]{15}")
# DAA-ZVW30: the class of emissions and the model code (型式), no number of one car.
_MODEL_CODE: Final = re.compile(r"[A-Z0-9]{2,3}-[A-Z]{1,4}[0-9]{1,3}[A-Z]{0,2}")
_ALIKE: Final = 2
_FEWEST_WORDS: Final = 3


def nature(plain: str) -> Nature | None:
    """What folded text is that is no number; None for what may be one, well or badly typed."""
    spelled = latin(plain)
    ends = _RANGE.fullmatch(spelled)
    for what, is_so in (
        (Nature.NOT_STATED, plain.strip(" .") in _NONE_STATED or _is_prose(plain)),
        (Nature.LINK, _LINK.match(plain)),
        (Nature.RANGE, ends and ends[1][:_ALIKE] == ends[2][:_ALIKE]),
        (Nature.DOCUMENT, _DOCUMENT.fullmatch(plain)),
        (Nature.MODEL_CODE, _MODEL_CODE.fullmatch(spelled)),
    ):
        if is_so:
            return what
    return None


def _is_prose(plain: str) -> bool:
    words = [word for word in plain.split() if word.isalpha()]
    is_long = len(words) >= _FEWEST_WORDS and any(len(word) > _FEWEST_WORDS for word in words)
    return is_long and not any(map(str.isdigit, plain))
