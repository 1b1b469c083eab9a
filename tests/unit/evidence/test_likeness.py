"""Which photos are looked up as similar: all that are near enough, and by few values."""

from hypothesis import given
from hypothesis import strategies as st

from bpa_service.evidence.likeness import NEAR, PARTS, around, distance, parts_of

hashes = st.integers(0, 2**128 - 1).map(lambda bits: f"{bits:032x}")
flips = st.sets(st.integers(0, 127))


def flipped(bits: str, places: set[int]) -> str:
    whole = int(bits, 16)
    for place in places:
        whole ^= 1 << place
    return f"{whole:032x}"


@given(bits=hashes, places=flips)
def test_the_distance_is_how_many_bits_differ(bits: str, places: set[int]) -> None:
    one, other = parts_of(bits), parts_of(flipped(bits, places))
    assert distance(one, other) == distance(other, one) == len(places)


@given(bits=hashes, places=st.sets(st.integers(0, 127), max_size=NEAR))
def test_what_is_near_shares_a_part_or_all_but_one_bit_of_it(bits: str, places: set[int]) -> None:
    one, other = parts_of(bits), parts_of(flipped(bits, places))
    assert any(theirs in around(mine) for mine, theirs in zip(one, other, strict=True))


@given(bits=hashes)
def test_the_parts_are_the_whole_hash(bits: str) -> None:
    parts = parts_of(bits)
    assert len(parts) == PARTS
    assert "".join(f"{part:04x}" for part in parts) == bits


@given(part=st.integers(0, 0xFFFF))
def test_around_a_part_is_it_and_what_differs_in_one_bit(part: int) -> None:
    near = around(part)
    assert len(set(near)) == len(near) == 17
    assert all(0 <= one <= 0xFFFF and (one ^ part).bit_count() <= 1 for one in near)
