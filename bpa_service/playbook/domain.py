"""What a template may ask the case to fill in."""

import re
from typing import Final

VARIABLES: Final = ("number", "vin", "car", "shot")
_BRACED: Final = re.compile(r"\{([^{}]*)\}")


def unknown_variables(text: str) -> list[str]:
    """The names in braces that nothing can be put in for, each once, in the order of the text."""
    return [name for name in dict.fromkeys(_BRACED.findall(text)) if name not in VARIABLES]
