"""What experts are told about, whom it concerns, and how much it hurries."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from service_kit.notifying.rules import Urgency
from service_kit.notifying.trying import TEST


class NotificationKind(StrEnum):
    """One word for each thing that is worth a message; `texts` has the words for it."""

    NEW_CASE = "new_case"
    BACK_IN_QUEUE = "back_in_queue"
    UNCLAIMED = "unclaimed"
    DISPUTE = "dispute"
    CLIENT_WROTE = "client_wrote"
    CLIENT_REPLIED = "client_replied"
    SECOND_OPINION_ASKED = "second_opinion_asked"
    SECOND_OPINION_GIVEN = "second_opinion_given"
    HANDED_OVER = "handed_over"
    TIED = "tied"
    AT_RISK = "at_risk"
    BREACHED = "breached"
    TEST = TEST
    """Only to see whether it comes; it is no news, and about nothing."""


NEWS_KINDS: Final = tuple(kind for kind in NotificationKind if kind is not NotificationKind.TEST)
"""What one is told of, and may choose how."""


class Audience(StrEnum):
    """Whom news concern. Whoever brought them about is not told of them."""

    HOLDER = "holder"
    TAKERS = "takers"
    """Experts and seniors on shift who have nothing in hand; of disputes seniors alone, but not the author of the
    answer.
    """
    SENIORS = "seniors"
    """Those on shift; of disputes not the author of the answer."""
    LEADS = "leads"
    """Shift leads, who take no cases and so start no shifts."""
    LEADS_ALONE = "leads_alone"
    """They, where no senior is left who may answer the dispute: nobody else would ever hear of it."""


class News(NamedTuple):
    kind: NotificationKind
    audiences: tuple[Audience, ...]


_HOLDER: Final = (Audience.HOLDER,)
_TAKERS: Final = (Audience.TAKERS,)

NEWS: Final[Mapping[str, News]] = {
    "case.opened": News(NotificationKind.NEW_CASE, _TAKERS),
    "case.released": News(NotificationKind.BACK_IN_QUEUE, _TAKERS),
    "case.lease_lost": News(NotificationKind.BACK_IN_QUEUE, _TAKERS),
    "case.claim_late": News(NotificationKind.UNCLAIMED, (Audience.TAKERS, Audience.LEADS)),
    "case.dispute_opened": News(NotificationKind.DISPUTE, (Audience.SENIORS, Audience.LEADS_ALONE)),
    "case.message_received": News(NotificationKind.CLIENT_WROTE, _HOLDER),
    "case.info_task_fulfilled": News(NotificationKind.CLIENT_REPLIED, _HOLDER),
    "case.info_task_declined": News(NotificationKind.CLIENT_REPLIED, _HOLDER),
    "case.second_opinion_asked": News(NotificationKind.SECOND_OPINION_ASKED, (Audience.SENIORS,)),
    "case.second_opinion_given": News(NotificationKind.SECOND_OPINION_GIVEN, _HOLDER),
    "case.reassigned": News(NotificationKind.HANDED_OVER, _HOLDER),
    "case.tied": News(NotificationKind.TIED, _HOLDER),
    "sla.at_risk_50": News(NotificationKind.AT_RISK, _HOLDER),
    "sla.at_risk_75": News(NotificationKind.AT_RISK, (Audience.HOLDER, Audience.LEADS)),
    "sla.at_risk_90": News(NotificationKind.AT_RISK, (Audience.HOLDER, Audience.LEADS, Audience.TAKERS)),
    "sla.breached": News(NotificationKind.BREACHED, (Audience.HOLDER, Audience.LEADS)),
}
"""By the kind of the live hint, which says most exactly what happened."""

UNTIL_CLAIMED: Final = (
    NotificationKind.NEW_CASE,
    NotificationKind.BACK_IN_QUEUE,
    NotificationKind.UNCLAIMED,
    NotificationKind.DISPUTE,
)
"""Of these nobody need hear any more once somebody has the case."""

_SOON: Final = Urgency(seen_within=timedelta(seconds=45), breaks_quiet=True)
# Where many cases come at once, or many are late, nobody reads of each.
_TOGETHER: Final = timedelta(minutes=1)
_MANY_SOON: Final = replace(_SOON, gathered_within=_TOGETHER)

URGENCY: Final[Mapping[str, Urgency]] = {
    NotificationKind.NEW_CASE: Urgency(gathered_within=_TOGETHER),
    NotificationKind.BACK_IN_QUEUE: Urgency(gathered_within=_TOGETHER),
    NotificationKind.UNCLAIMED: _MANY_SOON,
    NotificationKind.DISPUTE: Urgency(),
    NotificationKind.CLIENT_WROTE: Urgency(
        seen_within=timedelta(minutes=2), breaks_quiet=True, at_most_every=timedelta(minutes=1)
    ),
    NotificationKind.CLIENT_REPLIED: _SOON,
    NotificationKind.SECOND_OPINION_ASKED: _SOON,
    NotificationKind.SECOND_OPINION_GIVEN: _SOON,
    NotificationKind.HANDED_OVER: _SOON,
    NotificationKind.TIED: Urgency(),
    NotificationKind.AT_RISK: _MANY_SOON,
    NotificationKind.BREACHED: _MANY_SOON,
    NotificationKind.TEST: Urgency(breaks_quiet=True),
}
