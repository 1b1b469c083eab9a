"""Tokens of links, and the codes that links may ask for."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet_service.reports.sharing import codes, links
from service_kit.link_tokens import TOKEN_CHARACTERS, hash_of
from service_kit.signing import KeyRing

OLD, NEW = "the-old-secret-of-cabinet", "the-new-secret-of-cabinet"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ID, CODE_HASH = UUID(int=7), b"h" * 32


@given(st.uuids())
def test_a_token_has_192_bits_and_is_found_by_its_hash(share_id: UUID) -> None:
    keys = KeyRing([NEW, OLD])
    token = links.TOKENS.new(share_id, keys)
    assert len(token) == TOKEN_CHARACTERS == 32
    assert links.TOKENS.of(share_id, hash_of(token), keys) == token


@given(st.uuids())
def test_a_link_can_be_copied_until_its_key_is_dropped(share_id: UUID) -> None:
    token = links.TOKENS.new(share_id, KeyRing([OLD]))
    kept = hash_of(token)
    assert links.TOKENS.of(share_id, kept, KeyRing([NEW, OLD])) == token
    assert links.TOKENS.of(share_id, kept, KeyRing([NEW])) is None


def test_tokens_differ_from_link_to_link_and_from_key_to_key() -> None:
    ids = [uuid4() for _ in range(50)]
    tokens = {links.TOKENS.new(one, KeyRing([key])) for one in ids for key in (OLD, NEW)}
    assert len(tokens) == 100


def test_the_token_of_a_page_is_sent_to_nobody() -> None:
    address = links.address("https://cars.example", "abc")
    assert address.partition("#") == ("https://cars.example/report", "#", "abc")


async def test_a_code_fits_its_link_under_any_key_that_is_here() -> None:
    kept = await codes.hashed(ID, "0451", KeyRing([OLD]))
    assert await codes.fits(ID, "0451", kept, KeyRing([NEW, OLD]))
    for wrong in ("0452", "451", "04510", "٠٤٥١", ""):
        assert not await codes.fits(ID, wrong, kept, KeyRing([OLD])), wrong
    assert not await codes.fits(UUID(int=8), "0451", kept, KeyRing([OLD]))
    assert not await codes.fits(ID, "0451", kept, KeyRing([NEW]))


def test_every_fifth_wrong_code_locks_for_longer_up_to_a_day() -> None:
    locks = [codes.lock_after(misses) for misses in range(1, 61)]
    assert [misses for misses, lock in enumerate(locks, start=1) if lock] == list(range(5, 61, 5))
    lengths = [lock for lock in locks if lock]
    assert lengths[:3] == [timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1)]
    assert lengths == sorted(lengths)
    assert lengths[-1] == codes.lock_after(30_000) == timedelta(days=1)


def test_who_guesses_for_as_long_as_a_link_lasts_makes_some_five_hundred_tries() -> None:
    """As the docstring says: so four digits hold, though six are better."""
    waited, tries = timedelta(0), 0
    while waited < timedelta(days=90):
        tries += 1
        waited += codes.lock_after(tries) or timedelta(0)
    assert tries < 500


def test_a_pass_is_for_one_link_and_its_code_and_is_over_some_time() -> None:
    keys = KeyRing([NEW, OLD])
    shown = codes.new_pass(ID, CODE_HASH, keys, now=NOW)
    last = NOW + codes.PASS_LENGTH - timedelta(seconds=1)
    assert codes.is_pass(shown, ID, CODE_HASH, keys, now=last)
    assert codes.is_pass(shown, ID, CODE_HASH, KeyRing([OLD, NEW]), now=NOW)
    assert not codes.is_pass(shown, ID, CODE_HASH, keys, now=NOW + codes.PASS_LENGTH)
    assert not codes.is_pass(shown, UUID(int=8), CODE_HASH, keys, now=NOW)
    assert not codes.is_pass(shown, ID, b"i" * 32, keys, now=NOW)
    assert not codes.is_pass(shown, ID, CODE_HASH, KeyRing([OLD]), now=NOW)
    expires, _, signature = shown.partition(".")
    assert not codes.is_pass(f"{int(expires) + 1}.{signature}", ID, CODE_HASH, keys, now=NOW)


@pytest.mark.parametrize(
    "shown",
    ["", ".", "1.", "-1.x", "1e3.x", "٣.x", f"{10**12}.x", f"{'9' * 5000}.x", "x\ud800.y", "1.\udcff"],
)
def test_rubbish_is_no_pass(shown: str) -> None:
    assert not codes.is_pass(shown, ID, CODE_HASH, KeyRing([OLD]), now=NOW)


@given(st.text(max_size=60))
def test_no_text_is_a_pass(shown: str) -> None:
    assert not codes.is_pass(shown, ID, CODE_HASH, KeyRing([OLD]), now=NOW)
