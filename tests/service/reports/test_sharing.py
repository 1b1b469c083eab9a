"""Giving links out, opening them, and ending them."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import func, select, update

from cabinet_service.api_ports import ApiPorts
from cabinet_service.reports.sharing import reading, service
from cabinet_service.reports.sharing.models import ReportShare, ShareView
from service_kit.db import database_now
from tests.service.inspections.conftest import Company, Person
from tests.service.reports.conftest import ADVERT, WORRY, Answered, AnsweredFor, Json, NewGuest
from tests.service.reports.sharing import code_of, let_pass


async def change(ports: ApiPorts, share: Json, **values: Any) -> None:
    async with ports.backbone.database.writing() as session:
        found = update(ReportShare).where(ReportShare.id == UUID(share["id"]))
        await session.execute(found.values(**values))


async def test_whoever_has_the_link_reads_the_report_without_a_sign_in(
    answered: Answered, guest: NewGuest
) -> None:
    share = await answered.share(label="For Ivan", reader="seller", language="en")
    assert share["url"].startswith("http://127.0.0.1/report#")
    assert (share["state"], share["has_code"], share["views"]) == ("live", False, 0)
    opened = await guest(share).ask()
    assert opened.status_code == 200, opened.text
    told = opened.json()
    assert (told["version"], told["is_newest"], told["replaced_at"]) == (1, True, None)
    assert (told["presented"]["reader"], told["presented"]["language"]) == ("seller", "en")
    assert "Цифры неровные 1" in opened.text
    assert "For Ivan" not in opened.text
    assert str(answered.owner.account_id) not in opened.text


async def test_nothing_of_it_is_kept_indexed_or_told_on(answered: Answered, guest: NewGuest) -> None:
    one = guest(await answered.share())
    for answer in (await one.ask(), await one.look()):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in answer.headers["x-robots-tag"]
    # The cookie is for this link alone, and no script reads it.
    [cookie] = (await guest(await answered.share()).ask()).headers.get_list("set-cookie")
    assert "Path=/api/v1/shared/" in cookie
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()


async def test_the_link_is_stored_nowhere_and_its_owner_copies_it_again(
    answered: Answered, cabinet_ports: ApiPorts
) -> None:
    key = uuid4().hex
    share = (await answered.owner.post(answered.path, {}, key=key)).json()
    again = await answered.owner.post(answered.path, {}, key=key)
    assert (again.json(), again.headers["idempotency-replayed"]) == (share, "true")
    assert [one["url"] for one in await answered.listed()] == [share["url"]]
    token = share["url"].partition("#")[2]
    assert len(token) == 32
    async with cabinet_ports.backbone.database.reading() as session:
        for (table,) in await session.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
            rows = await session.fetch(f'SELECT t::text FROM "{table}" t')
            assert not [row for row in rows if token in row[0]], table


async def test_sent_again_after_a_change_of_keys_it_gives_the_link_that_was_made(
    answered: Answered, cabinet_ports: ApiPorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = uuid4().hex
    share = (await answered.owner.post(answered.path, {}, key=key)).json()
    keys = [b"a key that is newer than all others", *vars(cabinet_ports.secrets)["_keys"]]
    monkeypatch.setattr(cabinet_ports.secrets, "_keys", keys)
    again = await answered.owner.post(answered.path, {}, key=key)
    assert (again.json()["url"], again.headers["idempotency-replayed"]) == (share["url"], "true")


async def test_who_reads_in_another_language_may(answered: Answered, guest: NewGuest) -> None:
    one = guest(await answered.share())
    assert (await one.read())["presented"]["language"] == "en"
    assert (await one.read(language="ru"))["presented"]["language"] == "ru"
    fixed = guest(await answered.share(language="ru"))
    assert (await fixed.read())["presented"]["language"] == "ru"
    assert (await fixed.read(language="en"))["presented"]["language"] == "en"


async def test_what_is_the_clients_alone_is_shown_to_nobody(answered: Answered, guest: NewGuest) -> None:
    told = await guest(await answered.share()).ask()
    assert told.status_code == 200
    assert WORRY not in told.text
    assert ADVERT not in told.text


async def test_only_what_was_answered_is_shared(client: Person, submitted: Any, answered: Answered) -> None:
    draft, sent = await client.start(), await submitted()
    for one in (draft, sent):
        refused = await client.post(f"/inspections/{one['id']}/shares", {})
        assert refused.status_code in (404, 409), refused.text
    # Closing says that the answer is taken as it is: it is shown to others then, above all.
    assert (await client.post(f"{answered.case.path}/closure")).status_code == 201
    assert (await answered.share())["state"] == "live"


async def test_bad_wishes_are_refused_in_words(answered: Answered) -> None:
    for body in (
        {"days": 0},
        {"days": 91},
        {"code": "123"},
        {"code": "123456789"},
        {"code": "12a4"},
        {"code": "١٢٣٤"},
        {"reader": "partner"},
        {"language": "de"},
        {"scope": {"photos": "?"}},
        {"scope": {"everything": True}},
        {"label": "x" * 81},
        {"token": "mine"},
    ):
        refused = await answered.owner.post(answered.path, body)
        assert code_of(refused) == (422, "malformed_request"), body


async def test_a_link_works_for_its_time(
    answered: Answered, guest: NewGuest, cabinet_ports: ApiPorts
) -> None:
    usual, longest = await answered.share(), await answered.share(days=90)
    one, other = guest(usual), guest(longest)
    await let_pass(cabinet_ports, usual, timedelta(days=6, hours=23))
    assert (await one.ask()).status_code == 200
    for share in (usual, longest):
        await let_pass(cabinet_ports, share, timedelta(days=8))
    for answer in (await one.ask(), await one.look(), await one.photo(answered.case.evidence_id)):
        assert code_of(answer) == (410, "share_expired")
    assert (await other.ask()).status_code == 200
    states = {one["id"]: (one["state"], bool(one["url"])) for one in await answered.listed()}
    assert states == {usual["id"]: ("expired", False), longest["id"]: ("live", True)}


async def test_a_link_ends_at_once_when_its_owner_says_so(answered: Answered, guest: NewGuest) -> None:
    share, other = await answered.share(code="2468"), await answered.share()
    one = guest(share)
    await one.enter("2468")
    assert (await one.ask()).status_code == 200
    for _ in range(2):  # said again it changes nothing
        assert (await answered.owner.delete(f"{answered.path}/{share['id']}")).status_code == 204
    answers = (await one.ask(), await one.look(), await one.photo(uuid4()), await one.enter("2468"))
    for answer in answers:
        assert code_of(answer) == (410, "share_revoked")
    assert (await guest(other).ask()).status_code == 200
    [_, ended] = await answered.listed()
    assert (ended["state"], ended["url"]) == ("revoked", None)


HOSTILE = (
    "x",
    "A" * 32,
    "A" * 4000,
    "%00",
    "..%2f..%2fme",
    "%D0%B0" * 16,
    "' OR 1=1 --",
    "__proto__",
    "state",
    "{token}",
    "-" * 32,
)


async def test_hostile_tokens_are_unknown(cabinet_api: httpx.AsyncClient) -> None:
    for token in HOSTILE:
        for path in ("", "/state", f"/photos/{uuid4()}"):
            answer = await cabinet_api.get(f"/api/v1/shared/{token}{path}")
            assert code_of(answer) in {
                (404, "share_unknown"),
                (404, "not_found"),  # with it the address is another one
                (422, "forbidden_character"),
            }, answer.text


async def test_a_token_is_taken_as_it_is(answered: Answered, cabinet_api: httpx.AsyncClient) -> None:
    token = (await answered.share())["url"].partition("#")[2]
    for near in (token[:-1], token + "=", token.swapcase(), token + "A", f" {token}", token[::-1]):
        answer = await cabinet_api.get(f"/api/v1/shared/{near}")
        assert code_of(answer) == (404, "share_unknown"), near


async def test_twenty_links_of_an_inspection_work_at_a_time(answered: Answered) -> None:
    made = [await answered.share() for _ in range(service.MOST_LIVE)]
    assert code_of(await answered.owner.post(answered.path, {})) == (409, "too_many_shares")
    await answered.owner.delete(f"{answered.path}/{made[0]['id']}")
    both = await asyncio.gather(*[answered.owner.post(answered.path, {}) for _ in range(2)])
    assert sorted(answer.status_code for answer in both) == [201, 409]


async def test_who_opened_it_is_counted_and_not_who_gave_it_out(
    answered: Answered, guest: NewGuest, cabinet_ports: ApiPorts, cabinet_api: httpx.AsyncClient
) -> None:
    share = await answered.share()
    one, other = guest(share), guest(share)
    for reader in (one, one, other):
        await reader.read()
        await reader.read(language="ru")
    async with cabinet_ports.backbone.database.writing() as session:
        await session.execute(update(ShareView).values(last_at=ShareView.last_at - timedelta(minutes=31)))
    await one.read()
    token = share["url"].partition("#")[2]
    own = await cabinet_api.get(f"/api/v1/shared/{token}", headers=answered.owner.headers)
    assert own.status_code == 200
    [seen] = await answered.listed()
    assert (seen["views"], seen["browsers"], seen["shown"]) == (3, 2, [1])
    assert seen["viewed_at"] is not None
    async with cabinet_ports.backbone.database.reading() as session:
        rows = (await session.scalars(select(ShareView).order_by(ShareView.last_at.desc()))).all()
        assert [len(row.browser) for row in rows] == [16, 16]
    # A month after its end nobody knows any more which browsers it was; how often stays.
    await change(cabinet_ports, share, expires_at=rows[0].last_at - timedelta(days=31))
    async with cabinet_ports.backbone.database.writing() as session:
        assert not await service.forget_old(session, await database_now(session))
        assert await session.scalar(select(func.count()).select_from(ShareView)) == 0
    [seen] = await answered.listed()
    assert (seen["views"], seen["browsers"]) == (3, 0)


async def test_an_amended_answer_is_told_to_every_open_copy(answered: Answered, guest: NewGuest) -> None:
    share = await answered.share()
    one, late = guest(share), guest(share)
    assert (await one.read())["read_before"] is None
    before = await one.look()
    assert (await one.look(before.headers["etag"])).status_code == 304
    await answered.amend()

    after = await one.look(before.headers["etag"])
    assert (after.status_code, after.json()["newest_version"]) == (200, 2)
    new = await one.read()
    assert (new["version"], new["is_newest"], new["read_before"]) == (2, True, 1)
    assert (await late.read())["read_before"] is None
    # The old one stays readable, and says since when it is not the newest.
    old = await one.read(version=1)
    assert (old["version"], old["is_newest"], old["newest_version"]) == (1, False, 2)
    assert old["replaced_at"] == after.json()["made_at"]
    assert [one["version"] for one in old["versions"]] == [1, 2]


async def test_an_answer_that_was_taken_back_is_not_the_newest_while_its_report_is_on_its_way(
    answered: Answered, guest: NewGuest
) -> None:
    one = guest(await answered.share())
    assert (await one.read())["is_newest"]
    known = (await one.look()).headers["etag"]
    version = await answered.decide()

    state = await one.look(known)
    assert (state.status_code, state.json()["newest_version"]) == (200, 2)
    told = await one.read()
    assert (told["version"], told["is_newest"], told["newest_version"]) == (1, False, 2)
    assert told["replaced_at"] == state.json()["made_at"]
    assert [one["version"] for one in told["versions"]] == [1]

    await answered.keep(version)
    assert (await one.look(state.headers["etag"])).status_code == 304
    new = await one.read()
    assert (new["version"], new["is_newest"], new["read_before"]) == (2, True, 1)


async def test_nobody_waits_while_a_report_is_put_into_words(
    answered: Answered, guest: NewGuest, work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the process, which goes on beside it, nor whoever wants a connection."""
    database, wording = answered.ports.backbone.database, reading.present
    loop, done = asyncio.get_running_loop(), list[bool]()

    async def something_else() -> None:
        async with database.reading() as session:
            await database_now(session)

    def beside(*said: Any, **more: Any) -> Any:
        asyncio.run_coroutine_threadsafe(something_else(), loop).result(10)
        done.append(True)
        return wording(*said, **more)

    monkeypatch.setattr(reading, "present", beside)
    await work()
    one = guest(await answered.share())
    await one.read()
    assert (await one.photo(answered.case.evidence_id)).status_code == 200
    assert done == [True, True]


