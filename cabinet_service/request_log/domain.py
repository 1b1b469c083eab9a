"""How long requests are shown, and how many of them. Pure: no database, no clock, no network."""

from datetime import timedelta
from typing import Final

KEPT_FOR: Final = timedelta(days=14)
MOST_KEPT: Final = 10_000
"""Of a company: its youngest."""
