"""Photos as they are stored: given out by links, brought again where they were lost, swept where nobody's."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from bpa_service.evidence.links import previews
from cabinet_service.api_ports import ApiPorts
from cabinet_service.photos import jobs, links
from cabinet_service.photos.links import Variant
from service_kit.db import database_now
from service_kit.signing import KeyRing
from shared_schemas.rest.links import LIFETIME
from tests.conftest import SERVICE_KEY
from tests.service.inspections.conftest import Person, Submitted
from tests.service.inspections.stored import as_peer, stored_files

Photo = Callable[[], bytes]


async def test_signed_links_give_the_bytes_and_nothing_else(
    cabinet_ports: ApiPorts, cabinet_api: httpx.AsyncClient, submitted: Submitted, work: Any
) -> None:
    [photo] = (await submitted())["evidence"]
    await work()
    target = f"/internal/v1/evidence/{photo['id']}?variant=original"
    assert (await cabinet_api.get(target)).status_code == 401
    link = await as_peer(cabinet_ports, cabinet_api, target)
    url = link["url"]
    got = await cabinet_api.get(url)
    assert hashlib.sha256(got.content).hexdigest() == photo["sha256"]
    assert got.headers["access-control-allow-origin"] == "*"
    assert got.headers["content-security-policy"] == "default-src 'none'; sandbox"
    for changed in (
        url.replace("original", "preview"),
        url.replace("expires=1", "expires=2"),
        url[:-3] + "abc",
    ):
        refused = await cabinet_api.get(changed)
        assert (refused.status_code, refused.json()["code"]) == (403, "link_refused")
    async with cabinet_ports.backbone.database.reading() as session:
        long_ago = await database_now(session) - 2 * LIFETIME
    old = links.signed_url(cabinet_ports.backbone.keys, "", photo["id"], Variant.ORIGINAL, now=long_ago)
    assert (await cabinet_api.get(old.url)).json()["code"] == "link_refused"


async def test_links_that_the_experts_side_makes_itself(
    submitted: Submitted, cabinet_ports: ApiPorts, cabinet_api: httpx.AsyncClient, work: Any
) -> None:
    [photo] = (await submitted())["evidence"]
    async with cabinet_ports.backbone.database.reading() as session:
        now = await database_now(session)

    async def look(at: datetime, key: str = SERVICE_KEY) -> httpx.Response:
        return await cabinet_api.get(previews(KeyRing([key]), "", at)(UUID(photo["id"])))

    assert (await look(now)).json()["code"] == "preview_not_ready"
    await work()
    assert (await look(now)).status_code == 200
    for refused in (await look(now, "of nobody whom we know"), await look(now - 2 * LIFETIME)):
        assert (refused.status_code, refused.json()["code"]) == (403, "link_refused")


async def test_a_lost_original_stops_the_submit_and_is_healed_by_sending_it_again(
    client: Person, photo: Photo, cabinet_ports: ApiPorts, work: Any
) -> None:
    draft, sent = await client.start(), photo()
    kept = (await client.send_file(draft["id"], sent)).json()
    await work()
    for file in stored_files(cabinet_ports):
        file.unlink()
    refused = await client.post(f"/inspections/{draft['id']}/submit")
    assert (refused.status_code, refused.json()["code"]) == (409, "evidence_lost")
    assert refused.json()["params"] == {"evidence_ids": [kept["id"]]}
    lost = await client.get(f"/inspections/{draft['id']}/evidence/{kept['id']}/original")
    assert (lost.status_code, lost.json()["code"]) == (404, "not_found")
    again = await client.send_file(draft["id"], sent)
    assert (again.status_code, again.json()["id"]) == (200, kept["id"])
    assert (await client.post(f"/inspections/{draft['id']}/submit")).status_code == 200


async def test_the_sweep_takes_what_no_row_mentions(
    client: Person, photo: Photo, cabinet_ports: ApiPorts, work: Any
) -> None:
    draft = await client.start()
    kept, taken_back = [(await client.send_file(draft["id"], photo())).json() for _ in range(2)]
    await work()
    await client.delete(f"/inspections/{draft['id']}/evidence/{taken_back['id']}")
    left_behind = cabinet_ports.settings.files_dir / "originals" / "00" / "left-behind"
    left_behind.parent.mkdir(parents=True, exist_ok=True)
    left_behind.write_bytes(b"of an upload that broke off")
    of_others = cabinet_ports.settings.files_dir / "reports" / "one"
    of_others.parent.mkdir()
    of_others.write_bytes(b"a report")
    database = cabinet_ports.backbone.database
    async with database.writing() as session:
        now = await database_now(session)
        await jobs.sweep(session, now, files=cabinet_ports.files)
        assert len(stored_files(cabinet_ports)) == 6, "nothing is old enough"
        later = now + jobs.ORPHAN_AGE + timedelta(minutes=1)
        await jobs.sweep(session, later, files=cabinet_ports.files)
    assert of_others.exists()
    assert not left_behind.exists()
    assert len(stored_files(cabinet_ports)) == 3
    for variant in ("original", "preview"):
        got = await client.get(f"/inspections/{draft['id']}/evidence/{kept['id']}/{variant}")
        assert got.status_code == 200
