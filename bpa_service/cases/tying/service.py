"""Tying two cases, and letting them go."""

from uuid import UUID

from sqlalchemy import delete, or_

from bpa_service.cases.core.acting import Acting, ExpertActing
from bpa_service.cases.core.domain import Act
from bpa_service.cases.core.models import Case
from bpa_service.cases.tying import queries
from bpa_service.cases.tying.errors import TiedToItself, TooManyTies
from bpa_service.cases.tying.models import TiedCase


async def tie(acting: ExpertActing, case_id: UUID, other_id: UUID) -> TiedCase:
    """Tie two open cases of one car. Of two that are tied it changes nothing, and says who tied them.

    Nothing goes from one to the other: each client sees their own inspection alone.
    Raises TiedToItself, NotFound, CaseErased, TooManyTies, or the problem that keeps either from being tied.
    """
    pair = await _both(acting, case_id, other_id, Act.TIE)
    found = await acting.session.get(TiedCase, (case_id, other_id))
    if found is not None:
        return found
    for case in pair:
        if await queries.count(acting.session, case.id) >= queries.MOST:
            raise TooManyTies(most=queries.MOST)
    ties = [
        TiedCase(case_id=one, other_id=other, tied_by=acting.by.id, tied_at=acting.now)
        for one, other in ((case_id, other_id), (other_id, case_id))
    ]
    acting.session.add_all(ties)
    _record(acting, pair, "case_tied")
    return ties[0]


async def untie(acting: ExpertActing, case_id: UUID, other_id: UUID) -> None:
    """Let them go, however they stand. Of two that are not tied it changes nothing.

    Raises TiedToItself, NotFound or CaseErased.
    """
    pair = await _both(acting, case_id, other_id, Act.UNTIE)
    found = await acting.session.get(TiedCase, (case_id, other_id))
    if found is None:
        return
    back = await acting.session.get_one(TiedCase, (other_id, case_id))
    for one in (found, back):
        acting.session.delete(one)
    _record(acting, pair, "case_untied")


async def forget(acting: Acting, case: Case) -> None:
    """Let a case, which is locked, be tied to none: it is erased."""
    ties = or_(TiedCase.case_id == case.id, TiedCase.other_id == case.id)
    await acting.session.execute(delete(TiedCase).where(ties))


async def _both(acting: ExpertActing, case_id: UUID, other_id: UUID, act: Act) -> tuple[Case, Case]:
    """Both cases, locked and judged: always in the order of their ids, so that nobody waits in a circle."""
    if case_id == other_id:
        raise TiedToItself
    first, second = sorted((case_id, other_id))
    return await acting.on(first, act), await acting.on(second, act)


def _record(acting: ExpertActing, pair: tuple[Case, Case], act: str) -> None:
    for case, other in (pair, pair[::-1]):
        acting.record(case, act, other_case_id=other.id)
