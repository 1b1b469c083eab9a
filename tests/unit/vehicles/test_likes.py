"""No number that fits what was typed lies outside of the ranges that are read for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpa_service.vehicles.store.likes import SHORTEST_END, SHORTEST_MISTAKEN, Likes, Side, likes_of
from service_kit.search.names import fit, is_one_mistake, skeleton
from service_kit.search.questions import ANY, NamePattern

CHARACTERS = st.sampled_from("0OQ1I8B5S2Z7A9")
KEYS = st.text(CHARACTERS, min_size=1, max_size=20)


def takes(likes: Likes, key: str) -> bool:
    """What the engine is asked to read and to check."""
    whole, run = skeleton(key), skeleton(likes.run)
    lies = whole.startswith(run) if likes.side is Side.BEGIN else whole.endswith(run)
    if likes.mistaken:
        return lies and is_one_mistake(likes.mistaken, whole)
    return lies and fit(NamePattern(likes.spelled), key) is not None


@st.composite
def mistaken(draw: st.DrawFn, key: str) -> str:
    """A key with one mistake in it, and look-alikes anywhere."""
    at = draw(st.integers(0, len(key) - 1))
    one = draw(CHARACTERS)
    key = draw(
        st.sampled_from(
            (
                key[:at] + one + key[at + 1 :],
                key[:at] + key[at + 1 :],
                key[:at] + one + key[at:],
                key[:at] + key[at : at + 2][::-1] + key[at + 2 :],
            )
        )
    )
    alike = {"0": "0OQ", "1": "1I", "8": "8B", "5": "5S", "2": "2Z7"}
    return "".join(draw(st.sampled_from(alike.get(c, c))) for c in skeleton(key))


@given(st.data(), st.text(CHARACTERS, min_size=SHORTEST_MISTAKEN, max_size=20))
def test_one_mistake_leaves_the_beginning_or_the_end_as_it_is(data: st.DataObject, typed: str) -> None:
    key = data.draw(mistaken(typed))
    assert fit(NamePattern(typed), key) is not None
    assert any(takes(one, key) for one in likes_of(NamePattern(typed)))


@given(st.text(CHARACTERS, min_size=SHORTEST_END, max_size=20), KEYS)
def test_what_begins_or_ends_with_it_is_read(typed: str, more: str) -> None:
    for key in (typed, typed + more, more + typed):
        assert any(takes(one, key) for one in likes_of(NamePattern(typed)))


@given(st.data(), KEYS)
def test_what_is_spelled_so_is_read_if_it_is_read_at_all(data: st.DataObject, key: str) -> None:
    kept = data.draw(st.lists(st.sampled_from("k?*"), min_size=len(key), max_size=len(key)))
    typed = "".join(c if sign == "k" else sign for c, sign in zip(key, kept, strict=True))
    pattern = NamePattern(typed)
    if fit(pattern, key) and pattern.is_pattern:
        assert all(takes(one, key) for one in likes_of(pattern))


@pytest.mark.parametrize("typed", ["", "XTA", "*2765*", "XTA*432", "?2765?", "**", ANY, "A?B?C?D?E"])
def test_what_too_many_have_is_not_read(typed: str) -> None:
    assert likes_of(NamePattern(typed)) == ()


@pytest.mark.parametrize(
    ("typed", "likes"),
    [
        ("XTA2*", Likes(Side.BEGIN, "XTA2", "XTA2*")),
        ("*5432", Likes(Side.END, "5432", "*5432")),
        ("XTA211?4094*0001", Likes(Side.END, "0001", "XTA211?4094*0001")),  # fewer end so than begin so
    ],
)
def test_a_pattern_is_one_range(typed: str, likes: Likes) -> None:
    assert likes_of(NamePattern(typed)) == (likes,)


def test_a_beginning_of_a_vin_is_no_wider_than_eight_and_its_end_than_six() -> None:
    begin, end = [one for one in likes_of(NamePattern("XTA21099GY2966389")) if one.mistaken]
    assert (begin.run, end.run) == (skeleton("XTA21099GY"), skeleton("966389"))
