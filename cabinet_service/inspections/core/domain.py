"""The rules of an inspection: who may do what in which state, and what a draft lacks. Pure, and data first."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared_schemas.crossings import LAST_WORDS, REPORTS
from shared_schemas.words import IdentifierKind, InspectionState, Shot

S = InspectionState


class Act(StrEnum):
    """What a client does with an inspection."""

    CHANGE = "change"
    ADD_PHOTO = "add_photo"
    REMOVE_PHOTO = "remove_photo"
    SUBMIT = "submit"
    POST_MESSAGE = "post_message"
    ANSWER_TASK = "answer_task"
    CANCEL = "cancel"
    DISPUTE = "dispute"
    CLOSE = "close"


AT_THE_CAR: Final = (S.DRAFT, S.WAITING_CLIENT)
"""Where somebody has to photograph the car, or to answer."""
OVER: Final = frozenset({S.CLOSED, S.CANCELLED, S.UNPROCESSABLE, S.EXPIRED})
_WITH_EXPERTS: Final = frozenset({S.QUEUED, S.IN_WORK, S.WAITING_CLIENT, S.SECOND_OPINION})


def _staying(*states: InspectionState) -> dict[InspectionState, InspectionState]:
    return {state: state for state in states}


def _to(target: InspectionState, *states: InspectionState) -> dict[InspectionState, InspectionState]:
    return dict.fromkeys(states, target)


ACTS: Final[Mapping[Act, Mapping[InspectionState, InspectionState]]] = {
    Act.CHANGE: _staying(S.DRAFT),
    Act.REMOVE_PHOTO: _staying(S.DRAFT),
    Act.ADD_PHOTO: _staying(S.DRAFT, S.SUBMITTED, *_WITH_EXPERTS, S.ANSWERED, S.DISPUTED),
    Act.SUBMIT: _to(S.SUBMITTED, S.DRAFT),
    Act.POST_MESSAGE: _staying(S.SUBMITTED, *_WITH_EXPERTS, S.ANSWERED, S.DISPUTED),
    Act.ANSWER_TASK: _staying(S.SUBMITTED, *_WITH_EXPERTS, S.ANSWERED, S.DISPUTED),
    Act.CANCEL: _to(S.CANCELLED, S.DRAFT, S.SUBMITTED, *_WITH_EXPERTS) | _to(S.ANSWERED, S.DISPUTED),
    Act.DISPUTE: _to(S.DISPUTED, S.ANSWERED),
    Act.CLOSE: _to(S.CLOSED, S.ANSWERED),
}
"""For each act the states in which it is allowed, and the state that each leads to."""

TAKING_BACK: Final = _to(S.ANSWERED, S.DISPUTED, S.WAITING_CLIENT, S.SECOND_OPINION)
"""Who cancels when there is an answer takes the dispute back: the answer stands again."""


LOOKED_BACK_IN: Final = frozenset({S.ANSWERED, S.DISPUTED, S.CLOSED})
"""Where a client may say what they think of the answer and what came of it. It moves nothing, so it is no act."""


class ActRefused(Exception):
    """The client may not do this now."""

    def __init__(self, act: Act, state: InspectionState) -> None:
        super().__init__(f"{act} of an inspection that is {state}")
        self.act = act
        self.state = state


class ImpossibleReport(Exception):
    """The experts' side reports what cannot be: the two sides do not know the same of this inspection."""


def after_act(state: InspectionState, act: Act, *, answered: bool = False) -> InspectionState:
    """The state that `act` leads to; `answered` says that an answer has reached the client. Raises ActRefused."""
    leads_to = TAKING_BACK if act is Act.CANCEL and answered else ACTS[act]
    try:
        return leads_to[state]
    except KeyError:
        raise ActRefused(act, state) from None


def after_report(state: InspectionState, reported: InspectionState) -> InspectionState:
    """The state after the experts' side reported `reported`. Raises ImpossibleReport.

    A report that was under way when the client cancelled or closed reopens nothing.
    """
    if state in LAST_WORDS:
        return state
    if reported not in REPORTS.get(state, ()):
        raise ImpossibleReport(f"{reported} after {state}")
    return reported


