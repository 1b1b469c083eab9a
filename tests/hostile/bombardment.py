"""Throwing requests at a service and judging every answer."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from random import Random
from typing import Any, Final

from tests.hostile import verdicts
from tests.hostile.attempts import attempt
from tests.hostile.houses import House
from tests.hostile.wire import Answer, Sent

Ask = Callable[[Sent], Awaitable[Answer]]
AT_ONCE: Final = 4
STIR_EVERY: Final = 150
FAULTS_SHOWN: Final = 20


@dataclass
class Tally:
    """What came of it. `faults` are answers that nobody promised, each with its request."""

    statuses: Counter[int] = field(default_factory=Counter[int])
    operations: Counter[str] = field(default_factory=Counter[str])
    answered_well: Counter[str] = field(default_factory=Counter[str])
    codes: Counter[str] = field(default_factory=Counter[str])
    faults: list[str] = field(default_factory=list[str])

    @property
    def total(self) -> int:
        return self.statuses.total()


async def bombard(house: House, ask: Ask, total: int, *, seed: int, over_socket: bool = False) -> Tally:
    """`total` requests over all operations, a few at a time; afterwards the service has to work as before."""
    tally, known = Tally(), verdicts.known_problems()
    all_dice = [Random(f"{seed}/{worker}") for worker in range(AT_ONCE)]

    async def throw(turns: Iterator[int], dice: Random) -> None:
        for turn in turns:
            await _one(house, ask, dice, turn, tally, known, over_socket=over_socket)

    for start in range(0, total, STIR_EVERY):
        await house.stir()
        turns = iter(range(start, min(start + STIR_EVERY, total)))
        async with asyncio.TaskGroup() as workers:
            for dice in all_dice:
                workers.create_task(throw(turns, dice))
    await house.still_works()
    return tally


async def _one(
    house: House,
    ask: Ask,
    dice: Random,
    turn: int,
    tally: Tally,
    known: set[tuple[int, str]],
    *,
    over_socket: bool,
) -> None:
    operations = house.contract.operations
    operation = operations[turn % len(operations)]
    made = attempt(house.contract, operation, house.ids, dice)
    caller = house.caller(operation.path, dice)
    sent = caller.sign(made.sent(dice))
    try:
        answer = await ask(sent)
    except Exception as error:  # noqa: BLE001 - whatever comes out of the application is a fault of it
        answer, fault = Answer(), repr(error)
    else:
        fault = verdicts.fault(made, answer, known, over_socket=over_socket)
    tally.statuses[answer.status] += 1
    tally.operations[operation.name] += 1
    if fault and len(tally.faults) < FAULTS_SHOWN:
        shown = answer.body[:600].decode("utf-8", "replace")
        tally.faults.append(
            f"{fault}, after {made.wrong} to {operation.name}\n{sent}\n-> {answer.status}\n{shown}"
        )
    if answer.status < HTTPStatus.BAD_REQUEST and answer.status:
        tally.answered_well[operation.name] += 1
        if answer.media_type == "application/json":
            house.ids.note(operation.path, _json(answer))
    elif answer.media_type.endswith("json"):
        problem = _json(answer)
        tally.codes[str(problem["code"]) if problem and "code" in problem else "none"] += 1
    signed_out = answer.status == HTTPStatus.UNAUTHORIZED or made.operation.path.endswith("/current")
    if (signed_out or b"account_inactive" in answer.body) and caller.renew is not None:
        await caller.renew()


def _json(answer: Answer) -> Any:
    try:
        return json.loads(answer.body)
    except ValueError:
        return None
