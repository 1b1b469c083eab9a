"""Does what bpa does of its own accord: clocks, leases, tidying up."""

from bpa_service.entrypoints.process import run_process
from bpa_service.ports import Ports
from bpa_service.wiring import chores, ticker, work_handlers
from service_kit.processes import Job


def jobs(ports: Ports) -> list[Job]:
    return [*ports.backbone.worker_jobs(work_handlers(ports), chores()), ticker(ports).run()]


if __name__ == "__main__":
    run_process("worker", jobs)
