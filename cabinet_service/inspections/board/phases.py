"""Where a check stands, as whoever manages many of them asks. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from cabinet_service.inspections.core import domain
from shared_schemas.words import InspectionState


class Phase(StrEnum):
    """`photos`: somebody has to photograph the car, or to answer; `over`: it ended without an answer."""

    PHOTOS = "photos"
    EXPERT = "expert"
    ANSWERED = "answered"
    OVER = "over"


STATES: Final[Mapping[Phase, tuple[InspectionState, ...]]] = {
    Phase.PHOTOS: domain.AT_THE_CAR,
    Phase.EXPERT: (
        InspectionState.SUBMITTED,
        InspectionState.QUEUED,
        InspectionState.IN_WORK,
        InspectionState.SECOND_OPINION,
        InspectionState.DISPUTED,
    ),
    Phase.ANSWERED: (InspectionState.ANSWERED, InspectionState.CLOSED),
    Phase.OVER: (InspectionState.CANCELLED, InspectionState.UNPROCESSABLE, InspectionState.EXPIRED),
}
