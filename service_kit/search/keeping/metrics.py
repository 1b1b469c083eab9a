"""What Prometheus is told of an index."""

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from service_kit.db import Database
from service_kit.search.keeping.state import state


async def collect(database: Database) -> bytes:
    """Prometheus text. The figures are read from the database, so every API process tells the same."""
    async with database.reading() as session:
        now = await state(session)
    registry = CollectorRegistry()
    for name, text, value in (
        ("search_waiting", "Changes that the search index does not have yet.", now.waiting),
        ("search_behind_seconds", "For how long the oldest of them has waited.", now.behind.total_seconds()),
        ("search_refused", "Documents that the search index does not take as they are.", now.refused),
        ("search_live", "Whether there is a copy of the index to look into.", now.live is not None),
        ("search_building", "Whether a copy of the index is being built.", now.building is not None),
        (
            "search_differences",
            "What the last comparison of the index with the database found.",
            now.compared.differences if now.compared else 0,
        ),
    ):
        Gauge(f"autodetective_{name}", text, registry=registry).set(float(value))
    return generate_latest(registry)
