"""Looking for one's own inspections as the API speaks of it."""

from cabinet_service.inspections.viewing.schemas import InspectionRow
from service_kit.http.schemas import ApiOutput
from service_kit.search.showing.schemas import FitOut, LimitedOut, MatchOut, UnderstoodOut


class InspectionFound(ApiOutput):
    """An inspection that answers, and by what. `fit` is null where nothing was looked for."""

    inspection: InspectionRow
    fit: FitOut | None
    matched: list[MatchOut]


class InspectionsFound(ApiOutput):
    """The inspections that answer, those that fit best first, of equal ones the newest.

    `more_than_total`: no more than `total` were counted. `limited` is null where nothing is missing.
    """

    items: list[InspectionFound]
    next_cursor: str | None
    total: int
    more_than_total: bool
    understood: list[UnderstoodOut]
    limited: LimitedOut | None
