"""The database of bpa: its declarative base, the tables of delivery, and the migrations."""

from pathlib import Path
from typing import Final

MIGRATIONS: Final = Path(__file__).parent / "migrations"
HISTORY: Final = "0054"
"""The newest migration from before they had to let everybody work: it and those before it take their time."""
