"""Files as they are stored, and as the other service asks for them."""

from pathlib import Path

import httpx

from cabinet_service.api_ports import ApiPorts
from service_kit.db import database_now
from tests.conftest import SERVICE_KEY
from tests.service.inspections.conftest import Json


def stored_files(ports: ApiPorts) -> list[Path]:
    return [path for path in ports.settings.files_dir.rglob("*") if path.is_file()]


async def as_peer(ports: ApiPorts, api: httpx.AsyncClient, target: str) -> Json:
    answer = await ask_as_peer(ports, api, target)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def ask_as_peer(ports: ApiPorts, api: httpx.AsyncClient, target: str) -> httpx.Response:
    async with ports.backbone.database.reading() as session:
        now = await database_now(session)
    assert SERVICE_KEY in ports.settings.service_keys
    return await api.get(target, headers=ports.backbone.keys.request_headers("GET", target, b"", now))
