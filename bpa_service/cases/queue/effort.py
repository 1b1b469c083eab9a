"""How long a case is likely to keep an expert busy, from what is known of it before anybody has opened it."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Mean handling times, in seconds. The figures are an assumption until real ledgers say better."""

    base: float = 165.0
    """A case without photos."""
    per_photo: float = 24.0
    disputed: float = 1.6
    """How many times as long a disputed case takes."""

    def of(self, photos: int, *, disputed: bool = False) -> float:
        """How long such a case takes on average, in seconds."""
        seconds = self.base + self.per_photo * photos
        return seconds * self.disputed if disputed else seconds


USUAL: Final = Effort()
