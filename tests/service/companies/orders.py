"""Drafts for a company, ready to be sent."""

from collections.abc import Callable
from typing import Any

from httpx import Response

from tests.service.inspections.conftest import Json, Person

Photo = Callable[[], bytes]


async def ready(person: Person, photo: Photo, **body: Any) -> Json:
    """A draft that lacks nothing."""
    draft = await person.start(**body)
    assert (await person.send_file(draft["id"], photo())).status_code == 201
    return draft


async def send(person: Person, draft: Json) -> Response:
    return await person.post(f"/inspections/{draft['id']}/submit")
