"""Every column that can hold a text says whether that is a client's, and what becomes of it then."""

import subprocess
import sys
from typing import Annotated, Any, Final

import pytest
from sqlalchemy import Enum, LargeBinary, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bpa_service.db.models import Base as BpaBase
from cabinet_service.db.models import Base as CabinetBase
from service_kit.forgetting import exported, forget
from service_kit.personal_columns import (
    erased_otherwise,
    marks_of,
    not_personal,
    personal,
    personal_in,
    personal_keys,
    personal_name,
)
from shared_schemas.base import Contract
from shared_schemas.evidence import EvidenceRef
from shared_schemas.personal import ERASED, PERSONAL
from shared_schemas.rest.clients import (
    ClientCase,
    ClientDispute,
    ClientMessage,
    ClientOutcome,
    ClientRating,
    ClientTask,
)

BASES: Final = {"cabinet": CabinetBase, "bpa": BpaBase}
tables = pytest.mark.parametrize(
    ("service", "table"),
    [
        (service, mapper.class_)
        for service, base in BASES.items()
        # In a fixed order, by which test processes agree on what there is.
        for mapper in sorted(base.registry.mappers, key=lambda one: one.class_.__tablename__)
    ],
    ids=lambda one: one if isinstance(one, str) else one.__tablename__,
)


def holds_text(kind: Any) -> bool:
    if (item := getattr(kind, "item_type", None)) is not None:  # an array
        return holds_text(item)
    return isinstance(kind, String | LargeBinary | JSONB) and not isinstance(kind, Enum)


@tables
def test_every_text_says_whose_it_is(service: str, table: type[DeclarativeBase]) -> None:
    marked = dict(marks_of(table))
    texts = {column.key for column in table.__mapper__.column_attrs if holds_text(column.columns[0].type)}
    assert texts - marked.keys() == set(), f"personal or not_personal? ({service})"


@tables
def test_what_stands_in_the_place_of_a_value_fits_its_column(
    service: str, table: type[DeclarativeBase]
) -> None:
    for name, mark in marks_of(table):
        column = table.__mapper__.column_attrs[name].columns[0]
        if mark.name_of is not None:
            assert mark.name_of in table.__mapper__.column_attrs
        if column.nullable or mark.erased is None:
            continue
        assert isinstance(column.type, JSONB) or mark.erased("anything") is not None, (service, name)


def test_what_the_experts_hold_and_clients_take_along_is_in_what_is_sent() -> None:
    """A column that is marked so, and for which the contract has no place, would be forgotten."""
    sent = {
        "cases": ClientCase,
        "info_tasks": ClientTask,
        "messages": ClientMessage,
        "disputes": ClientDispute,
        "ratings": ClientRating,
        "outcomes": ClientOutcome,
        "evidence": EvidenceRef,
    }
    held = {
        (table.__tablename__, name)
        for table in (mapper.class_ for mapper in BpaBase.registry.mappers)
        for name, mark in marks_of(table)
        if mark.erased is not None and mark.is_exported
    }
    assert held
    assert {(table, name) for table, name in held if name not in sent[table].model_fields} == set()


@pytest.mark.parametrize(
    ("service", "erases", "column"),
    [
        ("bpa_service", "bpa_service.cases.personal.handlers", "case_id"),
        ("cabinet_service", "cabinet_service.inspections.personal.erasing", "inspection_id"),
    ],
)
def test_who_erases_knows_every_table(service: str, erases: str, column: str) -> None:
    """An erasure goes over the tables that are declared in its process."""
    program = f"""
import {erases}
from {service}.db.base import Base
from service_kit.forgetting import tables_with

known = tables_with(Base, "{column}")
import {service}.db.models
assert known == tables_with(Base, "{column}"), known
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


class Inner(Contract):
    word: Annotated[str, PERSONAL]
    number: int


class Base(DeclarativeBase):
    pass


class Thing(Base):
    __tablename__ = "things"

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(info=personal(ERASED))
    note: Mapped[str | None] = mapped_column(info=personal())
    nothing: Mapped[str | None] = mapped_column(info=personal(ERASED))
    author_id: Mapped[int]
    author_name: Mapped[str | None] = mapped_column(info=personal_name(of="author_id"))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, info=personal_keys("reason"))
    body: Mapped[list[Any]] = mapped_column(JSONB, info=personal_in(Inner))
    trace: Mapped[str] = mapped_column(info=erased_otherwise())
    state: Mapped[str] = mapped_column(info=not_personal())
    key: Mapped[bytes] = mapped_column(info=not_personal(is_exported=False))
    digest: Mapped[bytes]


def thing() -> Thing:
    return Thing(
        id=1,
        words="secret",
        note="secret",
        nothing=None,
        author_id=7,
        author_name="Me",
        data={"reason": "secret", "kept": 1},
        body=[{"word": "secret", "number": 1}],
        trace="trace",
        state="open",
        key=b"key",
        digest=b"\x00\xff",
    )


@pytest.mark.parametrize(("client_id", "name"), [(7, None), (8, "Me"), (None, "Me")])
def test_a_row_is_forgotten_by_its_marks(client_id: Any, name: str | None) -> None:
    row = thing()
    for _ in range(2):  # done again it changes nothing
        forget(row, client_id=client_id)
        assert (row.words, row.note, row.nothing, row.author_name) == (ERASED, None, None, name)
        assert row.data == {"kept": 1}
        assert row.body == [{"word": ERASED, "number": 1}]
        assert (row.id, row.trace, row.state, row.key, row.digest) == (
            1,
            "trace",
            "open",
            b"key",
            b"\x00\xff",
        )


def test_a_row_is_given_out_but_for_what_is_marked() -> None:
    given = exported(thing())
    assert given["words"] == "secret"
    assert given["body"] == [{"word": "secret", "number": 1}]
    assert given["digest"] == "00ff"
    assert given.keys() == {one.key for one in Thing.__mapper__.column_attrs} - {"key"}
