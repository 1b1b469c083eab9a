"""How much one job takes. Stated in the contract, and at whatever is refused for it."""

from datetime import timedelta
from typing import Final

MOST_ROWS: Final = 1_000
KEPT_FOR: Final = timedelta(days=90)
