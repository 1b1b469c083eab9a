"""Which answers of a browser hold."""

import dataclasses
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_kit.passkeys import ceremony
from service_kit.passkeys.ceremony import Owner, Refused, RelyingParty
from service_kit.passkeys.schemas import CreatedCredential, UsedCredential
from tests.support.authenticator import Authenticator, SoftPasskey

US = RelyingParty.at("https://desk.example.com:8443", "Desk")
ANNA = Owner(UUID(int=7), "anna", "Anna")
CHALLENGE = b"c" * 32


def phone() -> Authenticator:
    return Authenticator(US.origin)


def created(authenticator: Authenticator, *, party: RelyingParty = US) -> dict[str, Any]:
    return authenticator.create(ceremony.creation_options(party, ANNA, CHALLENGE, known=[]))


def verify_created(answer: dict[str, Any], challenge: bytes = CHALLENGE) -> ceremony.Created:
    return ceremony.verify_created(CreatedCredential.model_validate(answer), challenge, US)


def used(authenticator: Authenticator, *, party: RelyingParty = US) -> dict[str, Any]:
    return authenticator.get(ceremony.request_options(party, CHALLENGE))


def verify_used(
    answer: dict[str, Any], passkey: SoftPasskey, challenge: bytes = CHALLENGE, *, seen: int = 0
) -> int:
    return ceremony.verify_used(
        UsedCredential.model_validate(answer),
        challenge,
        US,
        owner_id=ANNA.id,
        public_key=passkey.public_key,
        sign_count=seen,
    )


@pytest.fixture
def anna() -> Authenticator:
    """Anna's phone, with a passkey for us."""
    authenticator = phone()
    verify_created(created(authenticator))
    return authenticator


def test_we_are_known_by_host_and_called_from_our_origin() -> None:
    assert RelyingParty("desk.example.com", "https://desk.example.com:8443", "Desk") == US


def test_of_a_new_passkey_the_public_half_is_kept() -> None:
    authenticator = phone()
    kept = verify_created(created(authenticator))
    assert kept == (authenticator.passkeys[0].credential_id, authenticator.passkeys[0].public_key, 0)


def test_a_browser_says_which_challenge_it_answers(anna: Authenticator) -> None:
    assert ceremony.challenge_of(used(anna)["response"]["clientDataJSON"]) == CHALLENGE


def test_a_passkey_is_not_made_for_another_site_or_challenge_or_unverified() -> None:
    with pytest.raises(Refused):
        verify_created(created(Authenticator("https://desk.example.com.evil.example")))
    with pytest.raises(Refused):
        verify_created(created(phone(), party=US._replace(id="evil.example")))
    with pytest.raises(Refused):
        verify_created(created(phone()), b"d" * 32)
    with pytest.raises(Refused):
        verify_created(created(dataclasses.replace(phone(), user_verified=False)))


def test_a_sign_in_is_no_registration(anna: Authenticator) -> None:
    answer = created(phone())
    answer["response"]["clientDataJSON"] = used(anna)["response"]["clientDataJSON"]
    with pytest.raises(Refused):
        verify_created(answer)


def test_a_passkey_signs_in(anna: Authenticator) -> None:
    passkey = anna.passkeys[0]
    assert verify_used(used(anna), passkey) == 1
    assert verify_used(used(anna), passkey, seen=1) == 2


def test_a_passkey_does_not_sign_in_elsewhere_or_unverified_or_twice(anna: Authenticator) -> None:
    passkey = anna.passkeys[0]
    with pytest.raises(Refused):
        verify_used(used(dataclasses.replace(anna, origin="https://evil.example")), passkey)
    with pytest.raises(Refused):
        verify_used(used(anna), passkey, b"d" * 32)
    with pytest.raises(Refused):
        verify_used(used(dataclasses.replace(anna, user_verified=False)), passkey)
    passkey.rp_id = "evil.example"
    with pytest.raises(Refused):
        verify_used(used(anna), passkey)


def test_another_key_does_not_sign_in(anna: Authenticator) -> None:
    theirs = SoftPasskey(US.id, ANNA.id.bytes)
    with pytest.raises(Refused):
        verify_used(used(anna), theirs)


def test_a_passkey_of_somebody_else_does_not_sign_in(anna: Authenticator) -> None:
    anna.passkeys[0].user_handle = UUID(int=8).bytes
    with pytest.raises(Refused):
        verify_used(used(anna), anna.passkeys[0])


@pytest.mark.parametrize("seen", [1, 2])
def test_a_count_that_does_not_grow_tells_of_a_copy(anna: Authenticator, seen: int) -> None:
    with pytest.raises(Refused):
        verify_used(used(anna), anna.passkeys[0], seen=seen)


def test_passkeys_that_do_not_count_are_fine(anna: Authenticator) -> None:
    anna.passkeys[0].counts = False
    assert verify_used(used(anna), anna.passkeys[0]) == 0
    assert verify_used(used(anna), anna.passkeys[0]) == 0


base64url = st.text("ABab01_-", min_size=1, max_size=200) | st.binary(min_size=1).map(ceremony.encode)


@given(client_data=base64url, attestation_object=base64url)
def test_rubbish_makes_no_passkey(client_data: str, attestation_object: str) -> None:
    answer = created(phone())
    for changes in ({"clientDataJSON": client_data}, {"attestationObject": attestation_object}):
        with pytest.raises(Refused):
            verify_created({**answer, "response": {**answer["response"], **changes}})
    with pytest.raises(Refused):
        ceremony.challenge_of(client_data)


@given(client_data=base64url, authenticator_data=base64url, signature=base64url, user_handle=base64url)
def test_rubbish_signs_nobody_in(
    client_data: str, authenticator_data: str, signature: str, user_handle: str
) -> None:
    anna = phone()
    verify_created(created(anna))
    answer = used(anna)
    for changes in (
        {"clientDataJSON": client_data},
        {"authenticatorData": authenticator_data},
        {"signature": signature},
        {"userHandle": user_handle},
    ):
        with pytest.raises(Refused):
            verify_used({**answer, "response": {**answer["response"], **changes}}, anna.passkeys[0])
