"""Reports of bpa, and its side of the wire."""

from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from cabinet_service.api_ports import ApiPorts
from cabinet_service.reports import handlers
from cabinet_service.reports.models import KeptReport
from cabinet_service.reports.work import FetchReport
from service_kit.http.problems import NotFound
from shared_schemas.events.bpa_v1 import DecisionView, ReportReadyV1
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.report.content import AuthorRole, Report, ReportKind, digest_of
from shared_schemas.words import IdentifierKind, Verdict
from tests.service.inspections.conftest import EXPERT, Bpa, Case, Json
from tests.support.delivery import waiting_work

MADE_AT = datetime(2026, 11, 30, 12, tzinfo=UTC)


def report(case: Case, version: int = 1, **changes: Any) -> Report:
    decision = DecisionView(
        version=version,
        verdict=Verdict.DOUBTS,
        summary="Есть сомнения",
        advice=None,
        findings=(),
        not_covered=("история",),
        expert=EXPERT,
        decided_at=MADE_AT,
        reason=None if version == 1 else "Показано свидетельство",
    )
    facts: dict[str, Any] = {
        "report_id": uuid4(),
        "kind": ReportKind.INSPECTION,
        "inspection_id": case.id,
        "number": "A-1000001",
        "version": version,
        "replaces": version - 1 or None,
        "made_at": MADE_AT,
        "claim": VehicleClaim(identifier_kind=IdentifierKind.VIN, identifier="XTA21144094700001"),
        "worry": "Цифры настоящие?",
        "decision": decision,
        "author_role": AuthorRole.EXPERT,
    }
    return Report(**facts | changes)


class Experts:
    """bpa's side of the wire: the reports that it has, or what it raises."""

    def __init__(self, ports: ApiPorts, bpa: Bpa) -> None:
        self.ports = ports
        self.bodies: dict[UUID, Json] = {}
        self.trouble: Exception | None = None
        self.asked = 0
        self._bpa = bpa

    async def get(self, target: str, body: Any) -> Any:
        self.asked += 1
        if self.trouble:
            raise self.trouble
        found = self.bodies.get(UUID(target.removeprefix("/internal/v1/reports/")))
        if found is None:
            raise NotFound
        return body.model_validate(found)

    async def announce(self, case: Case, body: Json, *, sha256: str | None = None) -> UUID:
        report_id = UUID(body["report_id"])
        self.bodies[report_id] = body
        await case.say(
            ReportReadyV1,
            report_id=report_id,
            version=body["version"],
            sha256=sha256 or digest_of(body),
            made_at=MADE_AT,
        )
        return report_id

    async def work(self) -> None:
        """The worker fetches what was announced, each time anew."""
        handler = partial(handlers.on_fetch_report, peer=self)  # type: ignore[arg-type] - it is asked for one thing
        inbox = self.ports.backbone.inbox({FetchReport: handler})
        for one in await waiting_work(self.ports.backbone):
            if one.type == FetchReport.TYPE:
                await inbox.receive_in_transaction(self.ports.backbone.database, one)

    async def kept(self, case: Case) -> list[KeptReport]:
        async with self.ports.backbone.database.reading() as session:
            rows = await session.scalars(
                select(KeptReport).where(KeptReport.inspection_id == case.id).order_by(KeptReport.version)
            )
            return list(rows)
