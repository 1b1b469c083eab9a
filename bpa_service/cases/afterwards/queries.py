"""Reads of what clients said of their answers: of one case, and counted over many."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from bpa_service.cases.afterwards.models import Outcome, Rating
from bpa_service.cases.deciding import queries as deciding
from service_kit.db import ReadSession
from shared_schemas.words import AnswerProved, Deal, Verdict


async def ratings_of(session: ReadSession, case_id: UUID) -> Sequence[Rating]:
    """What the client thinks of each version of the answer, the first one first."""
    wanted = select(Rating).where(Rating.case_id == case_id).order_by(Rating.decision_version)
    return (await session.scalars(wanted)).all()


async def outcome_of(session: ReadSession, case_id: UUID) -> Outcome | None:
    """What came of it, if the client said so."""
    return await session.scalar(select(Outcome).where(Outcome.case_id == case_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many ratings there are of each number of stars, how many deals came to what, and of each verdict how
    many answers proved to be what.
    """

    stars: Mapping[int, int]
    deals: Mapping[Deal, int]
    proved: Mapping[tuple[Verdict, AnswerProved], int]


async def counted(session: ReadSession, since: datetime) -> Counts:
    """What was said since then."""
    rated = select(Rating.stars, func.count()).where(Rating.rated_at >= since).group_by(Rating.stars)
    came = select(Outcome.deal, func.count()).where(Outcome.reported_at >= since).group_by(Outcome.deal)
    verdict = deciding.verdict_of(Outcome.case_id.expression, Outcome.decision_version.expression)
    proved = select(verdict, Outcome.proved).where(Outcome.reported_at >= since)
    pairs = ((row[0], row[1]) for row in await session.execute(proved))
    return Counts(
        stars={row[0]: row[1] for row in await session.execute(rated)},
        deals={row[0]: row[1] for row in await session.execute(came)},
        proved=Counter((Verdict(one), other) for one, other in pairs if one is not None),
    )
