"""Answered inspections whose reports are kept, links to them, and strangers who have the links."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import httpx
import pytest

from cabinet_service.api_ports import ApiPorts
from cabinet_service.inspections.core.acting import Acting
from cabinet_service.reports import service
from service_kit.db import database_now
from shared_schemas.events import bpa_v1 as said
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.evidence import PlaceOnEvidence
from shared_schemas.records import CoverageState, Kind, MileageQuality, Precision
from shared_schemas.report.content import (
    AuthorRole,
    Report,
    ReportBlock,
    ReportEntry,
    ReportHistory,
    ReportKind,
    ReportPhoto,
    SourceCoverage,
    SourceTitle,
    digest_of,
)
from shared_schemas.words import CapturedAtSource, IdentifierKind, Shot, Verdict
from tests.service.inspections.conftest import (
    EXPERT,
    VIN,
    Bpa,
    Case,
    Company,
    Json,
    Person,
    Submitted,
    bpa,
    case,
    client,
    company,
    photo,
    sign_up,
    stranger,
    submitted,
    work,
)

__all__ = ["bpa", "case", "client", "company", "photo", "sign_up", "stranger", "submitted", "work"]

WORRY, ADVERT = "zqworry", "https://adverts.example/zqadvert"
HISTORY, SOURCE = "zqhistory", "zqsource"


@dataclass
class Answered:
    """An inspection that was answered, with its report; `amend` answers it anew."""

    ports: ApiPorts
    bpa: Bpa
    case: Case
    owner: Person
    versions: Iterator[int] = field(default_factory=lambda: count(1))
    verdict: Verdict = Verdict.DOUBTS

    @property
    def path(self) -> str:
        return f"{self.case.path}/shares"

    async def amend(self) -> int:
        """The next version, with its report; returns its number."""
        version = await self.decide()
        await self.keep(version)
        return version

    async def decide(self) -> int:
        """The next version, whose report is on its way."""
        version = next(self.versions)
        event = said.DecisionIssuedV1 if version == 1 else said.DecisionAmendedV1
        await self.case.decide(event, version, self.verdict)
        return version

    async def keep(self, version: int) -> None:
        """Its report has come."""
        async with self.ports.backbone.database.writing() as session:
            now = await database_now(session)
            report = report_of(self.case, version, now, verdict=self.verdict)
            acting = Acting(session=session, now=now)
            inspection = await acting.lock(self.case.id)
            body, digest = report.body(), digest_of(report.body())
            await service.keep(acting, inspection, body, report_id=report.report_id, sha256=digest)

    async def share(self, by: Person | None = None, **body: Any) -> Json:
        answer = await (by or self.owner).post(self.path, body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def listed(self) -> list[Json]:
        answer = await self.owner.get(self.path)
        assert answer.status_code == 200, answer.text
        return answer.json()


def report_of(case: Case, version: int, now: Any, *, verdict: Verdict = Verdict.DOUBTS) -> Report:
    """A report with a photo in a finding, one beside, and a history."""
    finding = said.FindingView(
        finding_id=uuid4(),
        severity=said.FindingSeverity.ANOMALY,
        text=f"Цифры неровные {version}",
        places=(PlaceOnEvidence(evidence_id=case.evidence_id),),
    )
    decision = said.DecisionView(
        version=version,
        verdict=verdict,
        summary=f"Есть сомнения {version}",
        advice=None,
        findings=(finding,),
        not_covered=("стёкла",),
        expert=EXPERT,
        decided_at=now,
        reason=None if version == 1 else "Пересмотрели",
    )
    entry = ReportEntry(
        id="r1",
        source=SOURCE,
        began=date(2020, 5, 1),
        ended=None,
        precision=Precision.DAY,
        as_of=now,
        mileage_km=77_123,
        mileage_quality=MileageQuality.ACTUAL,
        place=HISTORY,
        text=HISTORY,
    )
    coverage = SourceCoverage(source=SOURCE, state=CoverageState.DATA, asked_at=now, count=1)
    history = ReportHistory(
        asked_at=now,
        blocks=(ReportBlock(kind=Kind.MILEAGE, coverage=(coverage,), count=1, entries=(entry,)),),
        sources=(SourceTitle(name=SOURCE, title=SOURCE),),
    )
    return Report(
        report_id=uuid4(),
        kind=ReportKind.INSPECTION,
        inspection_id=case.id,
        number="A-1000001",
        version=version,
        replaces=version - 1 or None,
        made_at=now,
        claim=VehicleClaim(identifier_kind=IdentifierKind.VIN, identifier=VIN, advert_url=ADVERT),
        worry=WORRY,
        submitted_at=now - timedelta(minutes=20),
        decision=decision,
        author_role=AuthorRole.EXPERT,
        photos=(
            ReportPhoto(
                evidence_id=case.evidence_id,
                shot=Shot.VIN_STAMPED,
                sha256="ab" * 32,
                width=200,
                height=150,
                captured_at=None,
                captured_at_source=CapturedAtSource.UNKNOWN,
                received_at=now - timedelta(minutes=20),
            ),
        ),
        history=history,
        clock=case.clock,
    )


@pytest.fixture
async def answered(cabinet_ports: ApiPorts, bpa: Bpa, case: Case, client: Person) -> Answered:
    """The client's inspection, answered once."""
    made = Answered(cabinet_ports, bpa, case, client)
    await made.amend()
    return made


AnsweredFor = Callable[..., Awaitable[Answered]]


@pytest.fixture
def answered_for(cabinet_ports: ApiPorts, bpa: Bpa, submitted: Submitted) -> AnsweredFor:
    """An inspection of somebody, answered once."""

    async def make(person: Person, **body: Any) -> Answered:
        case = Case(bpa, await submitted(person, **body))
        await case.queue()
        await case.claim()
        made = Answered(cabinet_ports, bpa, case, person)
        await made.amend()
        return made

    return make


class Guest:
    """Somebody without an account, in a browser of their own, who was given a link."""

    def __init__(self, api: httpx.AsyncClient, url: str) -> None:
        self.token = url.partition("#")[2]
        self._api = api
        self.cookies = httpx.Cookies()

    async def ask(self, path: str = "", **params: Any) -> httpx.Response:
        return await self._send("GET", path, params=params)

    async def enter(self, code: Any) -> httpx.Response:
        return await self._send("POST", "/code", json={"code": code})

    async def look(self, etag: str | None = None) -> httpx.Response:
        return await self._send("GET", "/state", headers={"If-None-Match": etag} if etag else {})

    async def photo(self, evidence_id: object, etag: str | None = None) -> httpx.Response:
        headers = {"If-None-Match": etag} if etag else {}
        return await self._send("GET", f"/photos/{evidence_id}", headers=headers)

    async def read(self, **params: Any) -> Json:
        answer = await self.ask(**params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        self._api.cookies = self.cookies
        headers = {"Accept-Language": "en"} | request.pop("headers", {})
        try:
            return await self._api.request(
                method, f"/api/v1/shared/{self.token}{path}", headers=headers, **request
            )
        finally:
            self.cookies = self._api.cookies
            self._api.cookies = httpx.Cookies()


@pytest.fixture
def guest(cabinet_api: httpx.AsyncClient) -> Callable[[Json], Guest]:
    return lambda share: Guest(cabinet_api, share["url"])


NewGuest = Callable[[Json], Guest]
__all__ += ["Company"]
