"""The port of a bot: what answering and fetching need of a messenger's API."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from service_kit.chats.saying import Saying

Menu = Mapping[str, Sequence[tuple[str, str]]]
"""Commands and what they do, by language; the empty one is for all others."""


class Bot(Protocol):
    """One bot. What it is asked raises what `Channel.send` does."""

    async def answer(self, chat_id: int, saying: Saying) -> None:
        """Say it there: in place of the message that it edits, as the answer to the press that it answers."""
        ...

    async def updates(self, after: int | None) -> tuple[Sequence[dict[str, Any]], int | None]:
        """What came after that, as soon as there is something, and after what to ask next.

        None asks for whatever the messenger still has. Asked for what comes after, it forgets what came before.
        """
        ...

    async def come_by_webhook(self, url: str, *, secret: str) -> None:
        """Have updates brought to the address and nowhere else."""
        ...

    async def come_by_polling(self) -> None:
        """Have them wait until they are fetched."""
        ...


class BotWithMenu(Protocol):
    """One whose messenger shows commands in a menu, in each language."""

    async def offer(self, menu: Menu) -> None:
        """What the menu shows."""
        ...
