"""What a backup says of itself: what it holds, of which moment, and by whose keys it can be known.

It is written last, so a backup without one is none. Both services sign it with their own secret keys: what is
changed in it shows, and so does that an installation has other keys than those on which its rows rest (an
authenticator app's secret is sealed with them, and links to reports are worked out by them).
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from deploy.backup.errors import Refused
from service_kit.signing import BadSignature, KeyRing

NAME: Final = "manifest.json"
FORM: Final = 1
"""Raised when an older restore would misread what is written."""
_PURPOSE: Final = b"manifest of a backup\n"

ServiceName = Literal["cabinet", "bpa"]
SERVICES: Final[tuple[ServiceName, ...]] = ("cabinet", "bpa")
Kind = Literal["database", "files", "records", "rejects", "secret"]


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(_Said):
    """One sealed file. `size` and `sha256` are of the file, `opened_size` of what it holds; in bytes."""

    file: str
    kind: Kind
    service: ServiceName
    size: int
    sha256: str
    opened_size: int
    began_at: AwareDatetime
    ended_at: AwareDatetime


class Half(_Said):
    """One service: the migration that its database was at, when it was looked at, and the rows of each table."""

    revision: str
    seen_at: AwareDatetime
    rows: Mapping[str, int]


class Manifest(_Said):
    """`files` and `records` count what the parts of these kinds hold."""

    form: int = FORM
    taken_at: AwareDatetime
    halves: Mapping[ServiceName, Half]
    parts: tuple[Part, ...]
    files: int = 0
    records: int = 0
    signatures: Mapping[ServiceName, str] = {}

    def part(self, kind: Kind, service: ServiceName) -> Part | None:
        return next((one for one in self.parts if (one.kind, one.service) == (kind, service)), None)

    def signed(self, keys: Mapping[ServiceName, KeyRing]) -> "Manifest":
        text = self._signed_text()
        return self.model_copy(update={"signatures": {name: keys[name].sign(text) for name in self.halves}})

    def check_signature(self, service: ServiceName, keys: KeyRing) -> None:
        """Raises Refused."""
        try:
            keys.verify(self._signed_text(), self.signatures.get(service, ""))
        except BadSignature:
            raise Refused(
                f"the manifest is not signed by {service}'s secret keys: it was changed, or comes from an "
                f"installation with others. Give {service.upper()}_SECRET_KEYS as they were, or add the old key"
            ) from None

    def _signed_text(self) -> bytes:
        return _PURPOSE + self.model_copy(update={"signatures": {}}).model_dump_json().encode()


def folder_name(taken_at: datetime) -> str:
    """What a backup of this instant is called: names lie in the order of time."""
    return f"{taken_at.astimezone(UTC):%Y-%m-%dT%H%M%SZ}"


def read(folder: Path) -> Manifest:
    """The manifest of the backup in this folder. Raises Refused."""
    path = folder / NAME
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        raise Refused(_no_backup(folder)) from None
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}") from None
    try:
        form = _Form.model_validate_json(text).form
        if form > FORM:
            raise Refused(
                f"{folder} is of a newer release (its form is {form}, known is {FORM}): restore it with that one"
            )
        return Manifest.model_validate_json(text)
    except ValidationError:
        raise Refused(f"{path} is damaged: it does not say what a manifest says") from None


class _Form(BaseModel):
    form: int


def backups_in(folder: Path) -> list[str]:
    """The names of the whole backups in a folder of them, the oldest first."""
    return sorted(path.parent.name for path in folder.glob(f"*/{NAME}") if _is_named_by_time(path.parent))


def _is_named_by_time(folder: Path) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\dT\d{6}Z", folder.name) is not None


def _no_backup(folder: Path) -> str:
    if not folder.is_dir():
        return f"there is no folder {folder}"
    if there := backups_in(folder):
        return f"{folder} is a folder of backups: name one of them, such as {folder / there[-1]}"
    return f"{folder} holds no whole backup: it has no {NAME}, which is written last"
