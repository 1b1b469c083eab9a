"""Argon2id in a bounded pool."""

import asyncio
from collections.abc import Generator
from contextlib import closing

import argon2
import pytest

from bpa_service.adapters.argon2 import NOBODY, Argon2Passwords
from service_kit.http.problems import TemporarilyUnavailable


@pytest.fixture
def passwords() -> Generator[Argon2Passwords]:
    with closing(Argon2Passwords(max_waiting=2)) as passwords:
        yield passwords


async def test_a_hash_fits_its_password_only(passwords: Argon2Passwords) -> None:
    stored = await passwords.hash("correct horse battery")

    assert await passwords.verify("correct horse battery", stored)
    assert not await passwords.verify("wrong horse battery", stored)


async def test_no_hash_fits_nothing(passwords: Argon2Passwords) -> None:
    assert not await passwords.verify("", None)


async def test_the_cost_is_what_owasp_asks_for(passwords: Argon2Passwords) -> None:
    parameters = argon2.extract_parameters(await passwords.hash("x"))

    assert parameters.type is argon2.Type.ID
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19 * 1024, 2, 1)


def test_an_unknown_login_costs_what_a_known_one_does(passwords: Argon2Passwords) -> None:
    assert not passwords.is_outdated(NOBODY)


def test_a_cheaper_hash_is_outdated(passwords: Argon2Passwords) -> None:
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)

    assert passwords.is_outdated(cheap.hash("x"))


async def test_a_flood_is_turned_away_instead_of_queued_without_end(passwords: Argon2Passwords) -> None:
    outcomes = await asyncio.gather(*(passwords.verify("x", None) for _ in range(10)), return_exceptions=True)

    refused = [outcome for outcome in outcomes if isinstance(outcome, TemporarilyUnavailable)]
    assert (len(refused), outcomes.count(False)) == (7, 3)
    assert not await passwords.verify("x", None), "once it has passed there is room again"
