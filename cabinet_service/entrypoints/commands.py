"""Commands for operators: `python -m cabinet_service --help`."""

import asyncio
from argparse import Namespace
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from cabinet_service.accounts import domain, queries
from cabinet_service.accounts.domain import Contact, Membership, Role
from cabinet_service.accounts.errors import LastAdmin
from cabinet_service.audit.actors import OPERATOR
from cabinet_service.companies import members
from cabinet_service.companies import queries as company_queries
from cabinet_service.companies import service as companies
from cabinet_service.consents.documents import OF_COMPANIES, CompanyDocument
from cabinet_service.db import MIGRATIONS
from cabinet_service.entrypoints import ways_in
from cabinet_service.notifications import changes
from cabinet_service.ports import StoreAway
from cabinet_service.privacy import erasing, ledger
from cabinet_service.search.documents import INDEXED
from cabinet_service.settings import read_environment
from cabinet_service.webhooks import service as webhooks
from cabinet_service.webhooks import signing as webhook_secrets
from cabinet_service.wiring import event_handlers, open_ports
from service_kit.commands import CommandFailed, CommandLine, Delivery, add_shared, add_ways_in_end
from service_kit.db import database_now
from service_kit.sealing import Seal
from service_kit.search.keeping import commands as search_commands


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
    agreed = line.add("company-agreed", _note_agreement, "Note that a company has signed the terms on paper.")
    agreed.add_argument("company", type=UUID, metavar="ID")
    member = line.add("member-add", _add_member, "Make a person a member of a company, or change their role.")
    member.add_argument("--company", type=UUID, required=True, metavar="ID")
    member.add_argument("--contact", required=True, help="the e-mail address or phone they sign in with")
    # An integrator is a program, which comes with its first key.
    roles = [role for role in Role if role is not Role.INTEGRATOR]
    member.add_argument("--role", type=Role, choices=roles, required=True)
    member.add_argument("--branch", type=UUID, metavar="ID", help="an agent has to have one")
    removal = line.add(
        "contact-remove", _remove_contact, "Take a contact from its account; its sessions end."
    )
    removal.add_argument("contact", help="the e-mail address or phone that somebody should not sign in with")
    key = line.add("report-key-create", _create_report_key, "Make a key that signs reports, as a PEM file.")
    key.add_argument("path", type=Path, help="a new file; CABINET_REPORT_KEY names it")
    key.add_argument("--name", required=True, help="who signs, as readers of PDF show it")
    key.add_argument("--unless-there", action="store_true", help="leave a file that is there as it is")
    line.add("reseal", _reseal, "Seal the secrets of webhooks with the first of CABINET_SECRET_KEYS.")
    again = line.add("erasures-apply", _apply_erasures, "Forget again whom a restored backup brought back.")
    again.add_argument("ledger", type=Path, help="the file that CABINET_ERASURES_FILE named")
    moving = line.add(
        "files-move", _move_files, "Copy the files of a folder into the bucket of CABINET_FILES_URL."
    )
    moving.add_argument("folder", type=Path, help="what CABINET_FILES_DIR named")
    moving.add_argument("--compare", action="store_true", help="read all that is there, not its size alone")
    add_ways_in_end(line, _end_ways_in, "all sessions, API keys, links to reports and cars, and badges")
    search_commands.add_to(line, _open_delivery, INDEXED)
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
        company, branches = await companies.found(
            session, name, branch_names, by=OPERATOR, now=await database_now(session)
        )
    print(f"company {company.id}  {company.name}")
    for branch in branches:
        print(f"branch  {branch.id}  {branch.name}")


async def _reseal(_arguments: Namespace) -> None:
    settings = read_environment()
    seal = Seal(settings.secret_keys, purpose=webhook_secrets.SEALED)
    async with open_ports(settings) as ports, ports.backbone.database.writing() as session:
        count = await webhooks.reseal(session, seal)
    print(f"{count} secrets are sealed with the first of the keys")


async def _note_agreement(arguments: Namespace) -> None:
    version = OF_COMPANIES[CompanyDocument.PROCESSING]
    async with open_ports(read_environment()) as ports, ports.backbone.database.writing() as session:
        if not await company_queries.exists(session, arguments.company):
            raise CommandFailed("there is no such company")
        now = await database_now(session)
        await companies.agree(session, arguments.company, version, language="ru", by=OPERATOR, now=now)
    print(f"company {arguments.company}  has agreed to version {version}")


