"""Every event that one service announces to the other."""

from typing import Final

from shared_schemas.envelope import Event
from shared_schemas.events import bpa_v1, cabinet_v1

CABINET_EVENTS: Final[tuple[type[Event], ...]] = cabinet_v1.EVENTS
BPA_EVENTS: Final[tuple[type[Event], ...]] = bpa_v1.EVENTS
