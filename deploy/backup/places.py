"""Where an installation keeps what is backed up, by the names of the services' own settings."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from deploy.backup.errors import Refused
from deploy.backup.manifest import ServiceName
from service_kit.settings import DatabaseAddress, Keys
from service_kit.signing import KeyRing


def _whole(path: Path) -> Path:
    if not path.is_absolute():
        raise ValueError("is a folder with its whole path, such as /var/lib/autodetective/files")
    return path


# Said once more of the whole: what `Keys` says of itself is not looked for within a union.
OwnKeys = Annotated[Keys | None, NoDecode]


class Places(BaseSettings):
    """Variables, or files of the folders that CABINET_SECRETS_DIR and BPA_SECRETS_DIR name.

    What one service alone has is asked for only where it is backed up.
    """

    model_config = SettingsConfigDict(frozen=True, hide_input_in_errors=True, extra="ignore")

    cabinet_owner_database_url: DatabaseAddress = Field(default="", repr=False)
    bpa_owner_database_url: DatabaseAddress = Field(default="", repr=False)
    cabinet_secret_keys: OwnKeys = Field(default=None, repr=False)
    bpa_secret_keys: OwnKeys = Field(default=None, repr=False)
    cabinet_files_dir: Annotated[Path, AfterValidator(_whole)] | None = None
    cabinet_files_url: str = ""
    """Of the bucket that the files lie in, where they lie in one: then they are not backed up here."""
    bpa_clickhouse_url: str = Field(default="", repr=False)
    root_secret: Path | None = Field(default=None, exclude=True)
    """Of an embedded run: what its passwords and keys are derived from."""

    def owner_url(self, service: ServiceName) -> str:
        """Raises Refused."""
        url = self.cabinet_owner_database_url if service == "cabinet" else self.bpa_owner_database_url
        if not url:
            raise Refused(
                f"{service.upper()}_OWNER_DATABASE_URL: is needed, the address of its database for its owner"
            )
        return url

    def keys(self, service: ServiceName) -> KeyRing:
        """Raises Refused."""
        keys = self.cabinet_secret_keys if service == "cabinet" else self.bpa_secret_keys
        if not keys:
            raise Refused(
                f"{service.upper()}_SECRET_KEYS: are needed: they sign what a backup says of itself"
            )
        return KeyRing(keys)

    @property
    def files(self) -> Path:
        """Raises Refused."""
        if self.cabinet_files_dir is None:
            raise Refused("CABINET_FILES_DIR: is needed, the folder of photos")
        return self.cabinet_files_dir


def from_environment() -> Places:
    """Raises Refused."""
    names = ("CABINET_SECRETS_DIR", "BPA_SECRETS_DIR")
    folders = list(dict.fromkeys(folder for name in names if (folder := os.environ.get(name))))
    try:
        return Places(_secrets_dir=folders or None)  # pyright: ignore[reportCallIssue] - pydantic-settings takes it
    except ValidationError as error:
        lines = [
            f"{str(part['loc'][0]).upper()}: {part['msg'].removeprefix('Value error, ')}"
            for part in error.errors()
        ]
        raise Refused("\n".join(lines)) from None
