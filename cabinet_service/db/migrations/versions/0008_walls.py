"""Row level security: a client's transactions see what is theirs or their company's, whatever is asked."""

from collections.abc import Sequence
from typing import Final

from service_kit import rls
from service_kit.rls import id_in, ids_in, setting

revision: Final = "0008"
down_revision: Final[str | None] = "0007"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

ME: Final = id_in("account_id")
OF_MY_COMPANIES: Final = f"= ANY ({ids_in('member_of')})"
NOT_FOR_CLIENTS: Final = "false"

# The same lines as in `inspections.queries`: one's own, those of a company or a branch that one sees all of.
INSPECTION: Final = (
    f"account_id = {ME} AND (company_id IS NULL OR company_id {OF_MY_COMPANIES})"
    f" OR company_id = ANY ({ids_in('companies')}) OR branch_id = ANY ({ids_in('branches')})"
)

SEEN_BY: Final = {
    "accounts": f"id = {ME}",
    "account_contacts": f"account_id = {ME}",
    "sessions": f"account_id = {ME}",
    "sign_in_challenges": NOT_FOR_CLIENTS,
    "companies": f"id {OF_MY_COMPANIES}",
    "branches": f"company_id {OF_MY_COMPANIES}",
    "memberships": f"account_id = {ME}",
    "consent_records": f"account_id = {ME}",
    "exports": f"account_id = {ME}",
    "erasures": NOT_FOR_CLIENTS,
    "inspection_erasures": NOT_FOR_CLIENTS,
    "passkeys": f"owner_id = {ME}",
    "passkey_challenges": f"owner_id = {ME}",
    "idempotency_keys": f"owner = 'account:' || {setting('account_id')}",
    "inspections": INSPECTION,
}

# What belongs to an inspection is seen by whoever sees the inspection: its own wall decides.
OF_AN_INSPECTION: Final = (
    "clocks",
    "decisions",
    "disputes",
    "evidence",
    "info_tasks",
    "messages",
    "notifications",
    "timeline_entries",
)


def upgrade() -> None:
    for table, condition in SEEN_BY.items():
        rls.enable(table, seen_by=condition)
    for table in OF_AN_INSPECTION:
        of_it = f"EXISTS (SELECT FROM inspections WHERE inspections.id = {table}.inspection_id)"
        rls.enable(table, seen_by=of_it)
