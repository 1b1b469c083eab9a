"""What an answer keeps of the findings that it does not rest on."""

from typing import Annotated

from shared_schemas.base import Contract
from shared_schemas.events.bpa_v1 import FindingView
from shared_schemas.personal import PERSONAL


class LeftOut(Contract):
    """A finding that the case had when an answer was given that does not rest on it, and why it does not."""

    finding: FindingView
    reason: Annotated[str, PERSONAL]
