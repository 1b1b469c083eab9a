"""Publishes what bpa's outbox holds."""

from bpa_service.entrypoints.process import run_process
from bpa_service.ports import Ports
from service_kit.processes import Job


def jobs(ports: Ports) -> list[Job]:
    return ports.backbone.relay_jobs()


if __name__ == "__main__":
    run_process("relay", jobs)
