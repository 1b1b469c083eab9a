"""Giving a link to a car, ending it, and what becomes of one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import update

from cabinet_service.api_ports import ApiPorts
from cabinet_service.entrypoints.app import create_app
from cabinet_service.inspections.yard.models import YardLink
from cabinet_service.inspections.yard.service import MOST_LIVE
from cabinet_service.settings import Settings
from tests.service.yard.conftest import Case, Company, Give, Json, Person, Yard, code_of
from tests.support.api import running
from tests.support.limits import UNLIMITED

AtCar = Callable[[Json], Yard]


async def let_pass(ports: ApiPorts, link: Json, time: timedelta) -> None:
    async with ports.backbone.database.writing() as session:
        found = update(YardLink).where(YardLink.id == UUID(link["id"]))
        await session.execute(found.values(expires_at=YardLink.expires_at - time))


async def test_a_link_is_stored_nowhere_and_copied_again(
    client: Person, draft: Json, cabinet_ports: ApiPorts
) -> None:
    path, key = f"/inspections/{draft['id']}/yard-links", uuid4().hex
    link = (await client.post(path, {"label": "Ivan"}, key=key)).json()
    assert link["url"].startswith("http://127.0.0.1/yard#")
    assert (link["state"], link["visits"], link["may_submit"], link["shows_note"]) == (
        "live",
        0,
        False,
        False,
    )
    again = await client.post(path, {"label": "Ivan"}, key=key)
    assert (again.json(), again.headers["idempotency-replayed"]) == (link, "true")
    assert [one["url"] for one in (await client.get(path)).json()] == [link["url"]]
    token = link["url"].partition("#")[2]
    async with cabinet_ports.backbone.database.reading() as session:
        for (table,) in await session.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
            rows = await session.fetch(f'SELECT t::text FROM "{table}" t')
            assert not [row for row in rows if token in row[0]], table


async def test_bad_wishes_are_refused_in_words(client: Person, draft: Json) -> None:
    for body in ({"days": 0}, {"days": 15}, {"label": "x" * 81}, {"may_submit": "?"}, {"token": "mine"}):
        refused = await client.post(f"/inspections/{draft['id']}/yard-links", body)
        assert code_of(refused) == (422, "malformed_request"), body


async def test_it_works_three_days_or_as_long_as_was_said(
    draft: Json, give: Give, at_car: AtCar, cabinet_ports: ApiPorts
) -> None:
    usual, longest = await give(draft["id"]), await give(draft["id"], days=14)
    await let_pass(cabinet_ports, usual, timedelta(days=2, hours=23))
    assert (await at_car(usual).look()).status_code == 200
    for link in (usual, longest):
        await let_pass(cabinet_ports, link, timedelta(days=1, hours=1))
    assert code_of(await at_car(usual).look()) == (401, "yard_link_expired")
    assert (await at_car(longest).look()).status_code == 200


async def test_it_ends_at_once_for_whatever_is_asked(
    client: Person, draft: Json, give: Give, at_car: AtCar, photo: Callable[[], bytes]
) -> None:
    link, other = await give(draft["id"]), await give(draft["id"])
    yard = at_car(link)
    path = f"/inspections/{draft['id']}/yard-links"
    for _ in range(2):  # said again it changes nothing
        assert (await client.delete(f"{path}/{link['id']}")).status_code == 204
    asked = [yard.look(), yard.done(), yard.say("rear", "not_found"), yard.send_file(draft["id"], photo())]
    for one in asked:
        assert code_of(await one) == (401, "yard_link_revoked")
    assert (await at_car(other).look()).status_code == 200
    states = {one["id"]: (one["state"], bool(one["url"])) for one in (await client.get(path)).json()}
    assert states == {link["id"]: ("revoked", False), other["id"]: ("live", True)}


async def test_given_anew_the_old_secret_opens_nothing(
    client: Person, draft: Json, give: Give, at_car: AtCar
) -> None:
    link = await give(draft["id"], label="Ivan", days=5, may_submit=True, shows_note=True)
    path = f"/inspections/{draft['id']}/yard-links/{link['id']}/renewal"
    anew = await client.post(path)
    assert anew.status_code == 201, anew.text
    made = anew.json()
    assert [made[name] for name in ("label", "may_submit", "shows_note")] == ["Ivan", True, True]
    assert code_of(await at_car(link).look()) == (401, "yard_link_revoked")
    assert (await at_car(made).look()).status_code == 200


async def test_only_so_many_work_at_a_time(client: Person, draft: Json, give: Give) -> None:
    links = [await give(draft["id"]) for _ in range(MOST_LIVE)]
    path = f"/inspections/{draft['id']}/yard-links"
    assert code_of(await client.post(path, {})) == (409, "too_many_yard_links")
    assert (await client.delete(f"{path}/{links[0]['id']}")).status_code == 204
    await give(draft["id"])


async def test_whoever_does_not_see_the_inspection_has_nothing_of_its_links(
    stranger: Person, draft: Json, give: Give
) -> None:
    link = await give(draft["id"])
    path = f"/inspections/{draft['id']}/yard-links"
    answers = [
        await stranger.get(path),
        await stranger.post(path, {}),
        await stranger.delete(f"{path}/{link['id']}"),
        await stranger.post(f"{path}/{link['id']}/renewal"),
    ]
    assert [code_of(one) for one in answers] == [(404, "not_found")] * 4
    own = await stranger.start()
    for answer in (
        await stranger.delete(f"/inspections/{own['id']}/yard-links/{link['id']}"),
        await stranger.post(f"/inspections/{own['id']}/yard-links/{link['id']}/renewal"),
    ):
        assert code_of(answer) == (404, "not_found")


async def test_it_is_dead_once_its_inspection_is_answered_or_over(
    client: Person, case: Case, draft: Json, give: Give, at_car: AtCar
) -> None:
    answered, cancelled = at_car(await give(case.id)), at_car(await give(draft["id"]))
    assert (await client.post(f"/inspections/{draft['id']}/cancellation", {})).status_code == 201
    assert code_of(await cancelled.look()) == (401, "yard_link_over")
    [listed] = (await client.get(f"/inspections/{draft['id']}/yard-links")).json()
    assert (listed["state"], listed["url"]) == ("over", None)
    refused = await client.post(f"/inspections/{draft['id']}/yard-links", {})
    assert code_of(refused) == (409, "inspection_is_over")
    assert (await answered.look()).status_code == 200
    await case.decide()
    assert code_of(await answered.look()) == (401, "yard_link_over")
    # Where the client disputes the answer, the car may be needed once more.
    assert (await client.post(f"{case.path}/disputes", {"reason": "No"})).status_code == 201
    assert (await answered.look()).status_code == 200


async def test_it_is_dead_once_its_giver_is_erased(
    client: Person, draft: Json, give: Give, at_car: AtCar
) -> None:
    yard = at_car(await give(draft["id"]))
    assert (await client.post("/me/erasure")).status_code in (200, 201, 202)
    assert code_of(await yard.look()) == (401, "yard_link_over")


async def test_it_is_dead_once_its_giver_is_no_longer_of_the_company(
    company: Company, give: Give, at_car: AtCar, cabinet_ports: ApiPorts
) -> None:
    north = company.agents[0]
    ordered = await north.start(company_id=str(company.id))
    link, of_boss = await give(ordered["id"], north), await give(ordered["id"], company.admin)
    assert (await at_car(link).look()).status_code == 200
    async with cabinet_ports.backbone.database.writing() as session:
        await session.fetch("DELETE FROM memberships WHERE account_id = $1 RETURNING 1", north.account_id)
    assert code_of(await at_car(link).look()) == (401, "yard_link_over")
    assert (await at_car(of_boss).look()).status_code == 200


async def test_hostile_tokens_are_unknown(cabinet_api: httpx.AsyncClient, draft: Json, give: Give) -> None:
    token = (await give(draft["id"]))["url"].partition("#")[2]
    near: tuple[Any, ...] = (
        token[:-1],
        token + "A",
        token.swapcase(),
        token[::-1],
        "",
        "A" * 4000,
        "' OR 1=1",
    )
    for one in near:
        headers = {"Authorization": f"Bearer yard_{one}"}
        answer = await cabinet_api.get("/api/v1/yard", headers=headers)
        assert code_of(answer) == (401, "yard_link_unknown"), one
    for sent in (f"Bearer {token}", f"Link yard_{token}", f"yard_{token}"):
        answer = await cabinet_api.get("/api/v1/yard", headers={"Authorization": sent})
        assert code_of(answer) == (401, "not_signed_in"), sent


async def test_a_link_is_used_only_so_often(draft: Json, give: Give, cabinet_settings: Settings) -> None:
    links = [await give(draft["id"]) for _ in range(2)]
    for setting in ("yard_requests_per_link", "yard_requests_per_address"):
        limits = UNLIMITED | {setting: "2/hour"}
        async with running(create_app(cabinet_settings.model_copy(update=limits))) as api:
            first, second = [Yard(api, link["url"]) for link in links]
            assert [(await first.look()).status_code for _ in range(2)] == [200, 200]
            assert code_of(await first.look()) == (429, "too_many_requests")
            assert (await second.look()).status_code == (429 if setting.endswith("address") else 200)
