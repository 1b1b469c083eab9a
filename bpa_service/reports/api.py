"""Reports at the desk."""

import asyncio
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from bpa_service.api_ports import PortsOfApp
from bpa_service.cases.core import queries as cases
from bpa_service.experts.dependencies import CurrentExpert
from bpa_service.experts.tokens.domain import TokenScope
from bpa_service.reports import drafting, queries
from bpa_service.reports.schemas import ReportDraftIn, ReportOut
from bpa_service.reports.service import Library
from bpa_service.vehicles.learning.dependencies import RulesOfApp
from bpa_service.vehicles.lookup.dependencies import FinderOfApp, LookingUp
from service_kit.http.access import by_key
from service_kit.http.edge import Reading
from service_kit.http.problems import NotFound
from service_kit.http.route import CheckedRoute
from shared_schemas.report.content import ReportLanguage
from shared_schemas.report.presented import Presented, Reader
from shared_schemas.report.presenting import present

router = APIRouter(prefix="/api/v1/cases/{case_id}", route_class=CheckedRoute, tags=["reports"])


@router.get("/reports", dependencies=[by_key(TokenScope.CASES_READ)])
async def list_reports(case_id: UUID, _expert: CurrentExpert, session: Reading) -> list[ReportOut]:
    """The reports of a case, the oldest version first. One is made within moments of an answer."""
    if await cases.case(session, case_id) is None:
        raise NotFound
    return ReportOut.all_of(await queries.of_case(session, case_id))


@router.post("/report/preview")
async def preview_report(
    case_id: UUID,
    body: ReportDraftIn,
    expert: LookingUp,
    ports: PortsOfApp,
    finder: FinderOfApp,
    rules: RulesOfApp,
    language: Annotated[ReportLanguage | None, Query(description="By default that of the client.")] = None,
    reader: Reader = Reader.BUYER,
) -> Presented:
    """What the client would get of this answer, whatever it still lacks. Nothing is kept, and nobody is told.

    It takes no longer than the two seconds that the car is looked up for.
    """
    drafted = await drafting.drafted(
        ports.backbone.database, Library(finder, rules), case_id, body, by=expert
    )
    words = partial(
        present,
        drafted.report,
        language=language or ("en" if drafted.language == "en" else "ru"),
        reader=reader,
        zone=ports.settings.zone_of_reports,
        previous=drafted.replaced,
    )
    return await asyncio.to_thread(words)  # of a long history that takes a while
