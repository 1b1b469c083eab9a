"""Tokens are read by their signature alone, and nothing but what we signed for that very use gets through."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service_kit.signing import KeyRing
from service_kit.token_signer import TokenSigner
from service_kit.tokens import (
    ACCESS_LENGTH,
    LEEWAY,
    AccessToken,
    BadToken,
    RefreshToken,
    TokenPair,
)

HOLDER, SESSION = UUID(int=1), UUID(int=2)
OLD, NEW = "the-key-on-its-way-out", "the-key-on-its-way-in"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

signer = TokenSigner("cabinet", KeyRing([OLD]))


def pair(by: TokenSigner = signer, *, since: datetime = NOW, generation: int = 3) -> TokenPair:
    return by.pair(
        holder_id=HOLDER,
        session_id=SESSION,
        generation=generation,
        since=since,
        until=since + timedelta(days=90),
    )


def test_a_token_says_whose_and_of_which_session_it_is() -> None:
    tokens = pair()

    assert signer.read_access(tokens.access) == AccessToken(HOLDER, SESSION, NOW + ACCESS_LENGTH)
    assert signer.read_refresh(tokens.refresh) == RefreshToken(HOLDER, SESSION, 3)


def test_the_same_generation_has_the_same_tokens_and_another_one_others() -> None:
    assert pair() == pair()
    assert pair(generation=4).refresh != pair().refresh


def test_access_never_outlives_its_session() -> None:
    until = NOW + timedelta(minutes=1)
    tokens = signer.pair(holder_id=HOLDER, session_id=SESSION, generation=0, since=NOW, until=until)

    assert tokens.access_expires_at == until
    assert signer.read_access(tokens.access).expires_at == until


@pytest.mark.parametrize("off", [timedelta(hours=-1), timedelta(hours=1)])
def test_the_clock_of_this_host_does_not_matter(off: timedelta) -> None:
    """The database is an hour before or behind: a token is as good as that clock says."""
    database_now = datetime.now(UTC).replace(microsecond=0) + off
    token = signer.read_access(pair(since=database_now).access)

    assert not token.has_expired(database_now)
    assert not token.has_expired(database_now + ACCESS_LENGTH + LEEWAY - timedelta(seconds=1))
    assert token.has_expired(database_now + ACCESS_LENGTH + LEEWAY)


def test_neither_kind_is_taken_for_the_other() -> None:
    with pytest.raises(BadToken):
        signer.read_access(pair().refresh)
    with pytest.raises(BadToken):
        signer.read_refresh(pair().access)


@pytest.mark.parametrize(
    "other", [TokenSigner("bpa", KeyRing([OLD])), TokenSigner("cabinet", KeyRing([NEW]))]
)
def test_what_another_service_or_another_key_signed_is_refused(other: TokenSigner) -> None:
    with pytest.raises(BadToken):
        signer.read_access(pair(other).access)
    with pytest.raises(BadToken):
        signer.read_refresh(pair(other).refresh)


def test_a_key_is_changed_without_signing_anybody_out() -> None:
    added, moved = TokenSigner("cabinet", KeyRing([OLD, NEW])), TokenSigner("cabinet", KeyRing([NEW, OLD]))
    dropped = TokenSigner("cabinet", KeyRing([NEW]))

    assert added.read_access(pair(moved).access) == moved.read_access(pair(added).access)
    assert moved.read_refresh(pair(signer).refresh) == signer.read_refresh(pair(added).refresh)
    with pytest.raises(BadToken):
        dropped.read_access(pair(added).access)


def claims_of(token: str) -> dict[str, object]:
    return jwt.decode(token, options={"verify_signature": False})


@pytest.mark.parametrize("algorithm", ["none", "HS384"])
@pytest.mark.filterwarnings("ignore:The HMAC key")
def test_another_algorithm_is_refused(algorithm: str) -> None:
    key = "" if algorithm == "none" else KeyRing([OLD]).derived("cabinet access token")[0]
    with pytest.raises(BadToken):
        signer.read_access(jwt.encode(claims_of(pair().access), key, algorithm))


@pytest.mark.parametrize("missing", ["iss", "aud", "sub", "sid", "iat", "exp"])
def test_every_claim_is_needed(missing: str) -> None:
    claims = claims_of(pair().access)
    del claims[missing]
    key = KeyRing([OLD]).derived("cabinet access token")[0]
    with pytest.raises(BadToken):
        signer.read_access(jwt.encode(claims, key, "HS256"))


@given(st.text() | st.lists(st.text(), min_size=3, max_size=3).map(".".join))
def test_no_text_but_ours_is_a_token(text: str) -> None:
    with pytest.raises(BadToken):
        signer.read_access(text)


@given(st.integers(0, 1000), st.characters())
@example(0, "\ud800")
def test_no_character_of_a_token_can_be_changed(place: int, other: str) -> None:
    text = pair().access
    place %= len(text) - 1  # the last one has bits to spare in base64
    if text[place] != other:
        with pytest.raises(BadToken):
            signer.read_access(text[:place] + other + text[place + 1 :])


def test_a_programs_token_says_by_which_key_and_for_what_and_is_no_persons() -> None:
    text = signer.program(
        holder_id=HOLDER, key_id=SESSION, scopes=["inspections:read", "photos:write"], now=NOW
    )
    token = signer.read_program(text)

    assert (token.holder_id, token.key_id) == (HOLDER, SESSION)
    assert token.scopes == {"inspections:read", "photos:write"}
    assert not token.has_expired(NOW + ACCESS_LENGTH)
    assert token.has_expired(NOW + ACCESS_LENGTH + LEEWAY)
    for read in (signer.read_access, signer.read_refresh):
        with pytest.raises(BadToken):
            read(text)
    for other in (pair().access, pair().refresh):
        with pytest.raises(BadToken):
            signer.read_program(other)
