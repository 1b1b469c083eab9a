"""How long a case is likely to keep an expert busy, from what is known of it before anybody has opened it."""

from typing import Final

# Seconds. Reading the claim and its history, and writing the answer; then each photo; a dispute is read twice.
BASE: Final = 240.0
PER_PHOTO: Final = 35.0
OF_A_DISPUTE: Final = 1.5


def predicted(photos: int, *, disputed: bool = False) -> float:
    """The expected handling time in seconds."""
    return (BASE + PER_PHOTO * photos) * (OF_A_DISPUTE if disputed else 1.0)
