"""The routes of inspections, those of each slice."""

from typing import Final

from fastapi import APIRouter

from cabinet_service.inspections import stream
from cabinet_service.inspections.afterwards import api as afterwards
from cabinet_service.inspections.answers import api as answers
from cabinet_service.inspections.asking import api as asking
from cabinet_service.inspections.board import api as board
from cabinet_service.inspections.clocks import api as clocks
from cabinet_service.inspections.disputes import api as disputes
from cabinet_service.inspections.drafting import api as drafting
from cabinet_service.inspections.ending import api as ending
from cabinet_service.inspections.evidence import api as evidence
from cabinet_service.inspections.evidence import internal
from cabinet_service.inspections.numbers import api as numbers
from cabinet_service.inspections.talking import api as talking
from cabinet_service.inspections.trying import api as trying
from cabinet_service.inspections.usage import api as usage
from cabinet_service.inspections.viewing import api as viewing
from cabinet_service.inspections.yard import api as yard_links
from cabinet_service.inspections.yard import public as yard

ROUTERS: Final[tuple[APIRouter, ...]] = (
    numbers.router,
    drafting.router,
    viewing.router,
    answers.router,
    afterwards.router,
    disputes.router,
    ending.router,
    evidence.router,
    talking.router,
    asking.router,
    clocks.router,
    yard_links.router,
    yard.router,
    usage.router,
    board.router,
    trying.router,
    stream.router,
    internal.router,
)
