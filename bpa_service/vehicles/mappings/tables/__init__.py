"""Tables of codes as sources publish them: what a code means, in their words.

A table is a CSV of `code,text,duplicate`: a code that stands twice means two things, and `duplicate` is `yes` in
the later row. Whoever shows such a code shows both meanings.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class CodeTable:
    """`meanings` of each code, mostly one; `spelled` is how the table writes a code. 7 is the same as 07."""

    name: str
    meanings: dict[str, tuple[str, ...]]
    spelled: dict[str, str]

    def find(self, code: str) -> tuple[str, tuple[str, ...]]:
        """The code as the table writes it, and its meanings: none if the table does not have it."""
        spelled = self.spelled.get(_value(code), code)
        return spelled, self.meanings.get(spelled, ())


def _value(code: str) -> str:
    return code.lstrip("0") or "0" if code.isdigit() else code.casefold()


@cache
def table(name: str) -> CodeTable:
    """The table in `tables/NAME.csv`. Raises FileNotFoundError for one that there is not."""
    meanings: dict[str, tuple[str, ...]] = {}
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            meanings[row["code"]] = (*meanings.get(row["code"], ()), row["text"])
    return CodeTable(name, meanings, {_value(code): code for code in meanings})
