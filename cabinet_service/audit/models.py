"""The table of the audit log. Rows are added and never changed."""

from sqlalchemy import Index

from cabinet_service.db.base import Base
from service_kit.audit import AuditColumns


class AuditEntry(AuditColumns, Base):
    """One act. Its subject is the account or the company that it was about."""

    __tablename__ = "audit_entries"

    __table_args__ = (Index(None, "subject_id", "position"),)
