"""Why a file could not be looked into, in a code."""

from typing import Final

UNREADABLE: Final = "pdf_unreadable"
