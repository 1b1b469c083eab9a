"""What a mutant is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Namespace = dict[str, Any]


def unchanged(_: Namespace) -> None:
    """The change of a mutant that differs in its source."""


@dataclass(frozen=True)
class Mutant:
    """One small fault: other source, or another table once the module is loaded.

    `says` names it in the words of its lines, without their numbers, which an edit elsewhere would change.
    """

    line: int
    says: str
    source: str
    change: Callable[[Namespace], None] = unchanged
