"""The routes of inspections, one module per resource."""

from typing import Final

from fastapi import APIRouter

from cabinet_service.inspections.api import (
    clock,
    evidence,
    info_tasks,
    inspections,
    internal,
    messages,
    numbers,
    stream,
)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    numbers.router,
    inspections.router,
    evidence.router,
    messages.router,
    info_tasks.router,
    clock.router,
    stream.router,
    internal.router,
)
