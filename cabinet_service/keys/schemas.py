"""Keys as the company's admins see them."""

from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Final
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from cabinet_service.accounts.domain import KeyScope
from cabinet_service.accounts.models import ApiKey
from service_kit.api_keys import MOST_NETWORKS, NAME_CHARACTERS, KeyForm
from service_kit.http.schemas import ApiInput, ApiOutput

MOST_DAYS: Final = 730
USUAL_DAYS: Final = 365

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_CHARACTERS)]


def _each_once(scopes: list[KeyScope]) -> list[KeyScope]:
    return sorted(set(scopes), key=list(KeyScope).index)


def _network(value: str) -> str:
    try:
        network = ip_network(value.strip())
    except ValueError as error:
        raise ValueError(f"no address and no network: {error}") from None
    if isinstance(network, IPv6Network) and (mapped := network.network_address.ipv4_mapped):
        raise ValueError(f"write it as IPv4: {IPv4Network(mapped)}")
    return str(network)


Network = Annotated[str, StringConstraints(max_length=64), AfterValidator(_network)]


class ApiKeyIn(ApiInput):
    """`networks` are addresses or CIDR such as 203.0.113.0/24; without any it works from everywhere.

    With `branch_id` it orders and sees what that branch does; without, what the whole company does.
    """

    name: Name
    scopes: Annotated[list[KeyScope], Field(min_length=1, max_length=50), AfterValidator(_each_once)]
    branch_id: UUID | None = None
    networks: Annotated[tuple[Network, ...], Field(max_length=MOST_NETWORKS)] = ()
    days: int = Field(default=USUAL_DAYS, ge=1, le=MOST_DAYS, description="For how many days it works.")


class ApiKeyState(StrEnum):
    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"


class ApiKeyOut(ApiOutput):
    """A key of a company. `client_id` is what it begins with, and no secret.

    Keys of one `program_id` follow each other. `last_used_at` is right to an hour; `made_by` is null of whoever
    had their data erased.
    """

    id: UUID
    program_id: UUID
    name: str
    client_id: str
    state: ApiKeyState
    scopes: list[KeyScope]
    branch_id: UUID | None
    networks: list[str]
    made_by: str | None
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, key: ApiKey, form: KeyForm, *, now: datetime) -> "ApiKeyOut":
        return cls(
            id=key.id,
            program_id=key.holder_id,
            name=key.name,
            client_id=form.shown(key.public_id),
            state=_state(key, now),
            scopes=[KeyScope(one) for one in key.scopes],
            branch_id=key.branch_id,
            networks=key.networks,
            made_by=key.made_by_name,
            created_at=key.created_at,
            expires_at=key.expires_at,
            last_used_at=key.last_used_at,
            revoked_at=key.revoked_at,
        )


class NewApiKeyOut(ApiOutput):
    """`key` is shown in this answer and never again: null where the same request is repeated."""

    api_key: ApiKeyOut
    key: str | None


def _state(key: ApiKey, now: datetime) -> ApiKeyState:
    if key.revoked_at is not None:
        return ApiKeyState.REVOKED
    return ApiKeyState.LIVE if now < key.expires_at else ApiKeyState.EXPIRED
