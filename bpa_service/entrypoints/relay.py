"""The relay process: publishes what the outbox holds."""

from collections.abc import Coroutine
from typing import Any

from bpa_service.entrypoints.process import run_process
from bpa_service.ports import Ports


def jobs(ports: Ports) -> list[Coroutine[Any, Any, None]]:
    return [ports.backbone.relay().run()]


if __name__ == "__main__":
    run_process("relay", jobs)
