"""A request that runs on while whoever sent it is made an agent, or is removed: it does nothing any more."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts.domain import KeyScope, Membership, Role
from cabinet_service.accounts.models import CompanyMembership
from cabinet_service.api_ports import ApiPorts
from cabinet_service.audit import actors
from cabinet_service.audit.actors import Actor
from cabinet_service.companies import inviting, members, service
from cabinet_service.companies.inviting import Invited
from cabinet_service.keys import service as keys
from cabinet_service.keys.schemas import ApiKeyIn
from cabinet_service.keys.service import Managing
from service_kit.db import Session, database_now
from service_kit.http.problems import NotAllowed, NotFound
from tests.service.companies.conftest import Firm
from tests.service.inspections.conftest import Person


@dataclass(frozen=True)
class Act:
    """What a request, which was let through, is about to do."""

    session: Session
    firm: Firm
    by: Actor
    ports: ApiPorts
    now: datetime

    @property
    def company_id(self) -> UUID:
        return UUID(self.firm.id)

    async def managing(self) -> Managing:
        assert self.by.id is not None
        client = await accounts.client(self.session, self.by.id)
        assert client is not None
        return Managing(self.session, self.now, client, self.company_id, self.ports.settings.key_form)


def invite(act: Act) -> Awaitable[object]:
    place = Membership(act.company_id, None, Role.PARTNER_ADMIN)
    wanted = Invited(place=place, contact=None, note=None, days=7)
    return inviting.invite(act.session, wanted, keys=act.ports.secrets, by=act.by, now=act.now)


def withdraw(act: Act) -> Awaitable[object]:
    return inviting.withdraw(act.session, act.company_id, uuid4(), by=act.by, now=act.now)


def promote(act: Act) -> Awaitable[object]:
    place = Membership(act.company_id, None, Role.PARTNER_ADMIN)
    return members.change(act.session, act.firm.boss.account_id, place, by=act.by, now=act.now)


def remove(act: Act) -> Awaitable[object]:
    return members.remove(act.session, act.company_id, act.firm.boss.account_id, by=act.by, now=act.now)


def rename(act: Act) -> Awaitable[object]:
    return service.change_company(act.session, act.company_id, {"name": "Mine"}, by=act.by, now=act.now)


def add_branch(act: Act) -> Awaitable[object]:
    return service.add_branch(act.session, act.company_id, "West", by=act.by, now=act.now)


def close_branch(act: Act) -> Awaitable[object]:
    south = UUID(act.firm.south)
    return service.change_branch(
        act.session, act.company_id, south, {"is_closed": True}, by=act.by, now=act.now
    )


def agree(act: Act) -> Awaitable[object]:
    return service.agree(act.session, act.company_id, 1, language="en", by=act.by, now=act.now)


async def make_key(act: Act) -> None:
    wanted = ApiKeyIn(name="CRM", scopes=[KeyScope.INSPECTIONS_READ])
    await keys.make(await act.managing(), wanted)


async def renew_key(act: Act) -> None:
    await keys.renew(await act.managing(), uuid4())


async def revoke_key(act: Act) -> None:
    await keys.revoke(await act.managing(), uuid4())


ACTS: Final = (
    *(invite, withdraw, promote, remove, rename, add_branch, close_branch, agree),
    *(make_key, renew_key, revoke_key),
)


async def test_it_does_nothing_any_more(firm: Firm, client: Person, cabinet_ports: ApiPorts) -> None:
    await firm.join(client)
    for refusal in (NotAllowed, NotFound):
        for todo in ACTS:
            await _refused(firm, client, cabinet_ports, todo, refusal)
        async with cabinet_ports.backbone.database.writing() as session:
            member = CompanyMembership.account_id == client.account_id
            await session.execute(delete(CompanyMembership).where(member))


async def _refused(
    firm: Firm,
    client: Person,
    ports: ApiPorts,
    todo: Callable[[Act], Awaitable[object]],
    refusal: type[Exception],
) -> None:
    with pytest.raises(refusal) as told:
        async with ports.backbone.database.writing() as session:
            now = await database_now(session)
            await todo(Act(session, firm, actors.client(client.account_id), ports, now))
    assert told.type is refusal, todo
