"""Row level security: who is not signed in sees nothing, and only those who work on cases write them."""

from collections.abc import Sequence
from typing import Final

from service_kit import rls
from service_kit.rls import id_in, setting

revision: Final = "0007"
down_revision: Final[str | None] = "0006"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

ME: Final = id_in("expert_id")
ROLE: Final = setting("role")
AT_THE_DESK: Final = f"{setting('scope')} = 'desk'"
# Who has shown a token, before it is known in what role, or while they still enrol a second factor.
MYSELF: Final = f"id = {ME}"
WORKS_ON_CASES: Final = f"{ROLE} IN ('expert', 'senior', 'shift_lead')"
KEEPS_PEOPLE: Final = f"{ROLE} = 'bpa_admin'"
NOBODY: Final = "false"

CASES: Final = (
    "cases",
    "clock_entries",
    "decisions",
    "disputes",
    "finding_places",
    "findings",
    "incidents",
    "info_tasks",
    "messages",
    "notes",
    "second_opinions",
)


def upgrade() -> None:
    for table in CASES:
        rls.enable(table, seen_by=AT_THE_DESK, written_by=WORKS_ON_CASES)
    # Only cabinet's events write these.
    rls.enable("evidence", seen_by=AT_THE_DESK, written_by=NOBODY)
    rls.enable("experts", seen_by=f"{AT_THE_DESK} OR {MYSELF}", written_by=KEEPS_PEOPLE)
    for table in ("expert_sessions", "second_factors", "recovery_codes"):
        rls.enable(table, seen_by=f"expert_id = {ME} OR {KEEPS_PEOPLE}")
    for table in ("expert_passkeys", "passkey_challenges"):
        rls.enable(table, seen_by=f"owner_id = {ME} OR {KEEPS_PEOPLE}")
    rls.enable("idempotency_keys", seen_by=f"owner = {setting('expert_id')}")
