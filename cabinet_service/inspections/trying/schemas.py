"""Time that is let pass, as the API speaks of it."""

from typing import Annotated, Final

from pydantic import Field

from service_kit.http.schemas import ApiInput, ApiOutput

MOST_SECONDS: Final = 7 * 24 * 3600


class TimeAdvanceIn(ApiInput):
    """For how many seconds more the clock is to have run."""

    seconds: Annotated[int, Field(ge=1, le=MOST_SECONDS)]


class TimeAdvanceOut(ApiOutput):
    """What was asked for. The clock has moved once its ledger shows it, and what follows is told as ever."""

    seconds: int
