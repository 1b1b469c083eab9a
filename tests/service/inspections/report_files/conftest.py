"""The worker that makes reports' files, and the files as clients get them and have them verified."""

import errno
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from cabinet_service.api_ports import ApiPorts
from cabinet_service.ports import FileStore
from cabinet_service.privacy import erasing
from cabinet_service.privacy.models import Erasure
from cabinet_service.privacy.work import EraseInspection
from cabinet_service.reports.files.lane import Lane
from cabinet_service.reports.files.making import Workshop
from cabinet_service.reports.files.models import ReportFile
from cabinet_service.reports.pdf.typesetting import Typesetter
from cabinet_service.reports.signing.keys import SigningKey
from service_kit.db import database_now
from shared_schemas.events.bpa_v1 import DecisionAmendedV1
from tests.factories.report_keys import a_key
from tests.service.inspections.conftest import Bpa, Case, Json, Person
from tests.service.inspections.reports_of_bpa import Experts, report

PDF: Final = "application/pdf"


class FullDisk:
    """A store on a disk that is full, until it is not."""

    def __init__(self, files: FileStore) -> None:
        self._files = files
        self.is_full = True

    async def put(self, key: str, source: Path) -> None:
        if self.is_full:
            raise OSError(errno.ENOSPC, "no space left on device")
        await self._files.put(key, source)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._files, name)


class Desk:
    """The worker that makes files, and the experts' side whose reports it makes them of."""

    def __init__(self, ports: ApiPorts, bpa: Bpa, key: SigningKey, typesetter: Typesetter) -> None:
        self.ports = ports
        self.experts = Experts(ports, bpa)
        self.workshop = Workshop(
            files=ports.files,
            typesetter=typesetter,
            key=key,
            tsa_url="",
            public_url="https://auto.example/",
            zone=ports.settings.zone_of_reports,
            development=False,
        )

    async def answer(self, case: Case, version: int = 1) -> None:
        """The experts answer, and their report is fetched."""
        if version == 1:
            await case.decide()
        else:
            await case.decide(DecisionAmendedV1, version=version)
        await self.experts.announce(case, report(case, version).body())
        await self.experts.work()

    async def work(self, **changes: Any) -> int:
        """Make what is due; how many files that were. Done again it makes none."""
        before = await self.made()
        await self.lane(**changes).make_due()
        return len(await self.made()) - len(before)

    async def why_not(self, **changes: Any) -> str:
        """The worker tries one, does not make it, and leaves it for later: why."""
        lane = self.lane(**changes)
        claim = await lane.claim()
        assert claim is not None
        with capture_logs() as logs:
            await lane.settle(claim)
        [why] = [one["why"] for one in logs if one["event"] == "report_file_postponed"]
        assert all(one.due_at for one in await self.rows())
        return why

    def lane(self, **changes: Any) -> Lane:
        backbone = self.ports.backbone
        return Lane(backbone.database, backbone.listener, replace(self.workshop, **changes))

    async def let_wait(self, time: timedelta) -> None:
        """Let so much time pass for the files that are not made."""
        async with self.ports.backbone.database.writing() as session:
            for one in await session.scalars(select(ReportFile).where(ReportFile.due_at.is_not(None))):
                one.asked_at -= time
                one.due_at = one.due_at and one.due_at - time

    async def rows(self) -> list[ReportFile]:
        async with self.ports.backbone.database.reading() as session:
            return list(
                await session.scalars(select(ReportFile).order_by(ReportFile.language, ReportFile.form))
            )

    async def made(self) -> list[ReportFile]:
        return [one for one in await self.rows() if one.made_at]

    def files(self) -> list[Path]:
        folder = self.ports.settings.files_dir / "reports"
        return [one for one in folder.rglob("*") if one.is_file()]

    async def erase(self, client: Person, case: Case) -> None:
        async with self.ports.backbone.database.writing() as session:
            now = await database_now(session)
            work = EraseInspection(account_id=client.account_id, inspection_id=case.id)
            session.add(Erasure(account_id=client.account_id, requested_at=now, completed_at=None))
            await session.flush()
            incoming: Any = type("Incoming", (), {"now": now})
            await erasing.on_erase_inspection(session, work, incoming, files=self.ports.files)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return a_key(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
async def typesetter() -> AsyncGenerator[Typesetter]:
    """Kept, as a worker keeps its own: its process reads all fonts before it sets the first page."""
    typesetter = Typesetter()
    yield typesetter
    await typesetter.close()


@pytest.fixture
def desk(cabinet_ports: ApiPorts, bpa: Bpa, key: SigningKey, typesetter: Typesetter) -> Desk:
    return Desk(cabinet_ports, bpa, key, typesetter)


async def fetched(client: Person, case: Case, **asked: Any) -> httpx.Response:
    return await client.get(f"{case.path}/reports/1/pdf", **asked)


async def verified(api: httpx.AsyncClient, pdf: bytes) -> Json:
    answer = await api.post("/api/v1/verify", content=pdf, headers={"Content-Type": PDF})
    assert answer.status_code == 200, answer.text
    return answer.json()
