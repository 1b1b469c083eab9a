"""One world for all, on the bus of this run, and people who sign in once to use it."""

import random
from collections.abc import Iterator

import pytest

from tests.faults.traffic import EXPERTS, Buyer, Judge, Log
from tests.faults.world import World, bus_of_this_run, running_world

# Short enough that cases run over their time, and that a case whose expert was cut off comes back.
IMPATIENT = {"BPA_BUDGET_SECONDS": "10", "BPA_LEASE_SECONDS": "15", "BPA_TICK_SECONDS": "0.5"}


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    with running_world(bus_of_this_run(), IMPATIENT) as running:
        yield running


@pytest.fixture(scope="session")
def log() -> Log:
    return Log()


@pytest.fixture(scope="session")
def buyer(world: World, log: Log) -> Buyer:
    return Buyer(world.stack.cabinet.url, log, random.Random(1), companys_server=world.partner.url)


@pytest.fixture(scope="session")
def judges(world: World, log: Log) -> list[Judge]:
    return [Judge(world.stack.bpa.url, log, world.person(login)) for login in EXPERTS]
