"""Opening a link: whether it shows anything, to whom, and what is noted of that."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from cabinet_service.reports.sharing import codes, queries
from cabinet_service.reports.sharing.errors import (
    ShareCodeLocked,
    ShareCodeRequired,
    ShareCodeWrong,
    ShareErased,
    ShareExpired,
    ShareRevoked,
    ShareUnknown,
)
from cabinet_service.reports.sharing.models import ReportShare
from service_kit.db import ReadSession, Session
from service_kit.http.problems import Problem
from service_kit.link_tokens import hash_of
from service_kit.signing import KeyRing

if TYPE_CHECKING:
    from fastapi import Request, Response

MOST_BROWSERS: Final = 500
"""Rows of who opened a link that are kept; whoever comes after is counted and no more."""
ONE_VISIT: Final = timedelta(minutes=30)
"""A browser that comes back sooner has not opened the link once more."""
_BROWSER_BYTES: Final = 16
_MAX_CHARACTERS: Final = 128

# Whoever reads it in another language, looks at an older version or loads the page anew has opened it once.
_OPENED: Final = """
UPDATE report_shares SET viewed_at = $3, views = views + (
    NOT EXISTS (SELECT FROM share_views WHERE share_id = $1 AND browser = $2 AND last_at > $4)
)::int
WHERE id = $1 RETURNING 1
"""
_SHOWN: Final = """
UPDATE report_shares SET shown = array_append(shown, $2) WHERE id = $1 AND NOT $2 = ANY (shown) RETURNING 1
"""
_READ: Final = f"""
INSERT INTO share_views (share_id, browser, version, first_at, last_at)
SELECT $1, $2, $3, $4, $4 WHERE (SELECT count(*) FROM share_views WHERE share_id = $1) < {MOST_BROWSERS}
ON CONFLICT (share_id, browser, version) DO UPDATE SET last_at = excluded.last_at RETURNING 1
"""  # noqa: S608 - a number of ours


async def live(session: ReadSession, token: str, *, now: datetime) -> ReportShare:
    """The link, where it shows something. Raises ShareUnknown, ShareErased, ShareRevoked or ShareExpired."""
    share = await queries.by_token(session, hash_of(token))
    if share is None:
        raise ShareUnknown
    if await share.subject.is_erased(session):
        raise ShareErased
    if share.revoked_at is not None:
        raise ShareRevoked
    if now >= share.expires_at:
        raise ShareExpired
    return share


async def enter_code(
    session: Session, share: ReportShare, code: str, *, keys: KeyRing, now: datetime
) -> str | Problem | None:
    """The pass for who knows the code; None where none is asked for; the problem of who does not.

    A problem is returned and not raised: that the code was wrong is to be committed.
    """
    if share.code_hash is None:
        return None
    locked = await session.get_one(ReportShare, share.id, lock=True)
    if locked.code_hash is None:  # erased meanwhile
        return ShareErased()
    if locked.code_locked_until is not None and now < locked.code_locked_until:
        return _locked(locked.code_locked_until, now)
    if await codes.fits(share.id, code, locked.code_hash, keys):
        return codes.new_pass(share.id, locked.code_hash, keys, now=now)
    locked.code_misses += 1
    lock = codes.lock_after(locked.code_misses)
    if lock is None:
        return ShareCodeWrong(tries_left=codes.TRIES - locked.code_misses % codes.TRIES)
    until = locked.code_locked_until = now + lock
    return _locked(until, now)


def _locked(until: datetime, now: datetime) -> ShareCodeLocked:
    seconds = int((until - now).total_seconds()) + 1
    return ShareCodeLocked(headers={"Retry-After": str(seconds)}, minutes=-(-seconds // 60))


@dataclass(frozen=True, slots=True)
class Visit:
    """What a browser sends back of what this link has given it: nothing of who uses it.

    `browser` is random and goes to the addresses of this link alone; `shown_pass` says that the code was known.
    """

    browser: str
    is_new: bool
    shown_pass: str

    def require_code(self, share: ReportShare, keys: KeyRing, *, now: datetime) -> None:
        """Raises ShareCodeRequired unless the link asks for none, or its code was entered lately."""
        kept = share.code_hash
        if kept is not None and not codes.is_pass(self.shown_pass, share.id, kept, keys, now=now):
            raise ShareCodeRequired

    def hashed(self, share_id: UUID) -> bytes:
        """As what the browser is known to this link."""
        digest = hashlib.sha256(share_id.bytes + self.browser.encode("utf-8", "replace")).digest()
        return digest[:_BROWSER_BYTES]


@dataclass(frozen=True, slots=True)
class Jar:
    """The cookies of one link, which go to no other address."""

    path: str
    is_secure: bool

    @property
    def browser(self) -> str:
        return f"{self._prefix}autodetective_reader"

    @property
    def code(self) -> str:
        return f"{self._prefix}autodetective_code"

    @property
    def _prefix(self) -> str:
        return "__Secure-" if self.is_secure else ""

    def keep(self, response: "Response", name: str, value: str, *, seconds: int) -> None:
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path=self.path,
            secure=self.is_secure,
            httponly=True,
            samesite="strict",
        )


def visit_of(request: "Request", jar: Jar) -> Visit:
    """As what a request comes to a link; a browser that has nothing of it gets something."""
    browser = request.cookies.get(jar.browser, "")[:_MAX_CHARACTERS]
    shown_pass = request.cookies.get(jar.code, "")[:_MAX_CHARACTERS]
    return Visit(browser or secrets.token_urlsafe(_BROWSER_BYTES), not browser, shown_pass)


async def note(
    session: Session, share: ReportShare, visit: Visit, version: int, *, counts: bool, now: datetime
) -> None:
    """That the link has shown this version, and to which browser; not `counts`: to who gave it out.

    Raises ShareErased where the order was erased meanwhile: of that nothing is noted any more.
    """
    if not await share.subject.hold(session):
        raise ShareErased
    await session.fetch(_SHOWN, share.id, version)
    if counts:
        browser = visit.hashed(share.id)
        await session.fetch(_OPENED, share.id, browser, now, now - ONE_VISIT)
        await session.fetch(_READ, share.id, browser, version, now)
