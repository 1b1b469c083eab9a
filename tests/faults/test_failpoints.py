"""Processes killed at each point where durability hands over: one effect, and the same id for the same key."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

from deploy.demo.people import wait_for
from service_kit.failpoints import Point
from tests.faults import ledger
from tests.faults.chaos import Gauntlet, points_about
from tests.faults.traffic import PAUSE, Buyer, Judge, Log, at_work
from tests.faults.world import World

PATIENCE = 600.0
# More of them in hand would pass no other points, and take the time that processes need to start.
MOST_OPEN = 4
MOST_WAITING = 40
WAITING = """
    SELECT (SELECT count(*) FROM queued_messages)
         + (SELECT count(*) FROM report_files WHERE due_at IS NOT NULL)
"""


def test_a_kill_at_any_point_loses_and_doubles_nothing(world: World, log: Log, judges: list[Judge]) -> None:
    url, partner = world.stack.cabinet.url, world.partner.url
    buyers = [Buyer(url, log, random.Random(number), companys_server=partner) for number in range(2)]
    through = threading.Event()
    points = points_about(world.bus)

    def keep_sending(buyer: Buyer) -> None:
        while not through.wait(PAUSE):
            [waiting] = ledger.rows(world, "cabinet", WAITING)
            if waiting < MOST_WAITING and len(log.sent) - len(log.decided) < MOST_OPEN:
                buyer.send()

    with at_work(judges):
        gauntlet = Gauntlet(world, points)
        with ThreadPoolExecutor(len(buyers)) as threads:
            sending = [threads.submit(keep_sending, buyer) for buyer in buyers]
            try:
                wait_for(lambda: gauntlet.step() or None, "a death at each point", PATIENCE)
            except TimeoutError as error:
                raise AssertionError(f"alive at {gauntlet.left()}") from error
            finally:
                through.set()
        for one in sending:
            one.result()
        ledger.settle(world, log)
    balance = ledger.check(world, log)
    assert balance.faults == []
    assert set(gauntlet.died_at) == {point for of_it in points.values() for point in of_it}
    if world.bus == "http":
        assert set(gauntlet.died_at) == set(Point)
    assert balance.duplicates > 0, "what is delivered again has to come, and to be dropped"
    if Point.FILE_KEPT in gauntlet.died_at:
        assert balance.swept > 0, "an upload that was killed leaves a file, and the sweep takes it"
