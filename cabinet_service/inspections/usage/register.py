"""The register of a month: what was ordered, by whom, what came of it and how long it took, as a table.

What people wrote stands in it as text, whatever it begins with: no program of tables takes it for a formula.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from cabinet_service.accounts.domain import Language
from shared_schemas.clock import Clock, used
from shared_schemas.words import InspectionState, Verdict

Value = str | int | float | datetime | None

HEADS: Final[Mapping[Language, Sequence[str]]] = {
    "ru": (
        *("Номер заявки", "Отправлена", "Филиал", "Кто отправил", "Номер машины", "Госномер"),
        *("Марка", "Модель", "Год", "Вывод", "Ответ дан", "Минут по часам", "В срок", "Учитывается"),
    ),
    "en": (
        *("Number", "Sent", "Branch", "Sent by", "Number of the car", "Plate"),
        *("Make", "Model", "Year", "Verdict", "Answered", "Minutes by the clock", "In time", "Counts"),
    ),
}
VERDICTS: Final[Mapping[Language, Mapping[Verdict, str]]] = {
    "ru": {
        Verdict.CLEAN: "Признаков изменения маркировки не видно",
        Verdict.DOUBTS: "Есть сомнения",
        Verdict.FORGERY_SIGNS: "Есть признаки изменения маркировки",
        Verdict.INSUFFICIENT_DATA: "Данных недостаточно",
    },
    "en": {
        Verdict.CLEAN: "No signs of altered markings seen",
        Verdict.DOUBTS: "Doubts",
        Verdict.FORGERY_SIGNS: "Signs of altered markings",
        Verdict.INSUFFICIENT_DATA: "Insufficient data",
    },
}
WITHOUT_ANSWER: Final[Mapping[Language, Mapping[InspectionState, str]]] = {
    "ru": {
        InspectionState.CANCELLED: "Отменена",
        InspectionState.UNPROCESSABLE: "Проверить не удалось",
        InspectionState.EXPIRED: "Не дождались ответа клиента",
    },
    "en": {
        InspectionState.CANCELLED: "Cancelled",
        InspectionState.UNPROCESSABLE: "Could not be checked",
        InspectionState.EXPIRED: "No reply from the client",
    },
}
YES_NO: Final[Mapping[Language, tuple[str, str]]] = {"ru": ("да", "нет"), "en": ("yes", "no")}
UNDER_WAY: Final[Mapping[Language, str]] = {"ru": "В работе", "en": "Under way"}
_DELIMITERS: Final[Mapping[Language, str]] = {"ru": ";", "en": ","}
_BOM: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
# A cell that begins with one of these is a formula to some program of tables, the wide forms too.
_BEGINS_FORMULA: Final = tuple("=+-@|%\uff1d\uff0b\uff0d\uff20")


class Table(Protocol):
    """A file that is written row by row."""

    def add(self, rows: Iterable[Sequence[Value]]) -> None: ...

    def finish(self) -> None: ...


def cells(
    row: Mapping[str, Any], branches: Mapping[UUID, str], *, language: Language, zone: ZoneInfo, now: datetime
) -> Sequence[Value]:
    """What stands in the register of one order, in the order of HEADS."""
    yes, no = YES_NO[language]
    clock = Clock.model_validate(row["clock"]) if row["clock"] else None
    spent = used(clock, row["decided_at"] or now) if clock else None
    answered = row["decided_at"]
    in_time = None if clock is None or answered is None or spent is None else spent <= clock.budget
    return (
        row["number"],
        _local(row["submitted_at"], zone),
        branches.get(row["branch_id"]),
        row["actor_name"],
        row["identifier"],
        row["plate"],
        row["make"],
        row["model"],
        row["year"],
        _came_to(row, language),
        _local(answered, zone),
        None if spent is None or answered is None else round(spent / timedelta(minutes=1), 1),
        None if in_time is None else (yes if in_time else no),
        yes if row["counts"] else no,
    )


def _came_to(row: Mapping[str, Any], language: Language) -> str:
    if row["verdict"] is not None:
        return VERDICTS[language][Verdict(row["verdict"])]
    return WITHOUT_ANSWER[language].get(InspectionState(row["state"]), UNDER_WAY[language])


def _local(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    """As the clocks there showed it: tables know no zones."""
    return None if at is None else at.astimezone(zone).replace(tzinfo=None, microsecond=0)


def harmless(text: str) -> str:
    """The text in one line, as no program of tables takes it for a formula; what nobody sees is left out."""
    seen = "".join(sign if sign.isprintable() else " " if sign.isspace() else "" for sign in text)
    line = " ".join(seen.split())
    return f"'{line}" if line.startswith(_BEGINS_FORMULA) else line


class Csv:
    """A register as CSV, which a program of tables opens as it is."""

    def __init__(self, path: Path, language: Language) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._file.write(_BOM)
        self._writer = csv.writer(self._file, delimiter=_DELIMITERS[language])
        self._comma = language == "ru"

    def add(self, rows: Iterable[Sequence[Value]]) -> None:
        self._writer.writerows([self._text(value) for value in row] for row in rows)

    def finish(self) -> None:
        self._file.close()

    def _text(self, value: Value) -> str:
        if value is None:
            return ""
        if isinstance(value, datetime):
            return f"{value:%Y-%m-%d %H:%M:%S}"
        if isinstance(value, str):
            return harmless(value)
        return str(value).replace(".", ",") if self._comma else str(value)
