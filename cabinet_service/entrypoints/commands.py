"""Commands for operators: `python -m cabinet_service --help`."""

from argparse import Namespace
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

from cabinet_service.accounts import domain, service
from cabinet_service.accounts.domain import Role
from cabinet_service.audit.actors import OPERATOR
from cabinet_service.db import MIGRATIONS
from cabinet_service.settings import read_environment
from cabinet_service.wiring import event_handlers, open_ports
from service_kit.commands import CommandFailed, CommandLine, Delivery, add_shared
from service_kit.db import database_now


def command_line() -> CommandLine:
    """Every command of cabinet."""
    line = CommandLine(program="python -m cabinet_service", description="Commands of cabinet.")
    add_shared(
        line,
        migrations_folder=MIGRATIONS,
        read_settings=read_environment,
        open_delivery=_open_delivery,
    )
    company = line.add("company-create", _create_company, "Make a company and its branches.")
    company.add_argument("name")
    company.add_argument("--branch", action="append", default=[], metavar="NAME", help="may be given often")
    member = line.add("member-add", _add_member, "Make a person a member of a company, or change their role.")
    member.add_argument("--company", type=UUID, required=True, metavar="ID")
    member.add_argument("--contact", required=True, help="the e-mail address or phone they sign in with")
    member.add_argument("--role", type=Role, choices=list(Role), required=True)
    member.add_argument("--branch", type=UUID, metavar="ID", help="an agent has to have one")
    return line


@asynccontextmanager
async def _open_delivery() -> AsyncGenerator[Delivery]:
    async with open_ports(read_environment()) as ports:
        yield Delivery(ports.backbone, event_handlers(ports))


async def _create_company(arguments: Namespace) -> None:
    names: list[str] = [arguments.name, *arguments.branch]
    if not all(0 < len(name.strip()) <= domain.MAX_NAME_LENGTH for name in names):
        raise CommandFailed(f"a name has 1 to {domain.MAX_NAME_LENGTH} characters")
    name, *branch_names = (name.strip() for name in names)
    async with open_ports(read_environment()) as ports, ports.backbone.database.writing() as session:
        company, branches = await service.create_company(
            session, name, branch_names, by=OPERATOR, now=await database_now(session)
        )
    print(f"company {company.id}  {company.name}")
    for branch in branches:
        print(f"branch  {branch.id}  {branch.name}")


async def _add_member(arguments: Namespace) -> None:
    try:
        contact = domain.parse_contact(arguments.contact)
    except domain.NotAContact:
        raise CommandFailed("this is neither an e-mail address nor the number of a mobile phone") from None
    async with open_ports(read_environment()) as ports, ports.backbone.database.writing() as session:
        account = await service.add_member(
            session,
            arguments.company,
            contact,
            role=arguments.role,
            branch_id=arguments.branch,
            by=OPERATOR,
            now=await database_now(session),
        )
    print(f"account {account.id}  {contact.value}  {arguments.role}")
