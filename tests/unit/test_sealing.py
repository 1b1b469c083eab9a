import pytest

from service_kit.sealing import Seal, Unsealable

OLD, NEW = "the key of last year", "the key of this year"


def sealing(*keys: str, purpose: str = "tests") -> Seal:
    return Seal(keys, purpose=purpose)


def test_what_is_sealed_does_not_show() -> None:
    sealed = sealing(NEW).seal("secret")
    assert b"secret" not in sealed
    assert sealing(NEW).open(sealed) == "secret"
    assert sealing(NEW).seal("secret") != sealed


def test_a_key_is_changed_without_a_moment_in_which_anything_is_unreadable() -> None:
    before, during, after, done = sealing(OLD), sealing(OLD, NEW), sealing(NEW, OLD), sealing(NEW)
    sealed = before.seal("secret")
    assert during.open(sealed) == after.open(sealed) == "secret"
    with pytest.raises(Unsealable):
        done.open(sealed)
    assert done.open(after.renew(sealed)) == "secret"


def test_the_first_key_seals() -> None:
    assert sealing(NEW).open(sealing(NEW, OLD).seal("secret")) == "secret"


def test_one_purpose_does_not_open_what_another_sealed() -> None:
    with pytest.raises(Unsealable):
        sealing(NEW, purpose="other").open(sealing(NEW).seal("secret"))


def test_what_was_tampered_with_is_not_opened() -> None:
    sealed = bytearray(sealing(NEW).seal("secret"))
    sealed[-5] ^= 1
    with pytest.raises(Unsealable):
        sealing(NEW).open(bytes(sealed))
