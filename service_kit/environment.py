"""How a process learns its settings: from the environment, and what is secret from files if an operator likes.

Docker and Kubernetes hand secrets over as files of a folder; environments show up in process lists, crash
reports and `docker inspect`. With `<PREFIX>SECRETS_DIR` a setting comes from the file that is named like its
variable, e.g. `cabinet_service_keys`. A variable wins over a file.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from service_kit import failpoints
from service_kit.settings import ServiceSettings

S = TypeVar("S", bound=ServiceSettings)


def read(settings: type[S]) -> S:
    """The settings. Without those that it needs the process ends and says which, and never what was given.

    Also arms the failpoints that a test asks for, as only here it shows whether this is production.
    """
    prefix = settings.model_config.get("env_prefix", "")
    folder = os.environ.get(f"{prefix}SECRETS_DIR")
    if folder and not Path(folder).is_dir():
        raise SystemExit(f"{prefix}SECRETS_DIR: there is no such folder")
    try:
        make = cast("Callable[..., S]", settings)  # its fields come from the environment, not from here
        given = make(_secrets_dir=folder or None)
    except ValidationError as error:
        raise SystemExit("\n".join(f"{prefix}{_line(part)}" for part in error.errors())) from None
    failpoints.arm(environment=given.environment)
    return given


def _line(part: ErrorDetails) -> str:
    said = part["msg"].removeprefix("Value error, ")
    # What concerns several settings at once begins with the name of the one to change.
    return f"{'.'.join(map(str, part['loc'])).upper()}: {said}" if part["loc"] else said
