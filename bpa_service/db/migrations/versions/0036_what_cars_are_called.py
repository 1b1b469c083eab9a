"""What cars are called, by claims and by photos, and which cases share a name."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from bpa_service.cases.naming.adverts import advert_key
from service_kit import rls
from service_kit.rls import setting

revision: Final = "0036"
down_revision: Final[str | None] = "0035"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

AT_THE_DESK: Final = f"{setting('scope')} = 'desk'"
WORKS_ON_CASES: Final = f"{setting('role')} IN ('expert', 'senior', 'shift_lead')"
AT_ONCE: Final = 5000
PLACEHOLDERS: Final = (
    "'12345678901234567', '01234567890123456', '0123456789ABCDEFG', '1234567890ABCDEFG', 'ABCDEFGH123456789',"
    " '1M8GDM9AXKP042788', '1HGCM82633A004352'"
)
IS_NUMBER: Final = f"length(key) >= 5 AND key !~ '^(.)\\1*$' AND key NOT IN ({PLACEHOLDERS})"
CLAIMED: Final = f"""
INSERT INTO car_names (case_id, kind, key, source, said_at)
SELECT id, kind, key, 'claim', submitted_at
FROM cases, LATERAL (VALUES
    ('number', CASE WHEN claim ->> 'identifier_kind' <> 'plate' THEN number_key END),
    ('plate', plate_key)
) AS said (kind, typed), LATERAL (SELECT regexp_replace(typed, '\\W|_', '', 'g') AS key) AS plain
WHERE erased_at IS NULL AND CASE kind WHEN 'number' THEN {IS_NUMBER} ELSE length(key) >= 2 END
"""  # noqa: S608 - our own words
READ: Final = f"""
INSERT INTO car_names (case_id, kind, key, source, said_at, evidence_id)
SELECT DISTINCT ON (case_id, kind, key) case_id, kind, key, 'reading', accepted_at, evidence_id
FROM (
    SELECT DISTINCT ON (reading.evidence_id) reading.case_id, reading.text, accepted_at, reading.evidence_id,
        CASE WHEN reading.kind = 'plate' THEN 'plate' WHEN photo.shot = 'engine_number' THEN 'engine'
            ELSE 'number' END AS kind
    FROM photo_readings AS reading JOIN evidence AS photo ON photo.id = reading.evidence_id
        JOIN cases ON cases.id = reading.case_id AND cases.erased_at IS NULL
    ORDER BY reading.evidence_id, reading.version DESC
) AS newest, LATERAL (SELECT regexp_replace(text, '\\W|_', '', 'g') AS key) AS plain
WHERE text NOT LIKE '%?%' AND CASE kind WHEN 'plate' THEN length(key) >= 2 ELSE {IS_NUMBER} END
ORDER BY case_id, kind, key, accepted_at, evidence_id
"""  # noqa: S608 - our own words
SAME: Final = """
WITH one_way AS (
    SELECT DISTINCT mine.case_id, theirs.case_id AS other_id, mine.kind
    FROM car_names AS mine, LATERAL (
        SELECT case_id FROM car_names AS other
        WHERE other.key = mine.key AND other.kind = mine.kind AND other.case_id <> mine.case_id
        ORDER BY said_at DESC LIMIT 50
    ) AS theirs
), pair AS (
    SELECT case_id, other_id, kind FROM one_way UNION SELECT other_id, case_id, kind FROM one_way
)
INSERT INTO same_cars SELECT case_id, other_id, kind, kind = 'number' AND EXISTS (
    SELECT FROM car_names AS one JOIN car_names AS other ON other.case_id = pair.other_id AND other.kind = 'plate'
        AND other.said_at BETWEEN one.said_at - interval '30 days' AND one.said_at + interval '30 days'
    WHERE one.case_id = pair.case_id AND one.kind = 'plate'
) AND NOT EXISTS (
    SELECT FROM car_names AS one JOIN car_names AS other ON other.case_id = pair.other_id AND other.kind = 'plate'
        AND other.key = one.key
    WHERE one.case_id = pair.case_id AND one.kind = 'plate'
) FROM pair
"""
ADVERTS: Final = """
SELECT id, submitted_at, claim ->> 'advert_url' AS url FROM cases
WHERE claim ->> 'advert_url' IS NOT NULL AND erased_at IS NULL
"""
ADD_ADVERT: Final = """
INSERT INTO car_names (case_id, kind, key, source, said_at)
VALUES (:id, 'advert', :key, 'claim', :at)
"""


def upgrade() -> None:
    op.create_table(
        "car_names",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_car_names_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "kind", "key", "source", name=op.f("pk_car_names")),
    )
    op.create_table(
        "same_cars",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("other_plate", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "other_id", "kind", name=op.f("pk_same_cars")),
    )
    op.execute(CLAIMED)
    op.execute(READ)
    _name_adverts()
    op.create_index(op.f("ix_car_names_key_kind_said_at"), "car_names", ["key", "kind", "said_at"])
    op.execute(SAME)
    op.create_index(op.f("ix_same_cars_other_id"), "same_cars", ["other_id"])
    # Names come with a case, and with what experts read off its photos; nobody else's case is changed by hand.
    for table in ("car_names", "same_cars"):
        rls.enable(table, seen_by=AT_THE_DESK, written_by=WORKS_ON_CASES)


def downgrade() -> None:
    op.drop_table("same_cars")
    op.drop_table("car_names")


def _name_adverts() -> None:
    # As links are compared now: who changes that names the cases that are there anew in any case.
    connection = op.get_bind()
    found = connection.execute(sa.text(ADVERTS)).all()
    keys = [(row, advert_key(row.url)) for row in found]
    named = [{"id": row.id, "at": row.submitted_at, "key": key} for row, key in keys if key]
    for start in range(0, len(named), AT_ONCE):
        connection.execute(sa.text(ADD_ADVERT), named[start : start + AT_ONCE])
