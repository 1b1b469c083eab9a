"""Links to evidence: how long they hold, and that they stay the same for a while."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shared_schemas.rest import links

instants = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis wants it so
    datetime(2100, 1, 1),  # noqa: DTZ001 - the same
    timezones=st.just(UTC),
)


@given(now=instants)
def test_a_link_holds_for_ten_to_twenty_minutes(now: datetime) -> None:
    left = links.expiry(now) - now
    assert links.LIFETIME < left <= 2 * links.LIFETIME


@given(now=instants, later=st.timedeltas(timedelta(0), timedelta(hours=2)))
def test_a_link_that_is_made_later_never_ends_sooner(now: datetime, later: timedelta) -> None:
    assert links.expiry(now) <= links.expiry(now + later)


def test_links_of_the_same_ten_minutes_are_the_same() -> None:
    def made(minute: int) -> str:
        now = datetime(2026, 3, 2, 12, minute, tzinfo=UTC)
        return links.url(bytes.hex, "https://photos.example", UUID(int=7), "preview", links.expiry(now))

    assert made(0) == made(9) != made(10)
    assert made(0).startswith(f"https://photos.example/signed/evidence/{UUID(int=7)}/preview?expires=")
