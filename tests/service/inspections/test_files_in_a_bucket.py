"""Photos that lie in a bucket: taken in, looked through, given out; and said to be away while the store is."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from cabinet_service.api_ports import ApiPorts
from cabinet_service.settings import Settings
from tests.servers.versitygw import VersityGateway
from tests.service.inspections.conftest import Submitted
from tests.service.inspections.stored import as_peer


@pytest.fixture
def cabinet_settings(cabinet_settings: Settings, object_server: VersityGateway) -> Settings:
    bucket = object_server.new_bucket()
    of_bucket = {
        "files_url": bucket.address,
        "files_endpoint": bucket.endpoint,
        "files_region": bucket.region,
        "files_key_id": bucket.key_id,
        "files_secret_key": bucket.secret_key,
    }
    return cabinet_settings.model_copy(update=of_bucket)


@pytest.fixture
def store_is_away(object_server: VersityGateway) -> Iterator[Callable[[], None]]:
    yield object_server.stop
    object_server.start()


async def test_a_photo_is_taken_in_looked_through_and_given_out(
    cabinet_ports: ApiPorts, cabinet_api: httpx.AsyncClient, submitted: Submitted, work: Any
) -> None:
    [photo] = (await submitted())["evidence"]
    await work()
    for variant, kind in (("original", photo["media_type"]), ("preview", "image/jpeg")):
        target = f"/internal/v1/evidence/{photo['id']}?variant={variant}"
        link = await as_peer(cabinet_ports, cabinet_api, target)
        got = await cabinet_api.get(link["url"])
        assert (got.status_code, got.headers["content-type"]) == (200, kind)
        assert len(got.content) == int(got.headers["content-length"])
        if variant == "original":
            assert hashlib.sha256(got.content).hexdigest() == photo["sha256"]
    assert not cabinet_ports.settings.files_dir.exists()


async def test_while_the_store_is_away_who_asks_is_told_to_come_again(
    cabinet_ports: ApiPorts,
    cabinet_api: httpx.AsyncClient,
    submitted: Submitted,
    work: Any,
    store_is_away: Callable[[], None],
) -> None:
    [photo] = (await submitted())["evidence"]
    await work()
    link = await as_peer(cabinet_ports, cabinet_api, f"/internal/v1/evidence/{photo['id']}?variant=original")
    store_is_away()
    told = await cabinet_api.get(link["url"])
    assert (told.status_code, told.json()["code"]) == (503, "temporarily_unavailable")
    assert int(told.headers["retry-after"]) > 0


async def test_a_store_that_is_away_is_named_and_takes_nothing_else_with_it(
    cabinet_api: httpx.AsyncClient, store_is_away: Callable[[], None]
) -> None:
    before = (await cabinet_api.get("/readyz")).json()
    store_is_away()
    ready = await cabinet_api.get("/readyz")
    assert before["engines"]["files"] == "ok"
    assert ready.status_code == 200
    assert {name for name, state in ready.json()["engines"].items() if state != "ok"} == {"files"}
