"""The routes of cases, a module for each resource."""

from typing import Final

from fastapi import APIRouter

from bpa_service.cases.api import (
    asking,
    cases,
    clients,
    deciding,
    findings,
    holding,
    incidents,
    preparing,
    queue,
    stream,
)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    queue.router,
    cases.router,
    holding.router,
    asking.router,
    findings.router,
    preparing.router,
    deciding.router,
    incidents.router,
    stream.router,
    clients.router,
)
