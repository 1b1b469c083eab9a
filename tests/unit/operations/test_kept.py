"""What many look at is read once in a while."""

import pytest

from bpa_service.operations.figures import Kept


class Engine:
    """Answers, or fails, and counts how often it was asked."""

    def __init__(self, *, fails: bool = False) -> None:
        self.asked = 0
        self._fails = fails

    async def read(self) -> int:
        self.asked += 1
        if self._fails:
            raise ConnectionError(self.asked)
        return self.asked


async def test_what_is_kept_is_not_read_again() -> None:
    engine = Engine()
    kept = Kept(engine.read, seconds=3600)
    assert [await kept.get() for _ in range(3)] == [1, 1, 1]


async def test_what_is_not_kept_is_read_each_time() -> None:
    engine = Engine()
    kept = Kept(engine.read, seconds=0)
    assert [await kept.get() for _ in range(3)] == [1, 2, 3]


async def test_what_failed_is_not_tried_again_at_once() -> None:
    engine = Engine(fails=True)
    kept = Kept(engine.read, seconds=3600)
    for _ in range(3):
        with pytest.raises(ConnectionError):
            await kept.get()
    assert engine.asked == 1
