"""What each process has in memory by the time it has everything to work with: nothing that others need."""

import os
import subprocess
import sys

import pytest

from tests.support.postgres import CHECKOUT

# Instead of working, the process tells what it has imported.
PROGRAM = """
import sys
from service_kit import entry

async def tell(*jobs):
    for job in jobs:
        job.close()
    print(*(name for name, module in sys.modules.items() if module))

if sys.argv[2] == "api":
    from service_kit.http import serving
    serving.serve = lambda *_, **__: print(*(name for name, module in sys.modules.items() if module))
entry.run_until_stopped = tell
sys.exit(entry.main(sys.argv[1], sys.argv[2:]))
"""

FOR_SCREENS_AND_TERMINALS = {"rich", "pygments", "httpx._main"}
FOR_PICTURES = {"PIL", "pi_heif", "numpy", "cv2", "onnxruntime", "rapidocr"}
FOR_MIGRATIONS = {"alembic", "sqlalchemy.ext.asyncio"}
FOR_RABBITMQ = {"aio_pika", "aiormq"}  # the settings here name none
FOR_TELEGRAM = {"telegram"}  # they name no bot either
FOR_ELASTICSEARCH = {"elasticsearch", "elastic_transport"}  # and search by PostgreSQL
FOR_TRACES = {"opentelemetry.sdk", "opentelemetry.exporter", "google.protobuf"}  # nor a collector
FOR_ENGINES = FOR_RABBITMQ | FOR_ELASTICSEARCH
FOR_NOBODY = (
    FOR_SCREENS_AND_TERMINALS | FOR_PICTURES | FOR_MIGRATIONS | FOR_ENGINES | FOR_TELEGRAM | FOR_TRACES
)
CABINETS_WORKERS = {("cabinet", "worker"), ("cabinet", "background")}
FOR_THE_API = {
    *("fastapi", "starlette.requests", "uvicorn", "click", "prometheus_client"),
    *("webauthn", "cryptography", "jwt", "argon2", "redis", "multipart"),
}


def loaded_by(service: str, process: str) -> set[str]:
    prefix = service.upper()
    environment = os.environ | {
        f"{prefix}_ENVIRONMENT": "development",
        f"{prefix}_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        f"{prefix}_SERVICE_KEYS": "between-the-services",
        f"{prefix}_SECRET_KEYS": "known-to-one-service",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, f"{service}_service", process],
        env=environment,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize("process", ["relay", "consumer", "worker", "background"])
@pytest.mark.parametrize("service", ["cabinet", "bpa"])
def test_processes_in_the_background_load_nothing_of_the_api(service: str, process: str) -> None:
    loaded = loaded_by(service, process)

    assert "asyncpg" in loaded
    # What signs reports is opened at the start, so that a key that cannot sign is refused then.
    signs = {"cryptography"} if (service, process) in CABINETS_WORKERS else set[str]()
    assert loaded & (FOR_NOBODY | FOR_THE_API) == signs
    assert (f"{service}_service.wiring" in loaded) is (process != "relay")


@pytest.mark.parametrize("service", ["cabinet", "bpa"])
def test_the_api_loads_nothing_that_it_does_not_use(service: str) -> None:
    loaded = loaded_by(service, "api")

    assert "fastapi" in loaded
    assert loaded & FOR_NOBODY == set()


def test_whoever_makes_reports_loads_nothing_of_the_api() -> None:
    """The worker of bpa imports it with the first report that it makes."""
    program = "import sys, bpa_service.reports.handlers; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )

    loaded = set(done.stdout.split())
    assert "bpa_service.vehicles.history.telling" in loaded
    assert loaded & FOR_THE_API == set()
    assert "shared_schemas.report.presenting" not in loaded
