"""The table of the audit log. Rows are added and never changed."""

from sqlalchemy import Index

from bpa_service.db.base import Base
from service_kit.audit import AuditColumns


class AuditEntry(AuditColumns, Base):
    """One act. Its subject is the case, where there is one; whom else it was about is in the details."""

    __tablename__ = "audit_entries"

    __table_args__ = (
        Index(None, "subject_id", "position"),
        Index(None, "actor_id", "position"),
        Index(None, "act", "position"),
        Index(None, "at"),
    )
