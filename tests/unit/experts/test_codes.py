"""The codes of second factors, whatever the secret and the time."""

from base64 import b32encode
from datetime import UTC, datetime, timedelta

import pyotp
from hypothesis import assume, given
from hypothesis import strategies as st
from pyotp.totp import TOTP

from bpa_service.experts.factors import domain

secrets = st.binary(min_size=20, max_size=20).map(lambda raw: b32encode(raw).decode())
times = st.integers(1_000_000_000, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
offsets = st.integers(-4, 4)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@given(secret=secrets, now=times)
def test_codes_are_those_that_apps_show(secret: str, now: datetime) -> None:
    assert domain.code_at(domain.step_at(now), secret) == TOTP(secret).at(now)


@given(secret=secrets, now=times, offset=offsets)
def test_a_code_is_taken_one_step_early_or_late_and_no_more(secret: str, now: datetime, offset: int) -> None:
    step = domain.step_at(now) + offset
    near = {domain.code_at(domain.step_at(now) + drift, secret) for drift in (-1, 0, 1)}
    code = domain.code_at(step, secret)
    assume((code in near) == (abs(offset) <= 1))  # one in a million is that of another step, too

    assert (domain.step_of(code, secret, now=now, after=None) is not None) == (abs(offset) <= 1)


@given(secret=secrets, now=times, offsets=st.lists(offsets, max_size=12))
def test_whatever_is_sent_no_code_is_taken_twice(secret: str, now: datetime, offsets: list[int]) -> None:
    last: int | None = None
    taken: list[int] = []
    for offset in offsets:
        code = domain.code_at(domain.step_at(now) + offset, secret)
        step = domain.step_of(code, secret, now=now, after=last)
        if step is not None:
            taken.append(step)
            last = step
    assert taken == sorted(set(taken))


@given(secret=secrets, other=secrets, now=times)
def test_a_code_of_another_secret_is_not_taken(secret: str, other: str, now: datetime) -> None:
    near = {domain.code_at(domain.step_at(now) + drift, secret) for drift in (-1, 0, 1)}
    code = domain.code_at(domain.step_at(now), other)
    assume(code not in near)
    assert domain.step_of(code, secret, now=now, after=None) is None


@given(secret=secrets, now=times, text=st.text(max_size=20))
def test_a_code_is_six_digits_and_nothing_else(secret: str, now: datetime, text: str) -> None:
    near = {domain.code_at(domain.step_at(now) + drift, secret) for drift in (-1, 0, 1)}
    assert (domain.step_of(text, secret, now=now, after=None) is not None) == (domain.tidy(text) in near)


def test_an_app_reads_whose_account_it_is() -> None:
    uri = domain.enrolment_uri(SECRET, "anna@example.com")
    read = pyotp.parse_uri(uri)
    assert isinstance(read, TOTP)
    assert (read.secret, read.name, read.issuer) == (SECRET, "anna@example.com", domain.ISSUER)


@given(entropy=st.binary(min_size=10, max_size=10))
def test_a_recovery_code_is_taken_however_it_was_written_down(entropy: bytes) -> None:
    code = domain.recovery_code(entropy)
    written = f" {code.upper().replace('-', ' ')} "
    assert len(code) == 19
    assert domain.recovery_digest(written) == domain.recovery_digest(code)


@given(one=st.binary(min_size=10, max_size=10), other=st.binary(min_size=10, max_size=10))
def test_recovery_codes_keep_all_their_randomness(one: bytes, other: bytes) -> None:
    same = domain.recovery_digest(domain.recovery_code(one)) == domain.recovery_digest(
        domain.recovery_code(other)
    )
    assert same == (one == other)


def test_mistyping_costs_nothing_and_guessing_does() -> None:
    assert [domain.wait_after(wrong) for wrong in range(5)] == [timedelta(0)] * 5
    minutes = [domain.wait_after(wrong) / timedelta(minutes=1) for wrong in range(5, 18)]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1440, 1440]


@given(wrong=st.integers(0, 10**9))
def test_more_wrong_codes_never_mean_less_waiting(wrong: int) -> None:
    assert domain.wait_after(wrong) <= domain.wait_after(wrong + 1) <= timedelta(days=1)
