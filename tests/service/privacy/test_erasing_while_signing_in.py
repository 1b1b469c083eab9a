"""Somebody signs in to an account at the moment at which it is erased: one comes first, and neither is stuck."""

import asyncio
from datetime import timedelta
from random import Random
from uuid import UUID

from sqlalchemy import func, select

from cabinet_service.accounts import domain, erasing, service
from cabinet_service.accounts.models import AccountContact, SignInSession
from cabinet_service.api_ports import ApiPorts
from service_kit.db import database_now
from tests.support import clients
from tests.support.clients import PHONE, SESSION_LENGTH

ROUNDS = 25
CODES = 4


async def test_a_sign_in_and_an_erasure_do_not_wait_for_each_other(cabinet_ports: ApiPorts) -> None:
    dice = Random(7)
    for round_ in range(ROUNDS):
        contact = domain.parse_contact(f"client-{round_}@example.com")
        account_id = (await clients.sign_in(cabinet_ports, contact.value)).account_id
        codes = [await _code_for(cabinet_ports, contact) for _ in range(CODES)]
        acts = [_sign_in(cabinet_ports, code) for code in codes] + [_erase(cabinet_ports, account_id)]
        dice.shuffle(acts)
        await asyncio.gather(*acts)
        async with cabinet_ports.backbone.database.reading() as session:
            sessions = select(func.count()).where(SignInSession.holder_id == account_id)
            assert await session.scalar(sessions) == 0
            owners = select(AccountContact.account_id).where(AccountContact.value == contact.value)
            assert account_id not in (await session.scalars(owners)).all()


async def _code_for(ports: ApiPorts, contact: domain.Contact) -> UUID:
    async with ports.backbone.database.writing() as session:
        now = await database_now(session)
        challenge = service.new_challenge(contact, valid_for=timedelta(minutes=10), now=now)
        session.add(challenge)
        await session.flush()
        return challenge.id


async def _sign_in(ports: ApiPorts, challenge_id: UUID) -> None:
    """With the right code, or, if the erasure was faster, with one that is not there any more."""
    async with ports.backbone.database.writing() as session:
        await service.sign_in(
            session,
            challenge_id,
            domain.code_of(challenge_id, ports.secrets),
            language="ru",
            keys=ports.secrets,
            device=PHONE,
            length=SESSION_LENGTH,
            now=await database_now(session),
        )


async def _erase(ports: ApiPorts, account_id: UUID) -> None:
    async with ports.backbone.database.writing() as session:
        await erasing.erase(session, account_id, now=await database_now(session))
