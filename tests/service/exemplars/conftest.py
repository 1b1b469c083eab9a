"""A senior, who keeps the reference base, and an expert, who reads it, over the API."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from bpa_service.api_ports import ApiPorts
from bpa_service.experts.domain import Role
from tests.factories.photos import jpeg
from tests.support.experts import SignedInExpert, sign_in

Json = dict[str, Any]
PATH: Final = "/api/v1/exemplars"
DEFENDER: Final = {"make": "Land Rover", "marking": "vin_stamped"}


def another_picture() -> bytes:
    """A JPEG like no other: its comment is random."""
    return jpeg(comment=uuid4().hex)


@dataclass(frozen=True)
class Colleague:
    """Somebody signed in at the desk."""

    api: httpx.AsyncClient
    who: SignedInExpert

    async def send(self, file: bytes | None = None, key: str | None = None, **fields: Any) -> httpx.Response:
        """Send a picture as a browser does."""
        headers = self.who.headers | {"Idempotency-Key": key or uuid4().hex}
        content = another_picture() if file is None else file
        return await self.api.post(
            PATH,
            data={name: str(value) for name, value in (DEFENDER | fields).items()},
            files={"file": ("picture.jpg", content, "image/jpeg")},
            headers=headers,
        )

    async def added(self, file: bytes | None = None, **fields: Any) -> Json:
        answer = await self.send(file, **fields)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def search(self, **query: Any) -> list[Json]:
        answer = await self.get("", **query)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    async def found(self, **query: Any) -> list[str]:
        """The ids of what a search finds, in its order."""
        return [item["id"] for item in await self.search(**query)]

    async def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> httpx.Response:
        return await self.api.get(PATH + path, headers=self.who.headers | (headers or {}), params=query)

    async def picture(self, exemplar_id: str) -> Image.Image:
        answer = await self.get(f"/{exemplar_id}/picture")
        assert answer.status_code == 200, answer.text
        image = Image.open(BytesIO(answer.content))
        image.load()
        return image

    async def change(self, exemplar_id: str, **fields: Any) -> httpx.Response:
        return await self.api.patch(f"{PATH}/{exemplar_id}", json=fields, headers=self.who.headers)

    async def retire(self, exemplar_id: str) -> httpx.Response:
        return await self.api.delete(f"{PATH}/{exemplar_id}", headers=self.who.headers)


@pytest.fixture
async def senior(bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts) -> Colleague:
    return Colleague(bpa_api, await sign_in(bpa_ports, Role.SENIOR))


@pytest.fixture
async def expert(bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts) -> Colleague:
    return Colleague(bpa_api, await sign_in(bpa_ports, Role.EXPERT))
