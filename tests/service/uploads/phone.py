"""A phone that uploads by tus."""

import base64
import hashlib
from pathlib import Path
from typing import Any, Final

import httpx
from sqlalchemy import func, select

from cabinet_service.api_ports import ApiPorts
from cabinet_service.settings import Settings
from cabinet_service.uploads.headers import CONTENT_TYPE
from cabinet_service.uploads.models import UploadPart
from tests.service.inspections.conftest import Person

TUS: Final = {"Tus-Resumable": "1.0.0"}


def base64_of(content: bytes) -> str:
    return base64.b64encode(content).decode()


def tus_headers(metadata: dict[str, str], *, size: int) -> dict[str, str]:
    """Those of a creation, and of anything else."""
    pairs = ",".join(f"{name} {base64_of(value.encode())}" for name, value in metadata.items())
    return {**TUS, "Upload-Length": str(size), "Upload-Metadata": pairs, "Content-Type": CONTENT_TYPE}


class Phone:
    """Sends one photo as a tus client does."""

    def __init__(self, person: Person, inspection_id: str, photo: bytes, **fields: str) -> None:
        self.person, self.photo = person, photo
        sha256 = hashlib.sha256(photo).hexdigest()
        self._fields = {"inspection_id": inspection_id, "shot": "vin_stamped", "sha256": sha256} | fields
        self.place = ""

    async def begin(self, **headers: str) -> httpx.Response:
        sent = tus_headers(self._fields, size=len(self.photo)) | headers
        answer = await self.person.send("POST", "/uploads", headers=sent)
        self.place = answer.headers.get("location", "").removeprefix("/api/v1")
        return answer

    async def part(self, start: int, end: int, **headers: str) -> httpx.Response:
        sent = {**TUS, "Upload-Offset": str(start), "Content-Type": CONTENT_TYPE} | headers
        return await self.person.send("PATCH", self.place, headers=sent, content=self.photo[start:end])

    async def reached(self) -> int:
        answer = await self.person.send("HEAD", self.place, headers=TUS)
        assert answer.status_code == 200
        assert int(answer.headers["upload-length"]) == len(self.photo)
        return int(answer.headers["upload-offset"])

    async def look(self) -> dict[str, Any]:
        return (await self.person.get(self.place.removesuffix("/content"))).json()


async def parts_left(ports: ApiPorts) -> int:
    async with ports.backbone.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(UploadPart)) or 0


def originals(settings: Settings) -> list[bytes]:
    return [path.read_bytes() for path in Path(settings.files_dir).rglob("originals/*/*") if path.is_file()]
