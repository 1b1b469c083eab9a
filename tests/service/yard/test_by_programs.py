"""Links to cars that programs give: they open no more than the key that gave them."""

from collections.abc import Callable

import httpx
import pytest

from cabinet_service.accounts.domain import Role
from cabinet_service.api_ports import ApiPorts
from cabinet_service.entrypoints.app import create_app
from cabinet_service.settings import Settings
from tests.service.inspections.conftest import SignUp
from tests.service.yard.conftest import Give, Json, Person, Yard, code_of
from tests.support import clients
from tests.support.api import running
from tests.support.clients import Firm
from tests.support.limits import UNLIMITED
from tests.support.programs import ALL_SCOPES, Key, make_key


@pytest.fixture
async def firm(cabinet_ports: ApiPorts) -> Firm:
    return await clients.found_company(cabinet_ports)


@pytest.fixture
async def boss(cabinet_ports: ApiPorts, firm: Firm, sign_up: SignUp) -> Person:
    await clients.join(cabinet_ports, firm, "boss@example.com", Role.PARTNER_ADMIN)
    return await sign_up("boss@example.com")


async def test_a_key_gives_no_link_that_opens_more_than_itself(
    cabinet_api: httpx.AsyncClient, boss: Person, firm: Firm
) -> None:
    car = await boss.start(company_id=str(firm.company_id))
    path = f"/inspections/{car['id']}/yard-links"
    sending = (await boss.post(path, {"may_submit": True})).json()
    for scopes, missing, shown in (
        (["photos:write"], ("inspections:read", "inspections:read"), False),
        (["photos:write", "inspections:write"], ("inspections:read", "inspections:read"), False),
        (["photos:write", "inspections:read"], (None, "inspections:write"), False),
        (ALL_SCOPES, (None, None), True),
    ):
        program = (await make_key(boss, firm, "+".join(scopes)[:60], scopes=scopes)).program(cabinet_api)
        for may_submit, scope in enumerate(missing):
            given = await program.post(path, {"may_submit": bool(may_submit)})
            assert given.json().get("params", {}).get("scope") == scope, (scopes, given.text)
            assert given.status_code == (201 if scope is None else 403), given.text
        # Nor is it shown one that somebody else gave, or gets it by giving that anew.
        urls = {one["id"]: one["url"] for one in (await program.get(path)).json()}
        assert (urls[sending["id"]] is not None) is shown, scopes
        if not shown:
            refused = await program.post(f"{path}/{sending['id']}/renewal")
            assert code_of(refused) == (403, "scope_missing"), scopes


@pytest.mark.parametrize("limit", ["submits_per_account", "submits_per_company"])
async def test_what_is_sent_by_a_link_counts_as_sent_by_who_gave_it(
    boss: Person, firm: Firm, give: Give, photo: Callable[[], bytes], cabinet_settings: Settings, limit: str
) -> None:
    states: list[tuple[int, str]] = []
    async with running(create_app(cabinet_settings.model_copy(update=UNLIMITED | {limit: "1/day"}))) as api:
        for _ in range(2):
            car = await boss.start(company_id=str(firm.company_id), branch_id=str(firm.first_branch))
            yard = Yard(api, (await give(car["id"], boss, may_submit=True))["url"])
            await yard.send_file(car["id"], photo())
            done = await yard.done()
            states.append((done.status_code, (await boss.inspection(car["id"]))["state"]))
    assert states == [(200, "submitted"), (429, "draft")]


async def test_whoever_ends_a_key_ends_the_links_that_it_gave_and_no_other(
    cabinet_api: httpx.AsyncClient, boss: Person, firm: Firm, give: Give, at_car: Callable[[Json], Yard]
) -> None:
    car = await boss.start(company_id=str(firm.company_id), branch_id=str(firm.first_branch))
    keys = f"/companies/{firm.company_id}/api-keys"
    key = await make_key(boss, firm)
    following = (await boss.post(f"{keys}/{key.id}/renewal")).json()["key"]
    program, next_program = key.program(cabinet_api), Key(key.shown, following).program(cabinet_api)
    ended = await give(car["id"], program)
    others = [await give(car["id"], by) for by in (boss, next_program)]
    assert (await at_car(ended).look()).status_code == 200

    assert (await boss.delete(f"{keys}/{key.id}")).status_code == 204

    assert code_of(await at_car(ended).look()) == (401, "yard_link_revoked")
    assert [(await at_car(one).look()).status_code for one in others] == [200, 200]
    listed = (await boss.get(f"/inspections/{car['id']}/yard-links")).json()
    assert {one["id"] for one in listed if one["state"] == "revoked"} == {ended["id"]}


async def test_no_link_lasts_longer_than_the_key_that_gives_it(
    cabinet_api: httpx.AsyncClient, boss: Person, firm: Firm
) -> None:
    car = await boss.start(company_id=str(firm.company_id))
    path = f"/inspections/{car['id']}/yard-links"
    short, long = [await make_key(boss, firm, f"for {days}", days=days) for days in (1, 365)]
    given = (await short.program(cabinet_api).post(path, {"days": 7})).json()
    assert given["expires_at"] == short.shown["expires_at"]
    anew = (await short.program(cabinet_api).post(f"{path}/{given['id']}/renewal")).json()
    assert anew["expires_at"] == short.shown["expires_at"]
    for by in (long.program(cabinet_api), boss):
        lasts = (await by.post(path, {"days": 7})).json()["expires_at"]
        assert short.shown["expires_at"] < lasts < long.shown["expires_at"]
