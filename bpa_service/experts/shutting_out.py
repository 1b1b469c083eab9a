"""Shutting somebody out: their sign-ins and tokens end, and whatever else lets somebody act in their name."""

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from bpa_service.experts.models import sign_ins
from bpa_service.experts.tokens.ending import end_all as end_tokens
from service_kit.db import SYSTEM, Session, enter

End = Callable[[Session, UUID], Awaitable[None]]
_MORE: Final[list[End]] = []


def ends_with_sign_ins(end: End) -> End:
    """A decorator, for what stands above experts: done whenever somebody is shut out, in that transaction."""
    _MORE.append(end)
    return end


async def shut_out(session: Session, person_id: UUID) -> None:
    """Nobody acts as this person any more before they sign in anew.

    From here on the transaction works for the service itself: what is theirs alone, whoever shuts them out does
    not see.
    """
    await enter(session, SYSTEM)
    for end in (sign_ins.end_all, end_tokens, *_MORE):
        await end(session, person_id)
