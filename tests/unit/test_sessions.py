"""What it means that a refresh token is presented: the next step, a repetition, or a copy."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service_kit.sessions import ANSWERED_AGAIN_FOR, Meaning, meaning

START = datetime(2026, 3, 1, 12, tzinfo=UTC)

generations = st.integers(0, 10_000)
pauses = st.timedeltas(timedelta(0), timedelta(days=90))


@given(generations, pauses)
def test_the_newest_token_works_however_late_it_comes(generation: int, after: timedelta) -> None:
    now = START + after
    assert meaning(generation, generation=generation, rotated_at=START, now=now) is Meaning.NEXT


@given(generations, pauses)
def test_the_one_before_is_answered_again_for_a_little_while(generation: int, after: timedelta) -> None:
    found = meaning(generation, generation=generation + 1, rotated_at=START, now=START + after)
    assert found is (Meaning.AGAIN if after <= ANSWERED_AGAIN_FOR else Meaning.REUSE)


@given(generations, st.integers(2, 10_000), pauses)
def test_any_older_one_is_a_copy(generation: int, behind: int, after: timedelta) -> None:
    found = meaning(generation, generation=generation + behind, rotated_at=START, now=START + after)
    assert found is Meaning.REUSE


@given(generations, st.integers(1, 10_000), pauses)
def test_one_that_was_never_given_out_is_no_token_either(
    generation: int, ahead: int, after: timedelta
) -> None:
    """E.g. after the database was restored from a backup."""
    found = meaning(generation + ahead, generation=generation, rotated_at=START, now=START + after)
    assert found is Meaning.REUSE


@given(
    st.lists(st.sampled_from(["owner", "thief"]), min_size=1),
    st.timedeltas(ANSWERED_AGAIN_FOR + timedelta(microseconds=1), timedelta(days=1)),
)
def test_of_an_owner_and_a_thief_with_the_same_token_the_second_ends_the_session(
    refreshes: list[str], pause: timedelta
) -> None:
    held = {"owner": 0, "thief": 0}
    generation, rotated_at = 0, START
    for number, who in enumerate(refreshes):
        now = rotated_at + pause
        found = meaning(held[who], generation=generation, rotated_at=rotated_at, now=now)
        if who != refreshes[0]:
            assert found is Meaning.REUSE
            return
        assert found is Meaning.NEXT, number
        generation, rotated_at = generation + 1, now
        held[who] = generation
