"""Cases of several cars, and people at the desk who look for them over HTTP."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

import httpx
import pytest

from bpa_service.entrypoints.app import create_app
from bpa_service.experts.domain import Role
from bpa_service.settings import Settings
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.words import IdentifierKind
from tests.service.cases.caller import Caller
from tests.service.cases.conftest import Desk, at, desk, submitted
from tests.support.api import running
from tests.support.experts import sign_in
from tests.support.scripted_index import ScriptedIndex

__all__ = ["desk"]

Json = dict[str, Any]
PATH: Final = "/search/cases"
VIN: Final = "XTA210990Y2766389"
CLAIMS: Final = {
    "A-0000001": VehicleClaim(
        identifier_kind=IdentifierKind.VIN,
        identifier=VIN,
        plate="A123BC77",
        make="SKODA",
        model="Octavia",
        year=2019,
    ),
    "A-0000002": VehicleClaim(identifier_kind=IdentifierKind.FRAME, identifier="SV30-0169266"),
    "A-0000003": VehicleClaim(identifier_kind=IdentifierKind.PLATE, identifier="K987TC166"),
    "A-0000004": VehicleClaim(identifier_kind=IdentifierKind.VIN, identifier=VIN),
}


class Seeker(Caller):
    """Somebody who looks for cases."""

    async def page(self, q: str = "", **asked: Any) -> Json:
        answer = await self.get(PATH, {"q": q, **asked})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def numbers(self, q: str = "", **asked: Any) -> list[str]:
        """Of the cases that answer, in their order."""
        return [found["case"]["number"] for found in (await self.page(q, **asked))["items"]]


@pytest.fixture
def index() -> ScriptedIndex:
    """What the API asks."""
    return ScriptedIndex()


@pytest.fixture
async def bpa_api(bpa_settings: Settings, index: ScriptedIndex) -> AsyncGenerator[httpx.AsyncClient]:
    app = create_app(bpa_settings)
    async with running(app) as client:
        app.state.ports = replace(app.state.ports, search=index)
        yield client


@pytest.fixture
async def anna(bpa_api: httpx.AsyncClient, desk: Desk) -> Seeker:
    return Seeker(bpa_api, await sign_in(desk.ports, Role.EXPERT, "anna"))


@pytest.fixture
async def cases(desk: Desk) -> dict[str, UUID]:
    """The cases of CLAIMS by their numbers, each opened a minute after the one before."""
    ids: dict[str, UUID] = {}
    for minute, (number, claim) in enumerate(CLAIMS.items()):
        fact = submitted(number, at(minute)).model_copy(update={"claim": claim})
        await desk.hear(fact, at(minute))
        ids[number] = fact.inspection_id
    return ids
