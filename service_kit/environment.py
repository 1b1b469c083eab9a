"""How a process learns its settings: from the environment, and what is secret from files if an operator likes.

Docker and Kubernetes hand secrets over as files of a folder; environments show up in process lists, crash
reports and `docker inspect`. With `<PREFIX>SECRETS_DIR` a setting comes from the file that is named like its
variable, e.g. `cabinet_service_keys`. A variable wins over a file.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticUndefined
from pydantic_settings import SettingsError

from service_kit import failpoints
from service_kit.settings import ServiceSettings

S = TypeVar("S", bound=ServiceSettings)
_IN_OUR_WORDS: Final = {
    "missing": "is needed",
    "string_too_short": "is needed, and empty",
    "int_parsing": "is no whole number",
    "float_parsing": "is no number",
    "bool_parsing": "is neither true nor false",
    "greater_than": "is too small",
    "greater_than_equal": "is too small",
    "less_than": "is too large",
    "literal_error": "is none of the words that it may be",
    "string_pattern_mismatch": "has characters, or a length, that it may not have",
}


def read(settings: type[S]) -> S:
    """The settings. Without those that it needs the process ends and says which, and never what was given.

    Also arms the failpoints that a test asks for, as only here it shows whether this is production.
    """
    prefix = settings.model_config.get("env_prefix", "")
    folder = os.environ.get(f"{prefix}SECRETS_DIR")
    if folder and not Path(folder).is_dir():
        raise SystemExit(f"{prefix}SECRETS_DIR: there is no such folder")
    gone = (
        f"{prefix}{name}: {said}" for name, said in settings.RETIRED.items() if prefix + name in os.environ
    )
    if lines := "\n".join(gone):
        raise SystemExit(lines)
    try:
        make = cast("Callable[..., S]", settings)  # its fields come from the environment, not from here
        given = make(_secrets_dir=folder or None)
    except ValidationError as error:
        lines = (f"{prefix}{_line(part, settings)}" for part in error.errors())
        raise SystemExit("\n".join(lines)) from None
    except SettingsError as error:
        # Of what is read as JSON the library tells the field alone, in a sentence of its own.
        name = next((field for field in settings.model_fields if f'"{field}"' in str(error)), "")
        raise SystemExit(f"{prefix}{name.upper()}: is no JSON; {_meant(settings, name)}") from None
    failpoints.arm(environment=given.environment)
    return given


def _line(part: ErrorDetails, settings: type[ServiceSettings]) -> str:
    said = part["msg"].removeprefix("Value error, ")
    if not part["loc"]:
        # What concerns several settings at once begins with the name of the one to change.
        return said
    if said == part["msg"]:  # the library's own words, which know nothing of what is set
        said = f"{_IN_OUR_WORDS.get(part['type'], said)}; {_meant(settings, str(part['loc'][0]))}"
    return f"{'.'.join(map(str, part['loc'])).upper()}: {said}"


def _meant(settings: type[ServiceSettings], name: str) -> str:
    """What a setting is, and a value that would do."""
    field = settings.model_fields[name]
    example = next(iter(field.examples or ()), field.default)
    such_as = f", such as {example}" if example not in (PydanticUndefined, None, "", ()) else ""
    return f"it is {field.description}{such_as}"
