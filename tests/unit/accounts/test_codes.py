from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from cabinet_service.accounts.domain import code_of, is_code_of
from service_kit.signing import KeyRing

OLD, NEW = "the-old-secret-of-cabinet", "the-new-secret-of-cabinet"


@given(st.uuids())
def test_a_code_is_six_digits_and_right_for_its_challenge(challenge_id: UUID) -> None:
    keys = KeyRing([OLD])
    code = code_of(challenge_id, keys)
    assert len(code) == 6
    assert code.isascii()
    assert code.isdigit()
    assert is_code_of(challenge_id, code, keys)


@given(st.uuids(), st.text(max_size=8) | st.from_regex(r"[0-9]{6}", fullmatch=True))
def test_any_other_text_is_wrong(challenge_id: UUID, code: str) -> None:
    keys = KeyRing([OLD])
    assume(code != code_of(challenge_id, keys))
    assert not is_code_of(challenge_id, code, keys)


@given(st.uuids())
def test_a_code_outlives_the_change_of_the_secret(challenge_id: UUID) -> None:
    sent = code_of(challenge_id, KeyRing([OLD]))
    assert is_code_of(challenge_id, sent, KeyRing([OLD, NEW]))
    assert is_code_of(challenge_id, sent, KeyRing([NEW, OLD]))


@given(st.lists(st.uuids(), min_size=40, max_size=40, unique=True))
def test_codes_differ_from_challenge_to_challenge_and_from_secret_to_secret(ids: list[UUID]) -> None:
    codes = [code_of(challenge_id, KeyRing([OLD])) for challenge_id in ids]
    others = [code_of(challenge_id, KeyRing([NEW])) for challenge_id in ids]
    assert len(set(codes)) > 30
    assert sum(one == other for one, other in zip(codes, others, strict=True)) < 10
