"""The harness of faults holds nothing for settled that is still on its way."""

import asyncio
from collections import Counter
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from tests.faults import ledger
from tests.support import postgres


@pytest.mark.parametrize("kind", ["events", "work"])
def test_what_was_published_is_on_its_way_until_it_took_effect(
    postgres_url: str, cabinet_superuser_url: str, bpa_url: str, kind: str
) -> None:
    """However the bus holds it back: a delay queue of RabbitMQ is no table of ours."""
    urls = {"cabinet": cabinet_superuser_url, "bpa": postgres.as_superuser(postgres_url, bpa_url)}
    stack = SimpleNamespace(superuser_url_of=urls.__getitem__)
    world: Any = SimpleNamespace(service=str, stack=stack)
    event_id = uuid4()

    def run(service: str, statement: str) -> None:
        async def execute() -> None:
            connection = await asyncpg.connect(urls[service])
            await connection.execute(statement, event_id)
            await connection.close()

        asyncio.run(execute())

    assert ledger.on_its_way(world) == Counter()
    run(
        "bpa" if kind == "events" else "cabinet",
        "INSERT INTO outbox (event_id, queue, type, version, occurred_at, correlation_id, data, sent_at)"
        f" VALUES ($1, 'cabinet.{kind}', 'x', 1, now(), '', '{{}}', now())",
    )
    assert ledger.on_its_way(world) == Counter({f"cabinet: {kind} that did not arrive": 1})
    run("cabinet", "INSERT INTO inbox (event_id, name, received_at) VALUES ($1, 'x.v1', now())")
    assert ledger.on_its_way(world) == Counter()
