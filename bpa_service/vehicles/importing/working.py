"""Works through the line of imports: in a process of its own, which `running` starts and `entrypoints` are."""

from dataclasses import dataclass
from pathlib import Path

import structlog

from bpa_service.vehicles.importing import line, uploads
from bpa_service.vehicles.importing.holding import ImportUnderWay
from bpa_service.vehicles.importing.models import ImportRun
from bpa_service.vehicles.importing.service import Importer
from bpa_service.vehicles.importing.states import CameBy, ImportState
from bpa_service.vehicles.mappings import catalogue
from service_kit.db import database_now

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Worker:
    """`uploads` and `drops` are the folders in which files lie; None where there is none."""

    importer: Importer
    uploads: Path | None
    drops: Path | None

    async def work(self) -> None:
        """Do what there is to do, until there is no more. Raises `EngineAway`, or what a database raises."""
        while await self.step():
            pass

    async def step(self) -> bool:
        """Do one thing; False where there is nothing to do. Raises the same."""
        async with self.importer.database.reading() as session:
            run = await line.next_to_do(session, now=await database_now(session))
        if run is None:
            return False
        try:
            if run.state == ImportState.UNDOING:
                ended = await self.importer.finish_undo(run)
            else:
                mapping = catalogue.mapping(run.source)
                ended = await self.importer.take(run.id, mapping, self._path(run))
        except ImportUnderWay:
            return True  # somebody else was faster
        log.info("import_done", run_id=str(run.id), source=run.source, state=ended.state, reason=ended.reason)
        self._clear(ended)
        return True

    def _path(self, run: ImportRun) -> Path:
        folder = self.drops if run.came_by == CameBy.DROP else self.uploads
        # Where this process has no such folder, there is no such file.
        return (folder or Path("/nonexistent")) / (run.stored or "")

    def _clear(self, run: ImportRun) -> None:
        """Of what was sent at the desk the file is ours, and needed no more."""
        if run.came_by == CameBy.UPLOAD and run.stored and self.uploads and run.state not in line.TO_DO:
            uploads.remove(self.uploads, run.stored)
