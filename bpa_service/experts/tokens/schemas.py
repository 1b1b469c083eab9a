"""Personal tokens as the API speaks of them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from bpa_service.experts.tokens.domain import MOST_DAYS, USUAL_DAYS, TokenScope
from bpa_service.experts.tokens.models import ExpertToken
from service_kit.api_keys import NAME_CHARACTERS, KeyForm
from service_kit.http.schemas import ApiInput, ApiOutput


def _each_once(scopes: list[TokenScope]) -> list[TokenScope]:
    return sorted(set(scopes), key=list(TokenScope).index)


class ExpertTokenIn(ApiInput):
    """`name` says which tool works with it."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_CHARACTERS)]
    scopes: Annotated[list[TokenScope], Field(min_length=1, max_length=20), AfterValidator(_each_once)]
    days: int = Field(default=USUAL_DAYS, ge=1, le=MOST_DAYS, description="For how many days it works.")


class ExpertTokenState(StrEnum):
    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"


class ExpertTokenOut(ApiOutput):
    """A token of one's own. `begins` is no secret; `last_used_at` is right to an hour."""

    id: UUID
    name: str
    begins: str
    state: ExpertTokenState
    scopes: list[TokenScope]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, token: ExpertToken, *, form: KeyForm, now: datetime) -> "ExpertTokenOut":
        state = ExpertTokenState.LIVE if now < token.expires_at else ExpertTokenState.EXPIRED
        return cls(
            id=token.id,
            name=token.name,
            begins=form.shown(token.public_id),
            state=state if token.revoked_at is None else ExpertTokenState.REVOKED,
            scopes=[TokenScope(one) for one in token.scopes],
            created_at=token.created_at,
            expires_at=token.expires_at,
            last_used_at=token.last_used_at,
            revoked_at=token.revoked_at,
        )


class NewExpertTokenOut(ApiOutput):
    """`text` is shown in this answer and never again: null where the same request is repeated."""

    token: ExpertTokenOut
    text: str | None
