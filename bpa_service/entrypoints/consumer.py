"""Takes in what cabinet tells."""

from bpa_service.entrypoints.process import run_process
from bpa_service.ports import Ports
from bpa_service.wiring import event_handlers
from service_kit.processes import Job


def jobs(ports: Ports) -> list[Job]:
    return ports.backbone.consumer_jobs(event_handlers(ports))


if __name__ == "__main__":
    run_process("consumer", jobs)
