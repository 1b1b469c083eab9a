"""The tables by which an index is kept as the database is, and what raises a document's mark."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Index, String, false, func, text
from sqlalchemy import Sequence as DatabaseSequence
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from service_kit.personal_columns import not_personal

CHANNEL: Final = "search"

# For migrations, which never change: whoever changes what raises a mark adds a version.
# In one transaction a mark is raised once: until it ends nobody else can raise it, and nobody sees what is there
# in between. A version is taken once the row is locked: of two transactions the later one has the greater.
RAISING_V1: Final = (
    "CREATE SEQUENCE search_versions",
    """
    CREATE FUNCTION search_raise(raised uuid) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO search_marks AS mark (id, version, since)
        VALUES (raised, nextval('search_versions'), clock_timestamp())
        ON CONFLICT (id) DO UPDATE SET
            version = nextval('search_versions'),
            since = CASE WHEN mark.version = mark.fed THEN clock_timestamp() ELSE mark.since END
        WHERE mark.xmin <> pg_current_xact_id()::xid;
        IF FOUND THEN
            PERFORM pg_notify('search', '');
        END IF;
    END $$
    """,
    """
    CREATE FUNCTION search_spread(spread uuid) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO search_spreads (id, number) VALUES (spread, nextval('search_versions'))
        ON CONFLICT (id) DO UPDATE SET number = nextval('search_versions'), cursor = NULL;
        PERFORM pg_notify('search', '');
    END $$
    """,
)


def raising_v1(
    table: str,
    event: str,
    *,
    of: str,
    if_changed: Sequence[str] = (),
    when: str = "",
    spreads: bool = False,
) -> list[str]:
    """What raises the mark of the document with the id in the column `of` of a row, on INSERT, UPDATE or DELETE.

    `if_changed`: only if an update changed one of these. `when`: only if this holds of the row, NEW or OLD.
    `spreads`: the id is that of something which many documents mention.
    """
    word = event.lower()
    row = "OLD" if event == "DELETE" else "NEW"
    name = f"search_{table}_{word}"
    conditions = [when] if when else []
    if if_changed:
        old, new = (", ".join(f"{side}.{column}" for column in if_changed) for side in ("OLD", "NEW"))
        conditions.append(f"({old}) IS DISTINCT FROM ({new})")
    condition = f"WHEN ({' AND '.join(conditions)})" if conditions else ""
    does = "search_spread" if spreads else "search_raise"
    return [
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM {does}({row}.{of});
            RETURN NULL;
        END $$
        """,
        f"""
        CREATE TRIGGER search_{word} AFTER {event} ON {table}
        FOR EACH ROW {condition} EXECUTE FUNCTION {name}()
        """,
    ]


class CopyState(StrEnum):
    """What becomes of a copy: it is being built, is looked into, or goes."""

    BUILDING = "building"
    LIVE = "live"
    DROPPING = "dropping"


class SearchMarkColumns:
    """What is known of one document: the version of its content, and the one that the index has (`fed`).

    A document waits while they differ, `since` when. `removed`: what was fed is that it is there no more.
    `refused`: the index will not have it as it is.
    """

    __tablename__: ClassVar[str]

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    fed: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    since: Mapped[datetime]
    removed: Mapped[bool] = mapped_column(Boolean, server_default=false())
    refused: Mapped[bool] = mapped_column(Boolean, server_default=false())

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Index, ...]:
        return (
            Index("ix_search_marks_waiting", "since", postgresql_where=text("version <> fed")),
            Index("ix_search_marks_refused", "id", postgresql_where=text("refused")),
        )


class SearchSpreadColumns:
    """Something changed that many documents mention, such as a name: their marks are raised in the order of their
    ids, up to `cursor` so far. `number` is another one after each change, `since` is when the first was.
    """

    __tablename__: ClassVar[str]

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    cursor: Mapped[UUID | None]
    since: Mapped[datetime] = mapped_column(server_default=func.now())


class SearchCopyColumns:
    """A copy of the index. `made_of` says by which rules its documents are made, and of which engine it is; it is
    empty where that can't be said any more, and the copy is to be built anew.

    While it is built, `cursor` is the last document that it has, and `documents` how many were read for it, of
    `about` so many. When it was compared with the database last (`checked_at`), it had `compared` documents, and
    there were so many `differences`.
    """

    __tablename__: ClassVar[str]

    copy: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    state: Mapped[CopyState]
    made_of: Mapped[str] = mapped_column(String(64), info=not_personal())
    cursor: Mapped[UUID | None]
    documents: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    about: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    begun_at: Mapped[datetime] = mapped_column(server_default=func.now())
    published_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    compared: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    differences: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


def declare_keeping_tables(base: type[DeclarativeBase]) -> None:
    """On the service's `base`; their names are the same in both services."""

    for columns, table in (
        (SearchMarkColumns, "search_marks"),
        (SearchSpreadColumns, "search_spreads"),
        (SearchCopyColumns, "search_copies"),
    ):
        type(columns.__name__.removesuffix("Columns"), (columns, base), {"__tablename__": table})
    DatabaseSequence("search_versions", metadata=base.metadata)
