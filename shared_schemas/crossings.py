"""What becomes of an inspection when both sides act at once: decided here, once, for both.

Each side acts on what it knows and tells the other by events, which come in order but late; so they meet acts
that were under way. Four rules lead both sides to the same state, whatever crosses:

- A client's last word (`LAST_WORDS`) ends the inspection on both sides, wherever the experts have got meanwhile.
- Everything else is as the experts' side reports it: it hears what the client did (`HEARD`) and reports each
  state that it comes to; the client's side takes every report that is made of a state it can be in (`REPORTS`).
- An answer that was given stands: who gives up on a dispute, or waits in vain for a reply in it, ends the dispute
  only, and reports `answered`. Older versions ended the whole case; what they report is still taken.
- What was said on the way (an answer, a dispute's reason, a question) stays on record on both sides.

Tests of both services walk through this table, and a walk over both with arbitrary delays always ends equal.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from shared_schemas.words import InspectionState

S = InspectionState


class ClientAct(StrEnum):
    """What a client does that moves an inspection which the experts have."""

    CANCEL = "cancel"
    DISPUTE = "dispute"
    TAKE_BACK = "take_back"
    CLOSE = "close"


LAST_WORDS: Final = frozenset({S.CANCELLED, S.CLOSED})
"""The client's own ends: whoever said one hears no more of it, and no report changes it."""

_IN_WORK: Final = frozenset({S.QUEUED, S.IN_WORK, S.WAITING_CLIENT, S.SECOND_OPINION})
_IN_DISPUTE: Final = frozenset({S.DISPUTED, S.WAITING_CLIENT, S.SECOND_OPINION})
_GIVEN_UP: Final = frozenset({S.UNPROCESSABLE, S.EXPIRED})


def _to(target: S, *states: S) -> dict[S, S]:
    return dict.fromkeys(states, target)


HEARD: Final[Mapping[ClientAct, Mapping[S, S]]] = {
    # Of an answer that crossed it the client knew nothing: it stays on record, and they wanted none.
    ClientAct.CANCEL: _to(S.CANCELLED, *_IN_WORK, S.DISPUTED, S.ANSWERED, *_GIVEN_UP),
    # One that crossed an amendment is about the version before, and is looked at all the same. One that meets
    # another dispute joins it.
    ClientAct.DISPUTE: _to(S.DISPUTED, S.ANSWERED),
    # The last answer stands again, even if experts of an older version had ended more than the dispute meanwhile.
    ClientAct.TAKE_BACK: _to(S.ANSWERED, *_IN_DISPUTE, *_GIVEN_UP),
    # Who closes has seen an answer. A dispute of theirs that is looked at meanwhile crossed it: it is settled.
    ClientAct.CLOSE: _to(S.CLOSED, S.ANSWERED, *_IN_DISPUTE, *_GIVEN_UP),
}
"""What the experts' side comes to when it hears of an act. In a state that is not named it stays as it is."""

_BY_EXPERTS: Final = _IN_WORK | {S.ANSWERED} | _GIVEN_UP

REPORTS: Final[Mapping[S, frozenset[S]]] = {
    S.SUBMITTED: frozenset({S.QUEUED}),
    S.QUEUED: _BY_EXPERTS,
    S.IN_WORK: _BY_EXPERTS,
    S.WAITING_CLIENT: _BY_EXPERTS | {S.DISPUTED},
    S.SECOND_OPINION: _BY_EXPERTS | {S.DISPUTED},
    S.ANSWERED: frozenset({S.ANSWERED, *_IN_DISPUTE, *_GIVEN_UP}),
    S.DISPUTED: frozenset({S.ANSWERED, *_IN_DISPUTE, *_GIVEN_UP}),
    S.UNPROCESSABLE: frozenset({S.ANSWERED}),
    S.EXPIRED: frozenset({S.ANSWERED}),
}
"""For each state of the client's side the states that may be reported next, reports that crossed an act included.
Of drafts the experts know nothing, and what is reported after a last word changes it no more."""


def after_hearing(state: S, act: ClientAct) -> S:
    """The state of the experts' side after it heard of the client's act."""
    return HEARD[act].get(state, state)
