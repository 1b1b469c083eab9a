"""The questions that experts keep for themselves, and those that they share."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from bpa_service.cases.core import queries as cases
from bpa_service.cases.core.schemas import ref
from bpa_service.experts.dependencies import CurrentExpert
from bpa_service.search.schemas import (
    KeptQuestion,
    SearchViewIn,
    SearchViewList,
    SearchViewOut,
    ViewName,
)
from bpa_service.search.views import queries, service
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.route import CheckedRoute, refuse_forbidden_text

router = APIRouter(prefix="/api/v1/search/views", route_class=CheckedRoute, tags=["search"])

Owner = Annotated[
    UUID | None,
    Query(description="Whose view; one's own where nothing is said. A shift lead may name others."),
]


@router.get("")
async def list_search_views(expert: CurrentExpert, session: Reading) -> SearchViewList:
    """One's own, by name, then those that others share."""
    views = await queries.seen_by(session, expert.id)
    names = await cases.names(session, {view.expert_id for view in views})
    return SearchViewList(
        items=[
            SearchViewOut(
                name=view.name,
                query=KeptQuestion.model_validate(view.query),
                shared=view.shared,
                owner=ref(view.expert_id, names),
                may_change=service.may_change(view, expert),
                saved_at=view.saved_at,
            )
            for view in views
        ]
    )


@router.put("", status_code=HTTPStatus.NO_CONTENT)
async def keep_search_view(
    body: SearchViewIn, expert: CurrentExpert, session: WriteSession, now: Now, owner: Owner = None
) -> None:
    """Keep a question in place of the one of its name: the last write of a name counts.

    What somebody else shares may be changed by a shift lead or an administrator, and stays shared.
    """
    await service.keep(session, body, owner=owner or expert.id, by=expert, now=now)


@router.delete("", status_code=HTTPStatus.NO_CONTENT)
async def drop_search_view(
    name: ViewName, expert: CurrentExpert, session: WriteSession, now: Now, owner: Owner = None
) -> None:
    """Keep a question no longer."""
    refuse_forbidden_text(name)
    await service.drop(session, name, owner=owner or expert.id, by=expert, now=now)
