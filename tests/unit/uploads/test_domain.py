"""What a tus client says in its headers is read as the protocol has it, and nothing else is."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet_service.uploads import domain

KEYS = st.text("abcdefghijklmnopqrstuvwxyz_0123456789", min_size=1, max_size=20)


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@given(st.dictionaries(KEYS, st.text(st.characters(exclude_categories=["Cs"]), max_size=40), max_size=8))
def test_metadata_comes_back_as_it_was_sent(pairs: dict[str, str]) -> None:
    header = ", ".join(f"{key} {encoded(value)}" for key, value in pairs.items())
    assert domain.metadata(header) == pairs


@given(st.text(max_size=200))
def test_whatever_the_header_is_it_is_read_or_refused(header: str) -> None:
    for read in (domain.metadata, domain.checksum):
        try:
            read(header)
        except domain.Unreadable:
            continue


@pytest.mark.parametrize(
    "header",
    [
        "name not-base64!",
        f"name {encoded('one')},name {encoded('two')}",
        f"name {base64.b64encode(bytes([0xFF, 0xFE])).decode()}",
        "name " + encoded("x" * 5000),
    ],
)
def test_metadata_that_is_not_as_it_should_be_is_refused(header: str) -> None:
    with pytest.raises(domain.Unreadable):
        domain.metadata(header)


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_only_whole_digests_of_the_algorithms_that_are_offered_are_read(algorithm: str) -> None:
    digest = hashlib.new(algorithm, b"part").digest()
    text = base64.b64encode(digest).decode()
    assert domain.checksum(f"{algorithm} {text}") == (algorithm, digest)
    for header in (f"{algorithm} {text[:20]}", algorithm, ""):
        with pytest.raises(domain.Unreadable):
            domain.checksum(header)
    with pytest.raises(domain.NotOffered):
        domain.checksum(f"md5 {text}")
