"""Orders of histories as cabinet tells of them."""

from functools import partial

from bpa_service.histories import service
from service_kit.db import Session
from service_kit.inbox import Handlers, Incoming
from shared_schemas.events.cabinet_v1 import HistoryErasedV1, HistoryOrderedV1


async def on_ordered(
    session: Session, fact: HistoryOrderedV1, incoming: Incoming, *, sources: tuple[str, ...]
) -> None:
    """Have the sources asked."""
    await service.take(session, fact, sources=sources, now=incoming.now)


async def on_erased(session: Session, fact: HistoryErasedV1, incoming: Incoming) -> None:
    """Forget it, and say so."""
    await service.forget(session, fact.history_id, now=incoming.now)


def handlers(sources: tuple[str, ...]) -> Handlers:
    """Who takes which event; `sources` are those that are asked."""
    return {HistoryOrderedV1: partial(on_ordered, sources=sources), HistoryErasedV1: on_erased}
