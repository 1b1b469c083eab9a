"""What follows from what PostgreSQL notes of the connections of the processes."""

from typing import Any, cast

import pytest

from service_kit.db import ReadSession
from service_kit.process_signs import Sign, signed, signs


class Noted:
    """Connections of processes, each silent for so long; None where that is not noted."""

    def __init__(self, silences: dict[str, float | None]) -> None:
        self._silences = silences

    async def fetch(self, _statement: str) -> list[dict[str, Any]]:
        return [
            {"name": f"autodetective {name}", "is_noted": silent is not None, "silent": silent}
            for name, silent in self._silences.items()
        ]


@pytest.mark.parametrize(
    ("silences", "relay", "worker"),
    [
        ({}, Sign(False, None), Sign(False, None)),
        ({"relay": 7.0}, Sign(True, 7), Sign(False, None)),
        ({"relay": None}, Sign(True, None), Sign(False, None)),
        ({"background": 9.0}, Sign(True, 9), Sign(True, 9)),
        ({"background": 9.0, "relay": 7.0}, Sign(True, 7), Sign(True, 9)),
        ({"background": None, "relay": 7.0}, Sign(True, 7), Sign(True, None)),
        # The two clocks that are compared are read one after the other.
        ({"relay": -0.001}, Sign(True, 0), Sign(False, None)),
        ({"api": 1.0, "listener": 1.0}, Sign(False, None), Sign(False, None)),
    ],
)
async def test_one_of_each_kind_is_enough(
    silences: dict[str, float | None], relay: Sign, worker: Sign
) -> None:
    found = await signs(cast("ReadSession", Noted(silences)))
    assert list(found) == ["relay", "consumer", "worker"]
    assert (found["relay"], found["worker"]) == (relay, worker)


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("postgresql://u@h/d", "postgresql://u@h/d?application_name=autodetective+relay"),
        ("postgresql://u@h/d?ssl=on", "postgresql://u@h/d?ssl=on&application_name=autodetective+relay"),
    ],
)
def test_the_address_says_which_process_it_is(address: str, named: str) -> None:
    assert signed(address, "relay") == named
