"""Links that ask for a code: who knows it, and who guesses."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from cabinet_service.api_ports import ApiPorts
from cabinet_service.entrypoints.app import create_app
from cabinet_service.reports.sharing.codes import PASS_LENGTH
from cabinet_service.reports.sharing.models import ReportShare
from cabinet_service.settings import Settings
from tests.service.reports.conftest import Answered, Guest, Json, NewGuest
from tests.service.reports.sharing import code_of, let_pass
from tests.support.api import running
from tests.support.limits import UNLIMITED


async def row(ports: ApiPorts, share: Json) -> ReportShare:
    async with ports.backbone.database.reading() as session:
        found = await session.get(ReportShare, UUID(share["id"]))
    assert found is not None
    return found


async def test_without_its_code_a_link_shows_nothing(answered: Answered, guest: NewGuest) -> None:
    share = await answered.share(code="2468")
    assert (share["has_code"], "2468" in str(share)) == (True, False)
    one = guest(share)
    for answer in (await one.ask(), await one.look(), await one.photo(answered.case.evidence_id)):
        assert code_of(answer) == (403, "share_code_required")
        assert "Цифры" not in answer.text
    assert (await one.enter("2468")).status_code == 204
    assert (await one.read())["version"] == 1
    assert (await one.look()).status_code == 200
    # In another browser it is asked for again.
    assert code_of(await guest(share).ask()) == (403, "share_code_required")
    [seen] = await answered.listed()
    assert seen["views"] == 1


async def test_a_pass_is_for_one_link_and_a_few_hours(
    answered: Answered, guest: NewGuest, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await answered.share(code="1111"), await answered.share(code="1111")
    one = guest(first)
    assert (await one.enter("1111")).status_code == 204
    moved = guest(second)
    for cookie in one.cookies.jar:
        moved.cookies.set(cookie.name, str(cookie.value), path=f"/api/v1/shared/{moved.token}")
    assert code_of(await moved.ask()) == (403, "share_code_required")
    assert (await one.ask()).status_code == 200
    old = guest(first)
    with monkeypatch.context() as yesterday:
        yesterday.setattr(
            "cabinet_service.reports.sharing.codes.PASS_LENGTH", PASS_LENGTH - timedelta(hours=5)
        )
        assert (await old.enter("1111")).status_code == 204
    assert code_of(await old.ask()) == (403, "share_code_required")


async def test_a_link_without_a_code_takes_any(answered: Answered, guest: NewGuest) -> None:
    one = guest(await answered.share())
    assert (await one.enter("1234")).status_code == 204
    assert (await one.ask()).status_code == 200


async def test_what_is_no_code_counts_for_nothing(
    answered: Answered, guest: NewGuest, cabinet_ports: ApiPorts
) -> None:
    share = await answered.share(code="2468")
    one = guest(share)
    for nonsense in ("", "123", "123456789", "٢٤٦٨", "2468 ", "24 68", None, 2468, ["2468"], {"a": 1}):
        assert code_of(await one.enter(nonsense)) == (422, "malformed_request"), nonsense
    assert (await row(cabinet_ports, share)).code_misses == 0


async def test_five_wrong_ones_lock_the_link_for_whoever_asks(
    answered: Answered, guest: NewGuest, cabinet_ports: ApiPorts
) -> None:
    share = await answered.share(code="2468")
    one = guest(share)
    for left in (4, 3, 2, 1):
        refused = await one.enter("0000")
        assert code_of(refused) == (403, "share_code_wrong")
        assert refused.json()["params"] == {"tries_left": left}
    locked = await one.enter("0000")
    assert code_of(locked) == (429, "share_code_locked")
    assert 0 < int(locked.headers["retry-after"]) <= 15 * 60 + 1
    # The right one neither, nor elsewhere; and what is tried meanwhile is not counted.
    for other in (one, guest(share)):
        assert code_of(await other.enter("2468")) == (429, "share_code_locked")
    assert (await row(cabinet_ports, share)).code_misses == 5
    [seen] = await answered.listed()
    assert seen["code_locked_until"] is not None

    await let_pass(cabinet_ports, share, timedelta(minutes=16))
    assert (await one.enter("2468")).status_code == 204
    longer = [await guest(share).enter("0000") for _ in range(5)][-1]
    assert code_of(longer) == (429, "share_code_locked")
    assert int(longer.headers["retry-after"]) > 15 * 60 + 1
    # Who is in stays in.
    assert (await one.ask()).status_code == 200


async def test_of_many_guesses_at_once_five_are_tried(
    answered: Answered, cabinet_settings: Settings, cabinet_ports: ApiPorts
) -> None:
    share = await answered.share(code="2468")
    token = share["url"].partition("#")[2]
    settings = cabinet_settings.model_copy(update=UNLIMITED)
    async with running(create_app(settings)) as api:

        async def guess(number: int) -> httpx.Response:
            body = {"code": f"{number:04}"}
            return await api.post(f"/api/v1/shared/{token}/code", json=body)

        answers = await asyncio.gather(*[guess(number) for number in range(40)])
    told = Counter(answer.json()["code"] for answer in answers)
    assert told == {"share_code_wrong": 4, "share_code_locked": 36}
    assert (await row(cabinet_ports, share)).code_misses == 5


async def test_guesses_are_limited_by_address_and_by_link(
    answered: Answered, cabinet_settings: Settings
) -> None:
    for setting in ("shared_codes_per_address", "shared_codes_per_link"):
        one, other = await answered.share(code="2468"), await answered.share(code="2468")
        limits = UNLIMITED | {setting: "2/hour"}
        async with running(create_app(cabinet_settings.model_copy(update=limits))) as api:
            guests = [Guest(api, share["url"]) for share in (one, other)]
            for _ in range(2):
                assert code_of(await guests[0].enter("0000")) == (403, "share_code_wrong")
            assert code_of(await guests[0].enter("2468")) == (429, "too_many_requests")
            of_another = await guests[1].enter("2468")
            assert of_another.status_code == (429 if setting.endswith("address") else 204)


async def test_links_are_opened_only_so_often_from_one_address(
    answered: Answered, cabinet_settings: Settings
) -> None:
    share = await answered.share()
    for setting, path in (
        ("shared_opens_per_address", ""),
        ("shared_looks_per_address", "/state"),
        ("shared_photos_per_address", f"/photos/{answered.case.evidence_id}"),
    ):
        limits = UNLIMITED | {setting: "2/hour"}
        async with running(create_app(cabinet_settings.model_copy(update=limits))) as api:
            for token in ("unknown", share["url"].partition("#")[2]):
                assert (await api.get(f"/api/v1/shared/{token}{path}")).status_code != 429
            for token in ("unknown", share["url"].partition("#")[2]):
                assert (await api.get(f"/api/v1/shared/{token}{path}")).status_code == 429


async def test_a_code_is_kept_as_nothing_that_could_be_tried(
    answered: Answered, cabinet_ports: ApiPorts
) -> None:
    """Two links with one code have nothing in common, and the code itself is nowhere."""
    first, second = await answered.share(code="73519264"), await answered.share(code="73519264")
    assert (await row(cabinet_ports, first)).code_hash != (await row(cabinet_ports, second)).code_hash
    async with cabinet_ports.backbone.database.reading() as session:
        for (table,) in await session.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
            rows = await session.fetch(f'SELECT t::text FROM "{table}" t')
            assert not [one for one in rows if "73519264" in one[0]], table
        assert len((await session.scalars(select(ReportShare))).all()) == 2
