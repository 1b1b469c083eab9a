"""Rows in thousands: copies of what the product itself has written, so that they look as it leaves them."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from bench import pictures
from bench.stage import Stage


def copies(table: str, template: str, series: str, values: Mapping[str, str]) -> str:
    """SQL that copies the rows of `table` that fit `template`, once for each number of `series`.

    `values` are SQL expressions for columns that differ; `n` in them is the number of the copy.
    """
    replaced = "".join(f", '{column}', ({value})" for column, value in values.items())
    return f"""
INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT copy.*
FROM {table} AS kept, {series} AS n,
LATERAL jsonb_populate_record(kept, jsonb_build_object({replaced.lstrip(", ")})) AS copy
WHERE {template};
"""


def copy_draft(stage: Stage, draft_id: str, *, count: int) -> list[UUID]:
    """As many drafts like that one, with the same photos; returns their ids."""
    space = uuid4().hex
    new_id, series = f"md5('{space}' || n)::uuid", f"generate_series(1, {count})"
    script = copies(
        "inspections",
        f"kept.id = '{draft_id}'",
        series,
        {"id": new_id, "number": f"'{space[:8]}-' || n"},
    ) + copies(
        "evidence",
        f"kept.inspection_id = '{draft_id}'",
        series,
        {"id": f"md5('{space}' || kept.id || n)::uuid", "inspection_id": new_id},
    )
    stage.sql("cabinet", f"{script} ANALYZE;")
    ids = stage.sql("cabinet", f"SELECT md5('{space}' || n)::uuid FROM {series} AS n;")
    return [UUID(line) for line in ids.split()]


def first_case(stage: Stage) -> str:
    """Have an inspection submitted and wait for its case; returns its id."""
    client, expert = stage.client(), stage.expert()
    inspection_id: str = client.start({"identifier": "SAL1A2A40SA606662", "make": "Land Rover"})["id"]
    client.upload(inspection_id, "vin_stamped", pictures.small())
    client.submit(inspection_id)
    expert.wait_until(inspection_id, "queued")
    stage.stop_background()
    return inspection_id


def copy_case(stage: Stage, case_id: str, *, first: int, last: int) -> None:
    """Cases like that one, each with its clock and a photo of its own; one in twenty is open."""
    new_id = f"md5('{case_id}' || n)::uuid"
    series = f"generate_series({first}, {last})"
    script = (
        copies(
            "cases",
            f"kept.id = '{case_id}'",
            series,
            {
                "id": new_id,
                "number": "'C-' || n",
                "state": "CASE WHEN n % 20 = 0 THEN 'queued' ELSE 'closed' END",
                "queue_place": "kept.queue_place + n * interval '1 second'",
                "opened_at": "kept.opened_at - n * interval '1 second'",
                "next_tick_at": "NULL",
            },
        )
        + copies(
            "clock_entries",
            f"kept.case_id = '{case_id}'",
            series,
            {
                "position": "nextval(pg_get_serial_sequence('clock_entries', 'position'))",
                "case_id": new_id,
            },
        )
        + copies(
            "evidence",
            f"kept.case_id = '{case_id}'",
            series,
            {
                "id": f"md5('{case_id}' || kept.id || n)::uuid",
                "case_id": new_id,
                "sha256": f"encode(sha256(convert_to('{case_id}' || kept.id || n, 'UTF8')), 'hex')",
            },
        )
    )
    stage.sql("bpa", f"{script} ANALYZE;")
