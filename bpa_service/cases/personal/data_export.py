"""What bpa holds of a client, as they may take it along: their own words, and what was asked of them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from bpa_service.cases.afterwards import queries as afterwards
from bpa_service.cases.asking import queries as asking
from bpa_service.cases.core.models import Case
from bpa_service.cases.disputes import queries as disputes
from bpa_service.cases.talking import queries as talking
from bpa_service.evidence import queries as evidence
from service_kit.db import ReadSession
from service_kit.paging import Page
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.evidence import AnsweredShot
from shared_schemas.rest.clients import (
    ClientCase,
    ClientDispute,
    ClientMessage,
    ClientOutcome,
    ClientRating,
    ClientTask,
)


async def cases(session: ReadSession, account_id: UUID, page: Page) -> Sequence[Case]:
    """One more than a page of the cases that the client ordered for themselves, in the order of their ids."""
    statement = select(Case).where(
        Case.client["account_id"].astext == str(account_id), Case.client["company_id"].astext.is_(None)
    )
    if page.after is not None:
        statement = statement.where(Case.id > page.after[0])
    return (await session.scalars(statement.order_by(Case.id).limit(page.limit + 1))).all()


async def views(session: ReadSession, rows: Sequence[Case]) -> tuple[ClientCase, ...]:
    return tuple([await _view(session, row) for row in rows])


async def _view(session: ReadSession, case: Case) -> ClientCase:
    said = await talking.all_messages(session, case.id)
    asked = await asking.of_case(session, case.id)
    disputed = await disputes.of_case(session, case.id)
    ratings = await afterwards.ratings_of(session, case.id)
    outcome = await afterwards.outcome_of(session, case.id)
    return ClientCase(
        inspection_id=case.id,
        number=case.number,
        state=case.state,
        claim=VehicleClaim.model_validate(case.claim),
        worry=case.worry,
        submitted_at=case.submitted_at,
        opened_at=case.opened_at,
        ended_at=case.ended_at,
        evidence=tuple(await evidence.of_case(session, case.id)),
        messages=tuple(
            ClientMessage(side=row.side.value, text=row.text, posted_at=row.posted_at) for row in said
        ),
        info_tasks=tuple(
            ClientTask(
                question=row.question,
                asked_at=row.asked_at,
                answer=row.answer,
                decline_reason=row.decline_reason,
                decline_note=row.decline_note,
                ended_at=row.ended_at,
                decline_detail=row.decline_detail,
            )
            for row in asked
        ),
        disputes=tuple(ClientDispute(reason=row.reason, opened_at=row.opened_at) for row in disputed),
        shot_answers=tuple(AnsweredShot.model_validate(one) for one in case.shot_answers),
        ratings=tuple(
            ClientRating(
                decision_version=row.decision_version, stars=row.stars, words=row.words, rated_at=row.rated_at
            )
            for row in ratings
        ),
        outcome=outcome
        and ClientOutcome(
            decision_version=outcome.decision_version,
            deal=outcome.deal,
            proved=outcome.proved,
            words=outcome.words,
            reported_at=outcome.reported_at,
        ),
    )
