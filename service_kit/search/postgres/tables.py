"""The tables in which PostgreSQL keeps an index, and what texts are read with there.

Ids, keys and lexemes, and nothing that is shown. They have no row level security: no operator by which an index
of words is searched is leakproof, so PostgreSQL would look at each row instead (ADR 0054). The owner is a
condition of every statement that looks into them, in one place (`queries`).
"""

from datetime import datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text, false, text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from service_kit.personal_columns import erased_otherwise, not_personal
from service_kit.search.documents import LONGEST_VALUE

COPIES: Final = "search_index_copies"
DOCUMENTS: Final = "search_index_documents"

# For migrations, which never change. Every word counts, also "на": what is a word and what is not was decided
# before (`words`). What is written in Latin is read as English, in Cyrillic as Russian.
WORDS_V1: Final = (
    "CREATE TEXT SEARCH DICTIONARY search_english (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH DICTIONARY search_russian (TEMPLATE = snowball, LANGUAGE = russian)",
    "CREATE TEXT SEARCH CONFIGURATION search_words (COPY = pg_catalog.simple)",
    "ALTER TEXT SEARCH CONFIGURATION search_words ALTER MAPPING FOR asciiword WITH search_english",
    "ALTER TEXT SEARCH CONFIGURATION search_words ALTER MAPPING FOR word WITH search_russian",
)
# The vectors of a document lie beside its row, which so stays short: what is left in it is read of each that may
# answer.
SHORT_ROWS_V1: Final = (
    f"ALTER TABLE {DOCUMENTS} SET (toast_tuple_target = 256), "
    "ALTER COLUMN names SET STORAGE MAIN, ALTER COLUMN facets SET STORAGE MAIN"
)
WITHOUT_WORDS_V1: Final = (
    "DROP TEXT SEARCH CONFIGURATION search_words",
    "DROP TEXT SEARCH DICTIONARY search_russian",
    "DROP TEXT SEARCH DICTIONARY search_english",
)


class IndexCopyColumns:
    """A copy that is there. `made_as`: how its lexemes are made; one at most is looked into (`is_live`)."""

    __tablename__: ClassVar[str]

    copy: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    made_as: Mapped[str] = mapped_column(String(32), info=not_personal(is_exported=False))
    is_live: Mapped[bool] = mapped_column(Boolean, server_default=false())

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return (
            Index(f"ix_{cls.__tablename__}_live", "is_live", unique=True, postgresql_where=text("is_live")),
        )


class IndexDocumentColumns:
    """A document of a copy, or, where it has no `at`, that it is there no more since this version.

    `names` is a text of `;n:KEY;p:KEY;`, each with the letter of its kind, and `facets` holds `name=value`. An
    erasure reaches them as a removal.
    """

    __tablename__: ClassVar[str]

    copy: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    owner: Mapped[str | None] = mapped_column(String(LONGEST_VALUE), info=erased_otherwise(is_exported=False))
    at: Mapped[datetime | None]
    names: Mapped[str] = mapped_column(Text, info=erased_otherwise(is_exported=False))
    facets: Mapped[list[str]] = mapped_column(ARRAY(Text), info=erased_otherwise(is_exported=False))
    lexemes: Mapped[str] = mapped_column(TSVECTOR, info=erased_otherwise(is_exported=False))
    about: Mapped[str | None] = mapped_column(TSVECTOR, info=erased_otherwise(is_exported=False))
    people: Mapped[str | None] = mapped_column(TSVECTOR, info=erased_otherwise(is_exported=False))
    findings: Mapped[str | None] = mapped_column(TSVECTOR, info=erased_otherwise(is_exported=False))
    answer: Mapped[str | None] = mapped_column(TSVECTOR, info=erased_otherwise(is_exported=False))
    messages: Mapped[str | None] = mapped_column(TSVECTOR, info=erased_otherwise(is_exported=False))
    notes: Mapped[str | None] = mapped_column(TSVECTOR, info=erased_otherwise(is_exported=False))

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return (
            Index(f"ix_{cls.__tablename__}_lexemes", "lexemes", postgresql_using="gin"),
            Index(f"ix_{cls.__tablename__}_at", "copy", "at", "id"),
            Index(f"ix_{cls.__tablename__}_owner", "copy", "owner", "at", "id"),
        )


def declare_index_tables(base: type[DeclarativeBase]) -> None:
    """On the service's `base`; their names are the same in both services."""

    for columns, table in ((IndexCopyColumns, COPIES), (IndexDocumentColumns, DOCUMENTS)):
        type(columns.__name__.removesuffix("Columns"), (columns, base), {"__tablename__": table})
