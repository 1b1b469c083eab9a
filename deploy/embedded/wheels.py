"""Where the engines' wheels keep their programs.

They are found without importing the wheels' packages: those bring launchers that we do not use, load slowly,
and one of them touches the user's runtime folder on import.
"""

from importlib.util import find_spec
from pathlib import Path


def program(package: str, pattern: str) -> Path:
    """The program that matches `pattern` within the installed package. Raises FileNotFoundError."""
    spec = find_spec(package)
    for folder in (spec and spec.submodule_search_locations) or []:
        for found in Path(folder).glob(pattern):
            return found
    raise FileNotFoundError(f"{package} has no {pattern} for this system: is the environment installed?")
