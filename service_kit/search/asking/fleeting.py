"""Russian words in which a vowel comes and goes: ремень, ремня; заклёпка, заклёпок; участок, участки.

Stemmers take their forms for two words, so whoever asks for the one asks for the other as well.
"""

import re
from collections.abc import Iterator
from typing import Final

_CONSONANT: Final = "[бвгджзклмнпрстфхцчшщ]"
_WITHOUT_VOWEL: Final = (
    # заклепка, участки, стойку
    (re.compile(rf"(..*{_CONSONANT})к(?:а|у|и|е|ой|ою|ом|ам|ами|ах|ов)"), ("{}ок", "{}ек")),
    (re.compile(r"(..*)йк(?:а|у|и|е|ой|ою|ам|ами|ах)"), ("{}ек",)),
    (re.compile(rf"(..*{_CONSONANT})ц(?:а|у|ы|е|ем|ом|ам|ами|ах|ев|ов)"), ("{}ец",)),
    (re.compile(rf"(..*{_CONSONANT})н(?:я|ю|и|е|ем|ей|ям|ями|ях)"), ("{}ень",)),
)
_WITH_VOWEL: Final = (
    (re.compile(rf"(..*{_CONSONANT})[ое]к"), ("{}ка",)),
    (re.compile(r"(..*[аеиоуыэюя])ек"), ("{}йка",)),
    (re.compile(rf"(..*{_CONSONANT})ец"), ("{}ца",)),
    (re.compile(rf"(..*{_CONSONANT})ень"), ("{}ня",)),
)


def others(word: str) -> Iterator[str]:
    """Forms of the same word, as `words` spells it, that a stemmer would take for another."""
    for form, spellings in (*_WITHOUT_VOWEL, *_WITH_VOWEL):
        if found := form.fullmatch(word):
            yield from (spelling.format(found[1]) for spelling in spellings)
