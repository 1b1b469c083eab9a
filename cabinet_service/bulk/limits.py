"""How much one job takes. Stated in the contract, and at whatever is refused for it."""

from datetime import timedelta
from typing import Final

MOST_ROWS: Final = 1_000
MOST_NAME: Final = 200
"""Characters of the name of a column."""
MOST_CELL: Final = 32_767
"""Characters: those of a cell of Excel."""
KEPT_FOR: Final = timedelta(days=90)
