"""When a notice is sent again, and when an address is given up."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cabinet_service.notifications.kinds import WebhookNews
from cabinet_service.webhooks import domain

CHANCES = st.floats(0, 1)
DAY = timedelta(days=1)


def test_eleven_tries_take_three_days() -> None:
    assert len(domain.WAITS) == 10
    assert timedelta(days=2, hours=23) < sum(domain.WAITS, timedelta()) <= timedelta(days=3)
    assert list(domain.WAITS) == sorted(domain.WAITS)
    assert domain.wait_after(11, chance=lambda: 0.5) is None


@given(tries=st.integers(1, 10), chance=CHANCES)
def test_each_wait_is_its_own_give_or_take_a_fifth(tries: int, chance: float) -> None:
    wait, planned = domain.wait_after(tries, chance=lambda: chance), domain.WAITS[tries - 1]
    assert wait is not None
    assert planned * 0.8 - timedelta(seconds=1) <= wait <= planned * 1.2 + timedelta(seconds=1)


@given(tries=st.integers(1, 10), chance=CHANCES, seconds=st.integers(0, 10**7))
def test_a_busy_receiver_is_given_its_time_and_no_more_than_a_day(
    tries: int, chance: float, seconds: int
) -> None:
    asked = timedelta(seconds=seconds)
    plain = domain.wait_after(tries, chance=lambda: chance)
    wait = domain.wait_after(tries, retry_after=asked, chance=lambda: chance)
    assert plain is not None
    assert wait == max(plain, min(asked, DAY))


@given(status=st.integers(100, 999))
def test_only_2xx_is_taken(status: int) -> None:
    assert domain.is_taken(status) is (200 <= status < 300)
    assert not domain.is_taken(None)


@given(hours=st.integers(0, 300), is_warned=st.booleans())
def test_who_fails_for_a_day_is_told_once_and_after_five_turned_off(hours: int, is_warned: bool) -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    news = domain.news_of_failure(now=now, failing_since=now - timedelta(hours=hours), is_warned=is_warned)
    if hours >= 5 * 24:
        assert news is WebhookNews.DISABLED
    elif hours >= 24 and not is_warned:
        assert news is WebhookNews.FAILING
    else:
        assert news is None
