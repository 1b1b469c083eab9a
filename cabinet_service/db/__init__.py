"""The database of cabinet: its declarative base, the tables of delivery, and the migrations."""

from pathlib import Path
from typing import Final

MIGRATIONS: Final = Path(__file__).parent / "migrations"
