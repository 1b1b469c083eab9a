"""What the service's own worker is told."""

from uuid import UUID

from shared_schemas.envelope import Work


class AskSource(Work):
    """There is something to ask a source. Whoever hears it asks for whatever is due there, of any case."""

    TYPE = "vehicle_source.ask"
    source: str


class SourcesHeard(Work):
    """No source is awaited any more for an order of a history: its report can be made."""

    TYPE = "vehicle_source.all_heard"
    history_id: UUID
