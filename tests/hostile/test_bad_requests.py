"""Generated requests with something wrong with them: each gets an answer that was promised, never a 5xx."""

import os
from functools import partial
from typing import Final
from urllib.parse import urlsplit

import pytest

from bpa_service.settings import Settings as BpaSettings
from cabinet_service.settings import Settings as CabinetSettings
from tests.hostile import houses
from tests.hostile.bombardment import Tally, bombard
from tests.hostile.houses import House
from tests.hostile.wire import ask_app, ask_server
from tests.support.serving import served

# `make hostile` asks for more, each time in another order.
TIMES: Final = int(os.environ.get("AUTODETECTIVE_HOSTILE_TIMES", "1"))
SEED: Final = int(os.environ.get("AUTODETECTIVE_HOSTILE_SEED", "1"))
TO_APP: Final = 1000 * TIMES
TO_SERVER: Final = 200 * TIMES


def assert_all_kept_their_promise(house: House, tally: Tally) -> None:
    report(tally)
    assert not tally.faults, f"{len(tally.faults)} or more:\n\n" + "\n\n".join(tally.faults)
    assert tally.operations.keys() == {operation.name for operation in house.contract.operations}


def report(tally: Tally) -> None:
    """What came of it, for those who run this with -s."""
    never = tally.operations.keys() - tally.answered_well.keys()
    print(  # noqa: T201 - the figures of docs/security.md
        f"\n{tally.total} requests to {len(tally.operations)} operations",
        "status: " + ", ".join(f"{status} {count}" for status, count in sorted(tally.statuses.items())),
        "code: " + ", ".join(f"{code} {count}" for code, count in tally.codes.most_common()),
        "never answered well: " + (", ".join(sorted(never)) or "none"),
        sep="\n",
    )


async def test_cabinet_answers_every_bad_request_as_promised(cabinet_settings: CabinetSettings) -> None:
    async with houses.cabinet(cabinet_settings) as house:
        tally = await bombard(house, partial(ask_app, house.app), TO_APP, seed=SEED)
        assert_all_kept_their_promise(house, tally)


async def test_bpa_answers_every_bad_request_as_promised(
    bpa_settings: BpaSettings, cabinet_settings: CabinetSettings
) -> None:
    async with houses.bpa(bpa_settings, cabinet_settings) as house:
        tally = await bombard(house, partial(ask_app, house.app), TO_APP, seed=SEED)
        assert_all_kept_their_promise(house, tally)


@pytest.mark.parametrize("service", ["cabinet", "bpa"])
async def test_so_do_the_servers_in_front_of_them(
    service: str, bpa_settings: BpaSettings, cabinet_settings: CabinetSettings
) -> None:
    opened = (
        houses.cabinet(cabinet_settings)
        if service == "cabinet"
        else houses.bpa(bpa_settings, cabinet_settings)
    )
    async with opened as house, served(house.app) as url:
        ask = partial(ask_server, urlsplit(url).port or 0)
        tally = await bombard(house, ask, TO_SERVER, seed=SEED, over_socket=True)
        assert_all_kept_their_promise(house, tally)
