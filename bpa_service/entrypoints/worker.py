"""The worker process: what bpa does of its own accord."""

from collections.abc import Coroutine
from typing import Any

from bpa_service import wiring
from bpa_service.entrypoints.process import run_process
from bpa_service.ports import Ports


def jobs(ports: Ports) -> list[Coroutine[Any, Any, None]]:
    return [ports.backbone.consume_work(wiring.work_handlers(ports.settings))]


if __name__ == "__main__":
    run_process("worker", jobs)
