"""SQLAlchemy's statements as SQL for asyncpg, each compiled once.

SQLAlchemy knows tables and types, checks a statement when it is written and compiles it. Its connections and
sessions are not used: they take several times as long over a small statement as driver and PostgreSQL together.
"""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Executable, Float, Numeric, Table, UpdateBase, inspect
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.orm import Mapper
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.util import LRUCache

Record = Any
"""A row as the driver gives it: asyncpg.Record, which is no Sequence to a type checker."""
Processor = Callable[[Any], Any] | None

DIALECT: Final = PGDialect_asyncpg()
_KEPT: Final = 1000
_compiled: Final[MutableMapping[Any, Any]] = LRUCache(_KEPT)


class Unsupported(Exception):
    """A statement or an object of a kind that sessions do not take: an error of whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a row: where it stands, and how it becomes what Python code expects."""

    place: int
    processor: Processor

    def of(self, record: Record) -> Any:
        value = record[self.place]
        return value if self.processor is None else self.processor(value)


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole object of a row: its columns by the names of their attributes."""

    mapper: Mapper[Any]
    values: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known of a statement whatever its values are. `columns` is None where a row is what comes."""

    compiled: SQLCompiler
    names: tuple[str, ...]
    processors: Mapping[str, Processor]
    defaults: tuple[tuple[str, Callable[[], Any]], ...]
    columns: tuple[Value | Whole, ...] | None
    keys: tuple[str, ...]

    @property
    def expands(self) -> bool:
        return bool(self.compiled.post_compile_params or self.compiled.literal_execute_params)


_plans: Final[WeakKeyDictionary[SQLCompiler, Plan]] = WeakKeyDictionary()


def prepared(
    statement: Executable, params: Mapping[str, Any] | None = None, *, is_one_of_many: bool = False
) -> tuple[Plan, str, list[Any]]:
    """The plan of a statement, its SQL, and the values in the order of `$1`, `$2` …

    `is_one_of_many`: it is sent with many parameters, and nothing comes back.
    """
    compiled, extracted, collected, _ = cast("Any", statement)._compile_w_cache(  # noqa: SLF001 - the one way to its cache
        DIALECT,
        compiled_cache=_compiled,
        column_keys=sorted(params or ()),
        for_executemany=is_one_of_many,
    )
    plan = _plans.get(compiled)
    if plan is None:
        plan = _plans[compiled] = _plan(statement, compiled)
    values = compiled.construct_params(
        params, extracted_parameters=extracted, escape_names=False, _collected_params=collected
    )
    for name, default in plan.defaults:
        values[name] = default()
    if not plan.expands:
        return plan, compiled.string, _in_order(plan.names, plan.processors, values)
    expanded = compiled.construct_expanded_state(values, escape_names=False)
    processors = {**plan.processors, **expanded.processors}
    return plan, expanded.statement, _in_order(expanded.positiontup or (), processors, expanded.parameters)


def _in_order(
    names: Sequence[str], processors: Mapping[str, Processor], values: Mapping[str, Any]
) -> list[Any]:
    return [
        processor(values[name]) if (processor := processors.get(name)) else values[name] for name in names
    ]


def processor_in(type_: Any) -> Processor:
    """How a value of this type goes to the driver."""
    found: Processor = type_.dialect_impl(DIALECT).bind_processor(DIALECT)
    return found


def processor_out(type_: Any) -> Processor:
    """How a value of this type comes from the driver."""
    if isinstance(type_, (Numeric, Float)):  # whose own way depends on what PostgreSQL says of each answer
        return _decimal if type_.asdecimal else _float
    found: Processor = type_.dialect_impl(DIALECT).result_processor(DIALECT, None)
    return found


def _decimal(value: Decimal | float | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _float(value: Decimal | float | None) -> float | None:
    return None if value is None else float(value)


def default_of(column: Any) -> Callable[[], Any] | None:
    """What stands in a column of a new row if nobody says; None if that is the database's to say."""
    default = column.default
    if default is None:
        return None
    if default.is_scalar:
        return lambda: default.arg
    if default.is_callable:
        return lambda: default.arg(None)

    def unknown() -> Any:
        raise Unsupported(f"an object's row whose {column} is SQL")

    return unknown


def _plan(statement: Executable, compiled: SQLCompiler) -> Plan:
    inside: Any = compiled
    columns, keys = _columns(statement, compiled)
    defaults: list[tuple[str, Callable[[], Any]]] = []
    for column in compiled.insert_prefetch:
        default = default_of(column)
        assert default is not None  # noqa: S101 - that is what makes it one of these
        defaults.append((column.key, default))
    return Plan(
        compiled=compiled,
        names=tuple(compiled.positiontup or ()),
        processors=cast("Mapping[str, Processor]", inside._bind_processors),  # noqa: SLF001 - as its own execution does
        defaults=tuple(defaults),
        columns=columns,
        keys=keys,
    )


def _columns(
    statement: Executable, compiled: SQLCompiler
) -> tuple[tuple[Value | Whole, ...] | None, tuple[str, ...]]:
    inside: Any = compiled
    entries: Sequence[Any] = inside._result_columns  # noqa: SLF001 - says what stands where in a row
    asked = _asked(statement)
    if not entries or not asked:
        return None, ()  # what comes back unasked is a key that SQLAlchemy would have fetched for itself
    found: list[Value | Whole] = []
    place = 0
    for _, mapper in asked:
        if mapper is not None:
            whole = _whole(mapper, place)
            found.append(whole)
            place += len(whole.values)
        else:
            found.append(Value(place, processor_out(entries[place].type) if place < len(entries) else None))
            place += 1
    if place != len(entries):
        # SQLAlchemy asks for a column once: a part of a whole object cannot be asked for beside it.
        raise Unsupported(f"the columns of {statement}")
    return tuple(found), tuple(name for name, _ in asked)


def _asked(statement: Executable) -> list[tuple[str, Mapper[Any] | None]]:
    """What a statement asks for: its name, and of a whole object its mapper."""
    if isinstance(statement, UpdateBase):
        # Its own description of them fails for whole objects, which are tables that know their class.
        returned: Any = cast("Any", statement)._returning  # noqa: SLF001 - what stands after RETURNING
        return [
            (getattr(one, "name", ""), _mapper(one) if isinstance(one, Table) else None) for one in returned
        ]
    described: Any = getattr(statement, "column_descriptions", ())
    return [
        (str(one["name"]), inspect(one["entity"]).mapper if one["expr"] is one.get("entity") else None)
        for one in described
    ]


def _whole(mapper: Mapper[Any], start: int) -> Whole:
    attributes = enumerate(mapper.column_attrs, start)
    return Whole(
        mapper,
        tuple((one.key, Value(place, processor_out(one.columns[0].type))) for place, one in attributes),
    )


def _mapper(table: Any) -> Mapper[Any]:
    mapper: Mapper[Any] = table._annotations["parententity"]  # noqa: SLF001 - as it knows its class
    return mapper
