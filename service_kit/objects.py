"""Rows as objects, and what became of the objects as rows: what a session keeps until its transaction ends.

An object of a row is the same however often the row is read, and is brought up to date each time. What was
changed on objects goes to the database in one order for all transactions: table by table, each after those that
it refers to, and row by row by key. So two transactions that change the same rows wait for each other, and never
in a circle.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

from sqlalchemy import Table, inspect
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import instance_state

from service_kit.compiled import DIALECT, Processor, Record, Whole, default_of, processor_in, processor_out
from service_kit.writes import Write

Key = tuple[Any, ...]


class RowGone(LookupError):
    """The row of an object is not there any more, or not for the scope of this transaction."""


@dataclass(frozen=True, slots=True)
class _Column:
    attribute: str
    name: str
    is_key: bool
    into: Processor
    out: Processor
    default: Any
    is_generated: bool

    def driver_value(self, value: Any) -> Any:
        # None is NULL, of JSON too: its own null would be a value.
        return value if value is None or self.into is None else self.into(value)


@dataclass(frozen=True, slots=True)
class _Layout:
    """A mapped class and its table."""

    mapper: Mapper[Any]
    table: str
    place: int
    columns: Mapping[str, _Column]
    keys: tuple[_Column, ...]
    refers_to: frozenset[str]

    @property
    def tables(self) -> frozenset[str]:
        return frozenset((self.table,))

    def key_of(self, values: Mapping[str, Any]) -> Key:
        return tuple(values[column.attribute] for column in self.keys)


@cache
def layout_of(entity: type[Any]) -> _Layout:
    mapper: Mapper[Any] = inspect(entity)
    table = cast("Table", mapper.local_table)
    keys = set(table.primary_key.columns)
    generated_key = table.autoincrement_column
    quote = DIALECT.identifier_preparer.quote
    columns = {
        attribute.key: _Column(
            attribute=attribute.key,
            name=quote(column.name),
            is_key=column in keys,
            into=processor_in(column.type),
            out=processor_out(column.type),
            default=default_of(column),
            is_generated=column.server_default is not None or column is generated_key,
        )
        for attribute in mapper.column_attrs
        for column in cast("Iterable[Any]", attribute.columns[:1])
    }
    by_name = {column.name: column for column in columns.values()}
    return _Layout(
        mapper=mapper,
        table=quote(table.name),
        place=list(table.metadata.sorted_tables).index(table),
        columns=columns,
        keys=tuple(by_name[quote(column.name)] for column in table.primary_key.columns),
        refers_to=frozenset(quote(key.column.table.name) for key in table.foreign_keys),
    )


def _layout(one: Any) -> _Layout:
    return layout_of(one.__class__)


class Objects:
    """The objects of one transaction."""

    def __init__(self) -> None:
        self._known: dict[tuple[type[Any], Key], Any] = {}
        self._new: list[Any] = []
        self._gone: list[Any] = []

    def add(self, one: Any) -> None:
        if one not in self._new and not self._is_known(one):
            self._new.append(one)

    def delete(self, one: Any) -> None:
        if one not in self._gone:
            self._gone.append(one)

    def known(self, entity: type[Any], key: Key) -> Any:
        """The object of the row, if it was read or written before."""
        return self._known.get((entity, key))

    def of(self, whole: Whole, record: Record) -> Any:
        """The object of the row; None for an outer join that found none."""
        values = {name: value.of(record) for name, value in whole.values}
        layout = layout_of(whole.mapper.class_)
        key = layout.key_of(values)
        if all(part is None for part in key):
            return None
        one = self._known.get((whole.mapper.class_, key))
        if one is None:
            one = whole.mapper.class_manager.new_instance()
            self._known[whole.mapper.class_, key] = one
        _take(one, values)
        return one

    def has_changes(self) -> bool:
        return bool(self._new or self._gone) or any(_is_changed(one) for one in self._known.values())

    def changes(self) -> "Changes":
        """What is to be written, which from now on counts as written."""
        found = Changes()
        for one in self._new:
            self._new_row(found, one)
        for one in self._known.values():
            if _is_changed(one) and one not in self._gone:
                _changed_row(found, one)
        for one in self._gone:
            self._lost_row(found, one)
        self._new, self._gone = [], []
        return found

    def remember(self) -> "Memory":
        """How all objects stand, to come back to; nothing may be left to write."""
        return Memory({key: (one, dict(one.__dict__)) for key, one in self._known.items()})

    def come_back_to(self, memory: "Memory") -> None:
        """What was done to the objects meanwhile is undone, as it was in the database."""
        self._new, self._gone = [], []
        self._known = {key: one for key, (one, _) in memory.rows.items()}
        for one, values in memory.rows.values():
            columns = _layout(one).columns
            _take(one, {name: value for name, value in values.items() if name in columns})

    def _is_known(self, one: Any) -> bool:
        layout = _layout(one)
        values = one.__dict__
        if any(column.attribute not in values for column in layout.keys):
            return False
        return self._known.get((one.__class__, layout.key_of(values))) is one

    def _new_row(self, found: "Changes", one: Any) -> None:
        layout, values = _layout(one), one.__dict__
        for column in layout.columns.values():
            if column.attribute not in values:
                if column.default is not None:
                    values[column.attribute] = column.default()
                elif not column.is_generated:
                    values[column.attribute] = None
        found.inserts.setdefault(layout.place, []).append((layout, one))
        if all(column.attribute in values for column in layout.keys):
            self._known[one.__class__, layout.key_of(values)] = one
        _settle(one)

    def _lost_row(self, found: "Changes", one: Any) -> None:
        layout = _layout(one)
        key = layout.key_of(one.__dict__)
        self._known.pop((one.__class__, key), None)
        where = " AND ".join(f"{column.name} = ${place}" for place, column in enumerate(layout.keys, 1))
        values = [column.driver_value(part) for column, part in zip(layout.keys, key, strict=True)]
        sql = f"DELETE FROM {layout.table} WHERE {where}"  # noqa: S608 - names of our own tables
        found.deletes.setdefault(layout.place, []).append(
            Write(f"{sql} RETURNING 1", values, layout.tables, objects=[one])
        )

    def given(self, write: Write, records: Sequence[Record]) -> None:
        """Take what the database gave new rows."""
        for one, record in zip(write.objects, records, strict=True):
            layout = _layout(one)
            for name, value in zip(write.gives, record, strict=True):
                column = layout.columns[name]
                one.__dict__[name] = value if column.out is None else column.out(value)
            self._known[one.__class__, layout.key_of(one.__dict__)] = one


@dataclass(frozen=True, slots=True)
class Memory:
    """How objects stood at some time."""

    rows: Mapping[tuple[type[Any], Key], tuple[Any, dict[str, Any]]]


class Changes:
    """What a flush writes, by the place of the table in the order of all."""

    def __init__(self) -> None:
        self.inserts: dict[int, list[tuple[_Layout, Any]]] = {}
        self.updates: dict[int, list[tuple[Key, Write]]] = {}
        self.deletes: dict[int, list[Write]] = {}

    def writes(self) -> Iterable[Write]:
        """The statements, in the order of all transactions."""
        for place in sorted({*self.inserts, *self.updates}):
            yield from _inserts(self.inserts.get(place, []))
            for _, write in sorted(self.updates.get(place, []), key=lambda update: update[0]):
                yield write
        for place in sorted(self.deletes, reverse=True):
            yield from self.deletes[place]


_MOST_VALUES: Final = 30_000  # PostgreSQL takes 65,535 in a statement


def _inserts(rows: Sequence[tuple[_Layout, Any]]) -> Iterable[Write]:
    """One statement for all neighbours that say the same columns."""
    at = 0
    while at < len(rows):
        layout, first = rows[at]
        said = [column for column in layout.columns.values() if column.attribute in first.__dict__]
        left = [column for column in layout.columns.values() if column.attribute not in first.__dict__]
        names = {column.attribute for column in said}
        end, most = at + 1, max(1, _MOST_VALUES // max(1, len(said)))
        while end < len(rows) and end - at < most and _says(rows[end][1], layout) == names:
            end += 1
        many = [one for _, one in rows[at:end]]
        values = [column.driver_value(one.__dict__[column.attribute]) for one in many for column in said]
        sql = _insert(layout, said, left, len(many))
        yield Write(
            sql,
            values,
            layout.tables,
            objects=many,
            gives=[column.attribute for column in left],
            refers_to=layout.refers_to,
        )
        at = end


def _says(one: Any, layout: _Layout) -> set[str]:
    return {name for name in layout.columns if name in one.__dict__}


def _insert(layout: _Layout, said: Sequence[_Column], left: Sequence[_Column], count: int) -> str:
    width = len(said)
    rows = ", ".join(
        "(" + ", ".join(f"${row * width + place}" for place in range(1, width + 1)) + ")"
        for row in range(count)
    )
    names = ", ".join(column.name for column in said)
    returning = ", ".join(column.name for column in left) or "1"
    return f"INSERT INTO {layout.table} ({names}) VALUES {rows} RETURNING {returning}"  # noqa: S608 - names of our own tables


def _changed_row(found: Changes, one: Any) -> None:
    layout = _layout(one)
    before, values = instance_state(one).committed_state, one.__dict__
    changed = [
        column
        for column in layout.columns.values()
        if column.attribute in before and before[column.attribute] != values[column.attribute]
    ]
    key = tuple(before.get(column.attribute, values[column.attribute]) for column in layout.keys)
    _settle(one)
    if not changed:
        return
    set_ = ", ".join(f"{column.name} = ${place}" for place, column in enumerate(changed, 1))
    where = " AND ".join(
        f"{column.name} = ${place}" for place, column in enumerate(layout.keys, len(changed) + 1)
    )
    new = [column.driver_value(values[column.attribute]) for column in changed]
    of_key = [column.driver_value(part) for column, part in zip(layout.keys, key, strict=True)]
    sql = f"UPDATE {layout.table} SET {set_} WHERE {where} RETURNING 1"  # noqa: S608 - names of our own tables
    found.updates.setdefault(layout.place, []).append(
        (key, Write(sql, [*new, *of_key], layout.tables, objects=[one], refers_to=layout.refers_to))
    )


def _take(one: Any, values: Mapping[str, Any]) -> None:
    one.__dict__.update(values)
    _settle(one)


def _settle(one: Any) -> None:
    """From now on only what is changed anew counts as changed."""
    state = instance_state(one)
    state.committed_state.clear()
    state.modified = False


def _is_changed(one: Any) -> bool:
    return bool(instance_state(one).modified)