async def test_what_was_amended_before_a_link_showed_it_is_not_shown_by_it(
    answered: Answered, guest: NewGuest
) -> None:
    unopened = guest(await answered.share())
    await answered.amend()
    younger = guest(await answered.share())
    for one in (unopened, younger):
        told = await one.ask()
        assert [version["version"] for version in told.json()["versions"]] == [2]
        assert "сомнения 1" not in told.text
        for version in (1, 3, 10**6):
            assert code_of(await one.ask(version=version)) == (404, "not_found")
        for nonsense in (0, -1, 10**7, "x"):
            assert (await one.ask(version=nonsense)).status_code == 422


async def test_other_peoples_links_are_not_there(
    answered: Answered, stranger: Person, company: Company, answered_for: AnsweredFor
) -> None:
    share = await answered.share()
    own = await answered_for(stranger)
    for person in (stranger, company.admin, *company.agents):
        for refused in (
            await person.get(answered.path),
            await person.post(answered.path, {}),
            await person.delete(f"{answered.path}/{share['id']}"),
        ):
            assert code_of(refused) == (404, "not_found")
    # Nor by way of an inspection that is theirs.
    assert code_of(await stranger.delete(f"{own.path}/{share['id']}")) == (404, "not_found")
    assert [one["state"] for one in await answered.listed()] == ["live"]


