"""Commands for operators: `python -m bpa_service --help`."""

import asyncio
import getpass
import json
import sys
from argparse import Namespace
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from pydantic import ValidationError

from bpa_service.api_wiring import open_api_ports
from bpa_service.backbone import open_backbone
from bpa_service.db import MIGRATIONS
from bpa_service.entrypoints import vehicle_commands
from bpa_service.experts import demo, queries, schemas, service
from bpa_service.experts.domain import Role
from bpa_service.experts.factors import service as factors
from bpa_service.experts.models import sign_ins
from bpa_service.experts.tokens.ending import end_made_before as end_tokens_made_before
from bpa_service.playbook import starter
from bpa_service.reports import missing
from bpa_service.search.documents import INDEXED
from bpa_service.settings import read_environment
from bpa_service.wiring import event_handlers
from service_kit import audit
from service_kit.commands import CommandFailed, CommandLine, Delivery, add_shared, add_ways_in_end
from service_kit.db import database_now
from service_kit.search.keeping import commands as search_commands


def command_line() -> CommandLine:
    """Every command of bpa."""
    line = CommandLine(program="python -m bpa_service", description="Commands of bpa.")
    add_shared(
        line,
        migrations_folder=MIGRATIONS,
        read_settings=read_environment,
        open_delivery=_open_delivery,
    )
    person = line.add("person-add", add_person, "Let somebody work here; asks for their password.")
    person.add_argument("login")
    person.add_argument("display_name", metavar="NAME")
    person.add_argument("role", type=Role, metavar="ROLE", help=", ".join(Role))
    reset = line.add(
        "second-factors-reset",
        reset_second_factors,
        "Take from somebody who lost them their authenticator app, recovery codes and passkeys.",
    )
    reset.add_argument("login")
    line.add("reseal", reseal, "Seal the secrets of authenticator apps with the first of BPA_SECRET_KEYS.")
    playbook = line.add(
        "starter-playbook",
        make_starter_playbook,
        "Put checks and ready words to begin with into an empty playbook, in the name of somebody here.",
    )
    playbook.add_argument("login")
    line.add("reports-make", make_reports, "Have the worker make the reports of answers that have none.")
    vehicle_commands.add_to(line)
    line.add("demo-people", make_demo_people, "People to try everything with; prints their sign-ins as JSON.")
    add_ways_in_end(line, end_ways_in, "all sessions and personal tokens")
    search_commands.add_to(line, _open_delivery, INDEXED)
    return line


async def end_ways_in(arguments: Namespace) -> None:
    async with open_backbone(read_environment()) as backbone, backbone.database.writing() as session:
        ended = await sign_ins.end_made_before(session, arguments.made_before)
        tokens = await end_tokens_made_before(session, arguments.made_before)
        made_before = arguments.made_before.isoformat()
        details = {"made_before": made_before, "sessions": ended, "tokens": tokens}
        audit.record(session, "ways_in_ended", by=None, now=await database_now(session), details=details)
    print(f"ended: {ended} sessions, {tokens} personal tokens")


async def add_person(arguments: Namespace) -> None:
    try:
        person = schemas.NewPerson(
            login=arguments.login,
            display_name=arguments.display_name,
            role=arguments.role,
            password=await asyncio.to_thread(_ask_password),
        )
    except ValidationError as error:
        reasons = (f"{part['loc'][0]}: {part['msg']}" for part in error.errors())
        raise CommandFailed("; ".join(reasons)) from None
    async with open_api_ports(read_environment()) as ports, ports.backbone.database.writing() as session:
        added = await service.add_person(
            session,
            login=person.login,
            display_name=person.display_name,
            role=person.role,
            password_hash=await ports.passwords.hash(person.password),
            by=None,
            now=await database_now(session),
        )
    print(f"{added.login} works here as {added.role}")


async def reset_second_factors(arguments: Namespace) -> None:
    login: str = arguments.login
    async with open_api_ports(read_environment()) as ports, ports.backbone.database.writing() as session:
        known = await queries.credential(session, login)
        if known is None:
            raise CommandFailed(f"nobody has the login {login}")
        await service.reset_second_factors(session, known.expert.id, by=None, now=await database_now(session))
    print(f"{login} sets up an authenticator app at the next sign-in")


async def reseal(_arguments: Namespace) -> None:
    async with open_api_ports(read_environment()) as ports, ports.backbone.database.writing() as session:
        count = await factors.reseal(session, seal=ports.seal)
    print(f"{count} secrets are sealed with the first of the keys")


async def make_starter_playbook(arguments: Namespace) -> None:
    login: str = arguments.login
    async with open_api_ports(read_environment()) as ports, ports.backbone.database.writing() as session:
        known = await queries.credential(session, login)
        if known is None:
            raise CommandFailed(f"nobody has the login {login}")
        await starter.ensure(session, by=known.expert)
    print("the playbook has checks and ready words")


async def make_reports(_arguments: Namespace) -> None:
    async with open_backbone(read_environment()) as backbone:
        count = await missing.have_made(backbone.database)
    print(f"the worker makes the reports of {count} cases")


async def make_demo_people(_arguments: Namespace) -> None:
    settings = read_environment()
    if not settings.is_development:
        raise CommandFailed("demo people share a password: not with BPA_ENVIRONMENT=production")
    if not settings.demo_password:
        raise CommandFailed("BPA_DEMO_PASSWORD is empty")
    async with open_api_ports(settings) as ports, ports.backbone.database.writing() as session:
        people = await demo.ensure(
            session,
            ports.passwords,
            settings.demo_password,
            seal=ports.seal,
            now=await database_now(session),
        )
    sign_ins = [
        {
            "role": person.role,
            "login": person.login,
            "password": settings.demo_password,
            "totp_secret": demo.totp_secret(person.login, settings.demo_password),
        }
        for person in people
    ]
    print(json.dumps(sign_ins))


def _ask_password() -> str:
    """From whoever sits there, or one line of what is piped in."""
    return getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


@asynccontextmanager
async def _open_delivery() -> AsyncGenerator[Delivery]:
    async with open_api_ports(read_environment()) as ports:
        yield Delivery(ports.backbone, event_handlers(ports))