class Kind(StrEnum):
    """What an entry of the timeline tells. Changes of a draft are not told: an app may save at every letter."""

    CREATED = "created"
    PHOTO_ADDED = "photo_added"
    PHOTO_REMOVED = "photo_removed"
    SUBMITTED = "submitted"
    MESSAGE_POSTED = "message_posted"
    INFO_TASK_FULFILLED = "info_task_fulfilled"
    INFO_TASK_DECLINED = "info_task_declined"
    CANCELLED = "cancelled"
    DISPUTE_OPENED = "dispute_opened"
    CLOSED = "closed"
    EXPIRED = "expired"

    QUEUED = "queued"
    CLAIMED = "claimed"
    RELEASED = "released"
    UNPROCESSABLE = "unprocessable"
    SECOND_OPINION_REQUESTED = "second_opinion_requested"
    SECOND_OPINION_GIVEN = "second_opinion_given"
    INFO_TASK_CREATED = "info_task_created"
    INFO_TASK_WITHDRAWN = "info_task_withdrawn"
    CLOCK_PAUSED = "clock_paused"
    CLOCK_RESUMED = "clock_resumed"
    SLA_AT_RISK = "sla_at_risk"
    SLA_BREACHED = "sla_breached"
    DECISION_PRELIMINARY = "decision_preliminary"
    DECISION_ISSUED = "decision_issued"
    DECISION_AMENDED = "decision_amended"


class TaskState(StrEnum):
    """What became of an info task. One that is still open when the inspection ends counts as withdrawn."""

    OPEN = "open"
    FULFILLED = "fulfilled"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Role(StrEnum):
    """Who did something."""

    CLIENT = "client"
    EXPERT = "expert"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something, and what they are called where that is known."""

    role: Role
    id: UUID | None = None
    name: str | None = None


SYSTEM: Final = Actor(Role.SYSTEM)


class Missing(StrEnum):
    """What keeps a draft from being submitted."""

    IDENTIFIER = "identifier"
    IDENTIFIER_WITHOUT_ERRORS = "identifier_without_errors"
    VIN_PLACE_PHOTO = "vin_place_photo"


# A photo of one of these places is what an expert cannot start without.
VIN_PLACES: Final = frozenset({Shot.VIN_STAMPED, Shot.VIN_PLATE, Shot.WINDSHIELD_VIN, Shot.DOOR_STICKER})

# What is asked for beside these, in the order in which one walks around a car.
SUGGESTED: Final = (
    Shot.FRONT,
    Shot.REAR,
    Shot.ENGINE_NUMBER,
    Shot.GLASS_MARKS,
    Shot.SEAT_BELT_TAG,
    Shot.ODOMETER,
    Shot.DOCUMENTS,
)


def vin_places_of(kind: IdentifierKind) -> tuple[Shot, ...]:
    """The places of the number, of which one has to be photographed, the most telling first."""
    places = (Shot.VIN_STAMPED, Shot.VIN_PLATE, Shot.DOOR_STICKER, Shot.WINDSHIELD_VIN)
    # Cars with a frame number carry none behind the windshield.
    return places[:-1] if kind is IdentifierKind.FRAME else places


@dataclass(frozen=True, slots=True)
class Draft:
    """What counts towards completeness. `shots` are those of photos that can be looked at."""

    has_identifier: bool
    identifier_ok: bool
    shots: Collection[Shot]


def missing(draft: Draft) -> tuple[Missing, ...]:
    """What the client still has to give, in the order in which the form asks for it; empty when complete."""
    found: list[Missing] = []
    if not draft.has_identifier:
        found.append(Missing.IDENTIFIER)
    elif not draft.identifier_ok:
        found.append(Missing.IDENTIFIER_WITHOUT_ERRORS)
    if VIN_PLACES.isdisjoint(draft.shots):
        found.append(Missing.VIN_PLACE_PHOTO)
    return tuple(found)


def is_done(*, shot: Shot | None, photos: int, answer: str | None) -> bool:
    """Whether an info task is done by this: a photo if a shot was asked for, else words or a photo."""
    return photos > 0 or (shot is None and bool(answer))
