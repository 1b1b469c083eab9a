"""What the service's own worker is told."""

from shared_schemas.envelope import Work


class AskSource(Work):
    """There is something to ask a source. Whoever hears it asks for whatever is due there, of any case."""

    TYPE = "vehicle_source.ask"
    source: str
