"""The routes of cases, those of each slice."""

from typing import Final

from fastapi import APIRouter

from bpa_service.cases import stream
from bpa_service.cases.afterwards import api as afterwards
from bpa_service.cases.arranging import api as arranging
from bpa_service.cases.asking import api as asking
from bpa_service.cases.checklist import api as checklist
from bpa_service.cases.clocks import api as clocks
from bpa_service.cases.deciding import api as deciding
from bpa_service.cases.drafting import api as drafting
from bpa_service.cases.ending import api as ending
from bpa_service.cases.enquiring import api as enquiring
from bpa_service.cases.exemplifying import api as exemplifying
from bpa_service.cases.findings import api as findings
from bpa_service.cases.holding import api as holding
from bpa_service.cases.incidents import api as incidents
from bpa_service.cases.known import api as known
from bpa_service.cases.personal import api as personal
from bpa_service.cases.queue import api as queue
from bpa_service.cases.readings import api as readings
from bpa_service.cases.second_opinions import api as second_opinions
from bpa_service.cases.talking import api as talking
from bpa_service.cases.tying import api as tying
from bpa_service.cases.vehicle import api as vehicle
from bpa_service.cases.viewing import api as viewing

ROUTERS: Final[tuple[APIRouter, ...]] = (
    queue.router,
    arranging.router,
    viewing.router,
    known.router,
    known.of_graph,
    enquiring.router,
    vehicle.router,
    tying.router,
    clocks.router,
    holding.router,
    holding.of_the_queue,
    ending.router,
    asking.router,
    talking.router,
    findings.router,
    checklist.router,
    readings.router,
    drafting.router,
    deciding.router,
    afterwards.router,
    second_opinions.router,
    incidents.router,
    exemplifying.router,
    personal.router,
    stream.router,
)
