"""How a process learns its settings: from the environment, and what is secret from files if an operator likes.

Docker and Kubernetes hand secrets over as files of a folder; environments show up in process lists, crash
reports and `docker inspect`. With `<PREFIX>SECRETS_DIR` a setting comes from the file that is named like its
variable, e.g. `cabinet_service_keys`. A variable wins over a file.
"""

import os
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings

S = TypeVar("S", bound=BaseSettings)


def read(settings: type[S]) -> S:
    """The settings. Without those that it needs the process ends and says which, and never what was given."""
    prefix = settings.model_config.get("env_prefix", "")
    folder = os.environ.get(f"{prefix}SECRETS_DIR")
    if folder and not Path(folder).is_dir():
        raise SystemExit(f"{prefix}SECRETS_DIR: there is no such folder")
    try:
        return settings(_secrets_dir=folder or None)
    except ValidationError as error:
        lines = [
            f"{prefix}{'.'.join(map(str, part['loc'])).upper()}: {part['msg']}" for part in error.errors()
        ]
        raise SystemExit("\n".join(lines)) from None
