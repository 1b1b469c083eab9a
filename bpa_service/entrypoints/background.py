"""Relay, consumer and worker in one process, for small installations."""

from bpa_service.entrypoints import consumer, relay, worker
from bpa_service.entrypoints.process import run_process

if __name__ == "__main__":
    run_process("background", relay.jobs, consumer.jobs, worker.jobs)
