"""What is written of a cluster is what the engine reads, and is about the tables that there are."""

import re
from pathlib import Path

import pytest

from bpa_service.adapters.clickhouse import ClickHouse
from bpa_service.vehicles.store import schema
from bpa_service.vehicles.store.analytics import EngineRefused

PAPER = Path(__file__).parents[3] / "docs" / "decisions" / "0053-vehicle-records-on-a-cluster.md"
STATEMENTS = re.findall(r"```sql\n(.+?)```", PAPER.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("statement", STATEMENTS, ids=[one.split(" ON ")[0] for one in STATEMENTS])
async def test_the_engine_reads_it(engine: ClickHouse, statement: str) -> None:
    assert await engine.rows(f"EXPLAIN AST {statement}")


async def test_what_is_no_statement_is_not_read(engine: ClickHouse) -> None:
    with pytest.raises(EngineRefused):
        await engine.rows(f"EXPLAIN AST {STATEMENTS[0].replace('ENGINE', 'ENGIN')}")


def test_it_is_about_the_tables_of_today() -> None:
    papers = " ".join(STATEMENTS)
    for table in (schema.RECORDS, schema.REJECTS):
        assert f"AS {table}\n" in papers
    for created, name in (
        (schema.records_table(schema.RECORDS), "vehicle_records_of_shard"),
        (schema.staging_table(1), "vehicle_staging_1_of_shard"),
        (schema.REJECTS_TABLE, "vehicle_rejects_of_shard"),
    ):
        [paper] = [one for one in STATEMENTS if one.startswith(f"CREATE TABLE {name} ")]
        without_projections = re.sub(r",?\n  PROJECTION .+", "", created)
        for part in ("ORDER BY", "index_granularity ="):
            assert _after(part, without_projections) == _after(part, paper), (name, part)


def _after(part: str, statement: str) -> str:
    """What stands behind it, up to the next part of the statement."""
    return re.split(r"[,\n](?![^(]*\))", statement.partition(part)[2].strip())[0].strip()