async def test_a_companys_links_are_its_branchs_and_its_admins(
    company: Company, answered_for: AnsweredFor
) -> None:
    north, south = company.agents
    of_north = {"company_id": str(company.id), "branch_id": str(company.branches[0])}
    answered = await answered_for(north, **of_north)
    share = await answered.share()
    assert [one["id"] for one in (await company.admin.get(answered.path)).json()] == [share["id"]]
    assert code_of(await south.get(answered.path)) == (404, "not_found")
    assert (await company.admin.delete(f"{answered.path}/{share['id']}")).status_code == 204


async def test_an_erased_account_shows_nothing_from_that_moment_on(
    answered: Answered, guest: NewGuest, cabinet_ports: ApiPorts, work: Any
) -> None:
    share, revoked = await answered.share(label="For Ivan", code="1234"), await answered.share()
    await answered.owner.delete(f"{answered.path}/{revoked['id']}")
    one, other = guest(share), guest(revoked)
    assert (await one.enter("1234")).status_code == 204
    assert (await one.ask()).status_code == 200
    assert (await answered.owner.post("/me/erasure")).status_code == 202
    for _ in range(2):
        for answer in (await one.ask(), await one.look(), await one.photo(answered.case.evidence_id)):
            assert code_of(answer) == (410, "share_erased")
        assert code_of(await one.enter("1234")) == (410, "share_erased")
        assert code_of(await other.ask()) == (410, "share_erased")
        await work()
    async with cabinet_ports.backbone.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(ShareView)) == 0
        [kept, _] = (await session.scalars(select(ReportShare).order_by(ReportShare.created_at))).all()
        assert (kept.label, kept.code_hash) == (None, None)


async def test_nothing_is_noted_of_whoever_opens_it_while_it_is_erased(
    answered: Answered, guest: NewGuest, work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, looked = guest(await answered.share()), reading.read_before

    async def erased_meanwhile(*what: Any) -> int | None:
        assert (await answered.owner.post("/me/erasure")).status_code == 202
        await work()
        return await looked(*what)

    monkeypatch.setattr(reading, "read_before", erased_meanwhile)
    assert code_of(await one.ask()) == (410, "share_erased")
    async with answered.ports.backbone.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(ShareView)) == 0


async def test_both_ends_are_on_the_audit_log(answered: Answered, cabinet_ports: ApiPorts) -> None:
    share = await answered.share()
    await answered.owner.delete(f"{answered.path}/{share['id']}")
    log = cabinet_ports.backbone.audit_log
    async with cabinet_ports.backbone.database.reading() as session:
        rows = (await session.scalars(select(log).order_by(log.position))).all()
    acts = [(row.act, row.details) for row in rows if row.subject_id == answered.case.id]
    assert acts == [(act, {"share_id": share["id"]}) for act in ("report_shared", "report_share_revoked")]
