"""Passkeys as the APIs speak of them: the JSON of WebAuthn Level 3, as browsers read and write it themselves."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from service_kit.http.credentials import Carrier
from service_kit.http.schemas import ApiInput, ApiOutput, ShortText
from service_kit.passkeys.tables import PasskeyColumns

Base64Url = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$", max_length=16384)]


class _FromBrowser(BaseModel):
    # Browsers add members as the standard grows; `toJSON()` is sent as it is.
    model_config = ConfigDict(extra="ignore", frozen=True)


class AttestationResponse(_FromBrowser):
    client_data: Base64Url = Field(alias="clientDataJSON")
    attestation_object: Base64Url = Field(alias="attestationObject")


class AssertionResponse(_FromBrowser):
    client_data: Base64Url = Field(alias="clientDataJSON")
    authenticator_data: Base64Url = Field(alias="authenticatorData")
    signature: Base64Url
    user_handle: Base64Url = Field(alias="userHandle")


class CreatedCredential(_FromBrowser):
    """What `navigator.credentials.create()` gave, as its `toJSON()` writes it."""

    id: Base64Url
    raw_id: Base64Url = Field(alias="rawId")
    type: Literal["public-key"]
    response: AttestationResponse


class UsedCredential(_FromBrowser):
    """What `navigator.credentials.get()` gave, as its `toJSON()` writes it."""

    id: Base64Url
    raw_id: Base64Url = Field(alias="rawId")
    type: Literal["public-key"]
    response: AssertionResponse


class PasskeyChallenge(ApiOutput):
    """`public_key` is for `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`."""

    public_key: dict[str, Any]
    expires_at: datetime


class PasskeySignIn(ApiInput):
    credential: UsedCredential
    carrier: Carrier


class NewPasskey(ApiInput):
    """`name` is what its owner will know it by, e.g. the name of the phone."""

    name: ShortText
    credential: CreatedCredential


class PasskeyPatch(ApiInput):
    name: ShortText


class PasskeyOut(ApiOutput):
    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None

    @classmethod
    def of(cls, passkey: PasskeyColumns) -> "PasskeyOut":
        return cls(
            id=passkey.id,
            name=passkey.name,
            created_at=passkey.created_at,
            last_used_at=passkey.last_used_at,
        )


class PasskeyList(ApiOutput):
    items: list[PasskeyOut]
