"""Limits that nothing reaches, for tests that send more than people do."""

from typing import Final

from cabinet_service.settings import Settings

PLENTY: Final = "1000000/minute"
UNLIMITED: Final = {name: PLENTY for name in Settings.model_fields if "_per_" in name}
"""All limits of cabinet, by the names of its settings."""

UNLIMITED_ENVIRONMENT: Final = {f"CABINET_{name.upper()}": limit for name, limit in UNLIMITED.items()}
