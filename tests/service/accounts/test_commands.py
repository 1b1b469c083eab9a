"""Cabinet's command line, as an operator types it."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import asyncpg
import pytest
from sqlalchemy import func, select

from cabinet_service.accounts import queries
from cabinet_service.accounts.domain import ContactKind, Role
from cabinet_service.accounts.models import AccountContact, SignInSession
from cabinet_service.api_ports import ApiPorts
from cabinet_service.db.tables import TABLES
from cabinet_service.entrypoints.commands import command_line
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.yard.models import YardLink
from cabinet_service.reports.badges.models import ReportBadge
from cabinet_service.reports.sharing.models import ReportShare
from cabinet_service.settings import Settings
from service_kit.bus import DeadLetter
from service_kit.db import database_now
from service_kit.ids import new_id
from shared_schemas.report.presented import Reader
from shared_schemas.words import InspectionState
from tests.support.clients import sign_in
from tests.support.delivery import waiting_work

UNKNOWN = "01a207e3-a59f-712e-962a-a0780d951677"


@dataclass(frozen=True)
class Said:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str


Run = Callable[..., Awaitable[Said]]


@pytest.fixture
def run(
    cabinet_settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    monkeypatch.setenv("CABINET_ENVIRONMENT", "development")
    monkeypatch.setenv("CABINET_DATABASE_URL", cabinet_settings.database_url)
    monkeypatch.setenv("CABINET_SERVICE_KEYS", ",".join(cabinet_settings.service_keys))
    monkeypatch.setenv("CABINET_SECRET_KEYS", ",".join(cabinet_settings.secret_keys))
    monkeypatch.setenv("CABINET_PEER_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("CABINET_PUBLIC_URL", "http://127.0.0.1:1")

    async def run_command(*words: str) -> Said:
        code = await asyncio.to_thread(command_line().main, words)
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return run_command


def ids_in(text: str) -> list[str]:
    return re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", text)


async def test_a_company_gets_branches_and_members(run: Run, cabinet_ports: ApiPorts) -> None:
    made = await run("company-create", "Мотор", "--branch", "Север", "--branch", "Юг")
    assert made.code == 0
    company, north, south = ids_in(made.out)
    assert [line.split()[-1] for line in made.out.splitlines()] == ["Мотор", "Север", "Юг"]

    member = ("member-add", "--company", company, "--contact", "Agent@Example.com", "--role")
    assert (await run(*member, "partner_agent", "--branch", north)).code == 0
    client = await sign_in(cabinet_ports, "agent@example.com")
    async with cabinet_ports.backbone.database.reading() as session:
        [named] = await queries.named_memberships(session, client.account_id)
    assert (named.company_name, named.branch_name) == ("Мотор", "Север")
    assert named.membership.role is Role.PARTNER_AGENT

    assert (await run(*member, "partner_agent", "--branch", south)).code == 0
    assert (await run(*member, "partner_admin")).code == 0
    async with cabinet_ports.backbone.database.reading() as session:
        [named] = await queries.named_memberships(session, client.account_id)
    assert (named.branch_name, named.membership.role) == (None, Role.PARTNER_ADMIN)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--contact", "a@example.com", "--role", "partner_agent"), "branch"),
        (("--contact", "nobody", "--role", "partner_admin"), "e-mail"),
        (("--contact", "a@example.com", "--role", "partner_agent", "--branch", UNKNOWN), UNKNOWN),
    ],
)
async def test_a_member_that_cannot_be_is_refused(run: Run, words: tuple[str, ...], reason: str) -> None:
    [company] = ids_in((await run("company-create", "Motors")).out)
    refused = await run("member-add", "--company", company, *words)
    assert refused.code == 1
    assert reason in refused.err


async def test_no_person_is_made_a_program(run: Run) -> None:
    words = ("--company", UNKNOWN, "--contact", "a@example.com", "--role", "integrator")
    with pytest.raises(SystemExit) as ended:
        await run("member-add", *words)
    assert ended.value.code == 2


async def test_a_branch_of_another_company_is_refused(run: Run) -> None:
    [company] = ids_in((await run("company-create", "Motors")).out)
    _, foreign = ids_in((await run("company-create", "Others", "--branch", "North")).out)
    words = ("--contact", "a@example.com", "--role", "partner_agent", "--branch", foreign)
    assert (await run("member-add", "--company", company, *words)).code == 1


async def test_a_company_that_is_not_there_is_named(run: Run) -> None:
    refused = await run(
        "member-add", "--company", UNKNOWN, "--contact", "a@example.com", "--role", "partner_admin"
    )
    assert (refused.code, refused.out) == (1, "")
    assert UNKNOWN in refused.err


async def test_a_contact_is_taken_away_by_whoever_helps_but_not_the_last(
    run: Run, cabinet_ports: ApiPorts
) -> None:
    client = await sign_in(cabinet_ports, "anna@example.com")
    async with cabinet_ports.backbone.database.writing() as session:
        now = await database_now(session)
        whose = {"account_id": client.account_id, "created_at": now, "verified_at": now}
        session.add(AccountContact(kind=ContactKind.PHONE, value="+79211234567", **whose))
    removed = await run("contact-remove", "8 921 123-45-67")
    assert (removed.code, ids_in(removed.out)) == (0, [str(client.account_id)])
    async with cabinet_ports.backbone.database.reading() as session:
        [left] = await queries.contacts_of(session, client.account_id)
        assert left.value == "anna@example.com"
        assert await session.scalar(select(func.count()).select_from(SignInSession)) == 0
    kinds = [work.type for work in await waiting_work(cabinet_ports.backbone)]
    assert kinds == ["cabinet.send_account_changed"] * 2
    last = await run("contact-remove", "anna@example.com")
    assert (last.code, "no other way" in last.err) == (1, True)
    assert (await run("contact-remove", "boris@example.com")).code == 1
    assert (await run("contact-remove", "nobody")).code == 1


async def test_all_ways_in_of_before_a_backup_are_ended_and_no_later_ones(
    run: Run, cabinet_ports: ApiPorts
) -> None:
    client = await sign_in(cabinet_ports, "anna@example.com")
    async with cabinet_ports.backbone.database.writing() as session:
        taken_at = await database_now(session)
        for name in ("before", "after"):
            made = {"account_id": client.account_id, "expires_at": taken_at + timedelta(days=1)}
            at = taken_at + timedelta(hours=-1 if name == "before" else 1)
            car = Inspection(
                id=new_id(),
                account_id=client.account_id,
                state=InspectionState.DRAFT,
                version=1,
                created_at=at,
                updated_at=at,
            )
            session.add(car)
            await session.flush_objects()
            token = {"inspection_id": car.id, "token_sha256": name.encode().ljust(32)}
            session.add(YardLink(id=new_id(), created_at=at, **token, **made))
            # Its time is over; prolonged, it would work under the address that it had.
            badge = made | {"expires_at": taken_at - timedelta(minutes=1)}
            session.add(ReportBadge(id=new_id(), created_at=at, **token, **badge))
            session.add(
                ReportShare(
                    id=new_id(),
                    reader=Reader.BUYER,
                    photos=True,
                    history=True,
                    created_at=at,
                    **token,
                    **made,
                )
            )
    instant = (taken_at + timedelta(seconds=1)).isoformat()

    ended = await run("ways-in-end", "--made-before", instant)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "ended: 1 sessions, 0 API keys, 1 links to reports, 1 links to cars, 1 badges\n"
    async with cabinet_ports.backbone.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(SignInSession)) == 0
        for table in (YardLink, ReportShare, ReportBadge):
            [left] = await session.scalars(select(table.token_sha256).where(table.revoked_at.is_(None)))
            assert left.startswith(b"after")
    with pytest.raises(SystemExit):
        command_line().main(["ways-in-end", "--made-before", "2026-11-30T10:16:00"])


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
async def test_a_company_needs_a_name(run: Run, name: str) -> None:
    assert (await run("company-create", name)).code == 1


async def test_the_audit_log_is_verified(run: Run, cabinet_superuser_url: str) -> None:
    assert (await run("audit-verify")).out == "there are none\n"
    await run("company-create", "Motors")
    await run("company-create", "Others")

    good = await run("audit-verify")
    assert good.code == 0
    counted, head = good.out.splitlines()
    assert counted.startswith("2 entries")
    anchor = head.removeprefix("head ")
    assert (await run("audit-verify", "--anchor", anchor)).code == 0

    connection = await asyncpg.connect(cabinet_superuser_url)
    await connection.execute(
        "ALTER TABLE audit_entries DISABLE TRIGGER USER; DELETE FROM audit_entries WHERE position = 2"
    )
    await connection.close()
    cut = await run("audit-verify", "--anchor", anchor)
    assert (cut.code, cut.out) == (1, "")
    assert cut.err.startswith("entry 2 is missing")


async def test_dead_letters_are_listed_and_shown(run: Run, cabinet_ports: ApiPorts) -> None:
    assert (await run("dead-letters", "list")).out == "there are none\n"
    letter = DeadLetter(
        TABLES.queues.work, new_id(), '{"data": "фото"}'.encode(), "corr-1", "Boom: no\nmore", 5
    )
    await cabinet_ports.backbone.dead_letters.bury(letter)
    listed = await run("dead-letters", "list")
    assert listed.out.startswith(f"{TABLES.queues.work} {letter.message_id}  ")
    assert listed.out.rstrip().endswith("Boom: no")
    shown = await run("dead-letters", "show", TABLES.queues.work, str(letter.message_id))
    assert shown.code == 0
    for part in ("corr-1", "5 attempts", "Boom: no\nmore", "фото"):
        assert part in shown.out


async def test_a_dead_letter_that_is_not_there_is_named(run: Run) -> None:
    for action in ("show", "replay"):
        refused = await run("dead-letters", action, TABLES.queues.work, UNKNOWN)
        assert refused.code == 1
        assert UNKNOWN in refused.err


async def test_a_replay_that_the_bus_does_not_take_changes_nothing(run: Run, cabinet_ports: ApiPorts) -> None:
    letter = DeadLetter(TABLES.queues.work, new_id(), b"{}", "corr-1", "Boom", 5)
    await cabinet_ports.backbone.dead_letters.bury(letter)
    refused = await run("dead-letters", "replay", TABLES.queues.work, str(letter.message_id))
    assert refused.code == 1
    assert refused.err
    assert str(letter.message_id) in (await run("dead-letters", "list")).out


async def test_resync_says_that_the_other_service_is_away(run: Run) -> None:
    for words in ((), ("--inspection", UNKNOWN)):
        refused = await run("resync", *words)
        assert refused.code == 1
        assert "127.0.0.1:1" in refused.err or "ConnectError" in refused.err


@pytest.mark.parametrize(
    "url", ["postgresql://nobody@127.0.0.1:1/nothing", "postgresql://nobody@no-such-host.invalid/nothing"]
)
async def test_without_the_database_a_command_says_so(
    run: Run, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("CABINET_DATABASE_URL", url)
    refused = await run("dead-letters", "list")
    assert refused.code == 1
    assert "the database cannot be reached" in refused.err


async def test_a_database_that_does_not_let_us_in_is_told_in_one_line(
    run: Run, cabinet_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = urlsplit(cabinet_settings.database_url)
    unknown = there._replace(netloc=f"nobody:wrong@{there.hostname}:{there.port}").geturl()
    monkeypatch.setenv("CABINET_OWNER_DATABASE_URL", unknown)

    refused = await run("migrate")

    assert refused.code == 1
    assert refused.err.startswith("the database does not let us in: ")
    assert len(refused.err.splitlines()) == 1
    assert "wrong@" not in refused.err


async def test_migrating_without_the_owner_names_what_is_missing(
    run: Run, cabinet_superuser_url: str
) -> None:
    # An older database, which the service's own role has to leave as it is.
    connection = await asyncpg.connect(cabinet_superuser_url)
    await connection.execute("UPDATE alembic_version SET version_num = '0009'")
    await connection.close()

    refused = await run("migrate")

    assert refused.code == 1
    assert "OWNER_DATABASE_URL" in refused.err
    assert len(refused.err.splitlines()) == 1


async def test_a_missing_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CABINET_SECRET_KEYS")
    with pytest.raises(SystemExit, match="CABINET_SECRET_KEYS"):
        await run("dead-letters", "list")
