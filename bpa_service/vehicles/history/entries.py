"""Records as the entries of a history: each once, in one order, under an id that stays."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Final

from bpa_service.vehicles.records.kinds import Action
from bpa_service.vehicles.records.record import Record
from shared_schemas.records import Precision

_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_LAST_MONTH: Final = 12


def id_of(record: Record) -> str:
    """What names an entry in findings and links: it stays when the source corrects what it says of the thing."""
    named = "\0".join((record.source, record.kind, record.key, str(record.item)))
    return blake2b(named.encode(), digest_size=8).hexdigest()


def entries_of(records: Iterable[Record]) -> list[Record]:
    """The newest word of each source on each thing, once, without what was taken back; the earliest first.

    Which order the records come in makes no difference, nor whether some come twice. Words of a record (`kind`,
    `outcome` …) may be plain texts, as they come from a file, so they are compared by what they are.
    """
    newest: dict[str, Record] = {}
    for record in records:
        other = newest.setdefault(id_of(record), record)
        if _age(record) > _age(other):
            newest[id_of(record)] = record
    return sorted((one for one in newest.values() if one.action == Action.STATE), key=_place)


def day_of(record: Record) -> date | None:
    """The day under which it stands: when it began, or else ended."""
    return record.began or record.ended


def last_day_of(record: Record) -> date | None:
    """The last day that `began` may mean: that of a month or year is its end."""
    first = record.began
    if first is None:
        return None
    if record.precision == Precision.YEAR:
        return date(first.year, _LAST_MONTH, 31)
    if record.precision == Precision.MONTH:
        year, month = divmod(first.year * _LAST_MONTH + first.month, _LAST_MONTH)
        return date(year, month + 1, 1) - timedelta(days=1)
    return first


def _age(record: Record) -> tuple[datetime, datetime, bytes, str, int]:
    # Of two words of one age the choice means nothing, but has to be the same each time.
    return (record.as_of, record.asked_at or _NEVER, record.row_hash, record.file, record.row)


def _place(record: Record) -> tuple[date, str, str, str, int]:
    return (day_of(record) or date.max, record.kind, record.source, record.key, record.item)
