"""The consumer process: takes in cabinet's events, and fetches those that got lost."""

from collections.abc import Coroutine
from typing import Any

from bpa_service import wiring
from bpa_service.entrypoints.process import run_process
from bpa_service.ports import Ports


def jobs(ports: Ports) -> list[Coroutine[Any, Any, None]]:
    backbone, handlers = ports.backbone, wiring.event_handlers(ports.settings)
    return [
        backbone.consume_events(handlers),
        backbone.resync(backbone.inbox(handlers)).heal_forever(),
    ]


if __name__ == "__main__":
    run_process("consumer", jobs)
