"""The process that works through the line of imports. A worker starts it (`vehicles.importing.running`)."""

import asyncio
import gc
import os
import resource
import signal
import sys
import threading
from typing import Final
from uuid import UUID

import structlog

from bpa_service.adapters.clickhouse import ClickHouse
from bpa_service.backbone import open_backbone
from bpa_service.settings import Settings, read_environment
from bpa_service.vehicles.importing.service import Importer
from bpa_service.vehicles.importing.working import Worker
from bpa_service.vehicles.store.analytics import EngineAway
from bpa_service.vehicles.store.records import VehicleRecords
from service_kit import logs

log = structlog.get_logger(__name__)

ENGINE_AWAY: Final = 75  # EX_TEMPFAIL
SECONDS_OF_A_STATEMENT: Final = 3600  # showing a large file takes its time
_NICENESS: Final = 10
_MEMORY: Final = 4 * 1024**3  # of addresses; a file takes some 100 MB
_TELLINGS_TO_COLLECT: Final = 100


def main() -> int:
    settings = read_environment()
    logs.configure(service="bpa", process="importer", style=settings.log_format)
    os.nice(_NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Ctrl-C reaches every process of a terminal; this one is told by its worker.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_worker, daemon=True).start()
    # The cycle collector looks at millions of rows and finds nothing: without it they are read a third faster.
    gc.freeze()
    gc.disable()
    return asyncio.run(_work(settings, UUID(sys.argv[1])))


async def _work(settings: Settings, holder: UUID) -> int:
    working = asyncio.current_task()
    assert working is not None  # noqa: S101 - it is one
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, working.cancel)
    engine = ClickHouse(settings.clickhouse_url, seconds=SECONDS_OF_A_STATEMENT)
    try:
        async with open_backbone(settings) as backbone:
            importer = Importer(backbone.database, VehicleRecords(engine), Collecting(), holder)
            await Worker(importer, settings.imports_dir, settings.drop_folder).work()
    except EngineAway as away:
        log.warning("imports_wait_for_the_engine", error=str(away))
        return ENGINE_AWAY
    except asyncio.CancelledError:
        return 0  # what it had was let go of
    finally:
        await engine.close()
    return 0


class Collecting:
    """Now and then what is in a circle is collected all the same: a file may have thousands of portions."""

    def __init__(self) -> None:
        self._told = 0

    def __call__(self, _run: object) -> None:
        self._told += 1
        if self._told % _TELLINGS_TO_COLLECT == 0:
            gc.collect()


def _end_with_worker() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)  # as by kill -9, which an import stands anywhere


if __name__ == "__main__":
    sys.exit(main())
