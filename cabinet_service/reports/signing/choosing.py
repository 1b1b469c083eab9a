"""Which key a worker signs reports with: the one that its settings name, or in development one that it makes."""

from datetime import UTC, datetime
from typing import Final

import structlog

from cabinet_service.reports.signing.keys import SOON, KeyRefused, SigningKey, open_key
from cabinet_service.reports.signing.making import make_key
from cabinet_service.settings import Settings

log = structlog.get_logger(__name__)

NAME: Final = "Autodetective, development"
_MISSING: Final = (
    "CABINET_REPORT_KEY: signs reports, and production has none by itself. It is the path of a PKCS#12 or PEM "
    "file; `python -m cabinet_service report-key-create` makes one"
)


def key_of(settings: Settings) -> SigningKey:
    """The key. The process ends, and says why, where there is none that can sign now."""
    now = datetime.now(UTC)
    where = settings.report_key
    if not where:
        if not settings.is_development:
            raise SystemExit(_MISSING)
        where = str(settings.development_report_key)
        make_key(settings.development_report_key, NAME, now=now)
    try:
        key = open_key(where, settings.report_key_password, now=now)
    except KeyRefused as error:
        raise SystemExit(f"CABINET_REPORT_KEY: {error}") from None
    if key.not_after - now < SOON:
        log.warning("report_key_ends", subject=key.subject, not_after=key.not_after.isoformat())
    return key
