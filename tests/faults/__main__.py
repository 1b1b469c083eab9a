"""`make faults`: the long run. Inspections in the thousands through kills in the dozens, and the ledger check.

Prints its seed; the same seed kills in the same order. Figures of runs that were made are in docs/reliability.md.
"""

import argparse
import random
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, get_args

from tests.faults import ledger
from tests.faults.chaos import Monkey
from tests.faults.ledger import Balance
from tests.faults.traffic import EXPERTS, Buyer, Judge, Log, at_work
from tests.faults.world import Bus, World, running_world

# Of time enough for a rested machine: that some cases run over it is wanted.
ENVIRONMENT: Final = {"BPA_BUDGET_SECONDS": "30", "BPA_LEASE_SECONDS": "20"}
BUYERS: Final = 6
SECONDS_BETWEEN_KILLS: Final = 8.0


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--bus", choices=[*get_args(Bus), "both"], default="both")
    parser.add_argument("--inspections", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=60, help="at least so many, while inspections are sent")
    parser.add_argument("--seed", type=int, default=None)
    arguments = parser.parse_args(words)
    seed: int = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**6)
    buses: Sequence[Bus] = get_args(Bus) if arguments.bus == "both" else [arguments.bus]
    print(f"seed {seed}", flush=True)
    faults = [
        fault for bus in buses for fault in run(bus, arguments.inspections, arguments.kills, seed).faults
    ]
    return 1 if faults else 0


def run(bus: Bus, inspections: int, kills: int, seed: int) -> Balance:
    """One run on one bus; its figures are printed."""
    with running_world(bus, ENVIRONMENT) as world, world.supervised():
        log, began = Log(), time.monotonic()
        monkey = Monkey(world, random.Random(seed), every=SECONDS_BETWEEN_KILLS)
        with at_work([Judge(world.stack.bpa.url, log, world.person(login)) for login in EXPERTS]):
            send_under_fire(world, log, monkey, inspections=inspections, kills=kills, seed=seed)
            fired = time.monotonic() - began
            ledger.settle(world, log)
        balance = ledger.check(world, log)
        _report(world, log, monkey, balance, fired=fired, whole=time.monotonic() - began)
        return balance


def send_under_fire(
    world: World, log: Log, monkey: Monkey, *, inspections: int, kills: int, seed: int
) -> None:
    """Send so many inspections at least, and go on until so many kills were done."""
    url, partner = world.stack.cabinet.url, world.partner.url
    buyers = [
        Buyer(url, log, random.Random(f"{seed} {number}"), companys_server=partner)
        for number in range(BUYERS)
    ]
    enough = threading.Event()

    def keep_sending(buyer: Buyer) -> None:
        while not (enough.is_set() and len(log.sent) >= inspections):
            buyer.send()

    def over() -> bool:
        done = len(log.sent) >= inspections and monkey.kills.total() >= kills
        return done or any(one.done() for one in sending)

    with ThreadPoolExecutor(BUYERS) as threads:
        sending = [threads.submit(keep_sending, buyer) for buyer in buyers]
        try:
            monkey.rage(over)
        finally:
            enough.set()
    for one in sending:
        one.result()


def _report(world: World, log: Log, monkey: Monkey, balance: Balance, *, fired: float, whole: float) -> None:
    print(f"\n{world.bus}: {balance.inspections} inspections, {balance.photos} photos acknowledged")
    print(f"  {monkey.kills.total()} kills in {fired:.0f} s; at rest and checked after {whole:.0f} s")
    for name, count in sorted(monkey.kills.items()):
        print(f"    {count:4} {name}")
    print(f"  requests that had to be repeated: {dict(log.retries)}")
    print(f"  messages that took effect: {balance.events}, and dropped as duplicates: {balance.duplicates}")
    print(f"  overdue, each with its alarm: {balance.overdue}; files without a row, swept: {balance.swept}")
    print(f"  {balance.lines} equations of the ledger, {len(balance.faults)} faults")
    for fault in balance.faults:
        print(f"    {fault}")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