async def _create_report_key(arguments: Namespace) -> None:
    # Only here: no other command works with certificates.
    from cabinet_service.reports.signing.making import HOLDS, make_key

    path: Path = arguments.path
    now = datetime.now(UTC)
    if not make_key(path, arguments.name, now=now):
        if arguments.unless_there:
            return
        raise CommandFailed(f"{path} is there already")
    print(f"{path} signs until {now + HOLDS:%Y-%m-%d}; keep a copy where nobody else gets at it")


async def _apply_erasures(arguments: Namespace) -> None:
    path: Path = arguments.ledger
    begun, refused = 0, list[str]()
    try:
        noted = ledger.read(path)
    except OSError as error:
        raise CommandFailed(f"the ledger cannot be read: {error}") from None
    async with open_ports(read_environment()) as ports:
        for account_id in noted.account_ids:
            try:
                async with ports.backbone.database.writing() as session:
                    begun += await erasing.request_again(session, account_id, now=await database_now(session))
            except LastAdmin as error:
                refused.append(f"{account_id}: {error}")
    print(f"{len(noted.account_ids)} erasures in the ledger, {begun} begun again; the worker does the rest")
    failed: list[str] = []
    if refused:
        failed += [*refused, "give these companies another administrator (member-add)"]
    if noted.damaged:
        numbers = ", ".join(str(one) for one in noted.damaged)
        failed.append(
            f"damaged lines of the ledger, which say no erasure: {numbers}; look at them and at its copies"
        )
    if failed:
        raise CommandFailed("\n".join(failed))


async def _end_ways_in(arguments: Namespace) -> None:
    async with open_ports(read_environment()) as ports, ports.backbone.database.writing() as session:
        now = await database_now(session)
        ended = await ways_in.end_made_before(session, arguments.made_before, now=now)
    print(
        f"ended: {ended.sessions} sessions, {ended.api_keys} API keys, {ended.report_links} links to reports, "
        f"{ended.car_links} links to cars, {ended.badges} badges"
    )


async def _move_files(arguments: Namespace) -> None:
    # Only here: no other command needs the library.
    from cabinet_service.adapters.object_files import ObjectFileStore, bucket_of
    from cabinet_service.entrypoints import moving_files

    settings = read_environment()
    folder: Path = arguments.folder
    if not settings.files_url:
        raise CommandFailed("CABINET_FILES_URL names no bucket to move files into")
    if not await asyncio.to_thread(folder.is_dir):
        raise CommandFailed(f"{folder} is no folder")
    files = ObjectFileStore(bucket_of(settings))
    try:
        moved = await moving_files.move(folder, files, compare=arguments.compare)
    except* StoreAway as away:
        raise CommandFailed(f"the store is away; run it again, it goes on: {away.exceptions[0]}") from None
    except* moving_files.Differs as differs:
        raise CommandFailed(f"another file than the one that was sent: {differs.exceptions[0]}") from None
    finally:
        files.close()
    print(
        f"{moved.sent} files sent and read back, {moved.sent_bytes} bytes, {moved.differed} of them in the place "
        f"of something else; {moved.there} were there"
    )


def _contact(text: str) -> Contact:
    try:
        return domain.parse_contact(text)
    except domain.NotAContact:
        raise CommandFailed("this is neither an e-mail address nor the number of a mobile phone") from None


async def _add_member(arguments: Namespace) -> None:
    contact = _contact(arguments.contact)
    async with open_ports(read_environment()) as ports, ports.backbone.database.writing() as session:
        account = await members.add_by_contact(
            session,
            contact,
            Membership(arguments.company, arguments.branch, arguments.role),
            by=OPERATOR,
            now=await database_now(session),
        )
    print(f"account {account.id}  {contact.value}  {arguments.role}")


async def _remove_contact(arguments: Namespace) -> None:
    contact = _contact(arguments.contact)
    settings = read_environment()
    async with open_ports(settings) as ports, ports.backbone.database.writing() as session:
        account_id = await queries.account_of_contact(session, contact)
        if account_id is None:
            raise CommandFailed("nobody signs in with this contact")
        await changes.remove_contact(
            session,
            account_id,
            contact,
            by_chat=bool(settings.telegram_token),
            kept=None,
            by=OPERATOR,
            now=await database_now(session),
        )
    print(f"account {account_id}  {contact.value} removed")
