"""Migrations of a test's own, as a service's lie in its folder."""

from pathlib import Path
from typing import Final

ENV: Final = """
from sqlalchemy import MetaData
from service_kit.migrations import run_in_env
run_in_env(MetaData(), history={history!r})
"""
MIGRATION: Final = """
import sqlalchemy as sa
from alembic import op
from service_kit import concurrently
revision, down_revision, branch_labels, depends_on = {revision!r}, {before!r}, None, None
MAY = {may!r}
def upgrade():
    {upgrade}
"""


class Line:
    """A folder of migrations, numbered in the order in which they are added."""

    def __init__(self, folder: Path, *, history: str = "") -> None:
        self.folder = folder
        (folder / "versions").mkdir(parents=True)
        (folder / "env.py").write_text(ENV.format(history=history))
        self._count = 0

    def add(self, *upgrade: str, may: dict[str, str] | None = None) -> str:
        """One more, which does these lines of Python; returns its number."""
        before = f"{self._count:04}" if self._count else None
        self._count += 1
        revision = f"{self._count:04}"
        text = MIGRATION.format(
            revision=revision, before=before, may=may or {}, upgrade="\n    ".join(upgrade) or "pass"
        )
        (self.folder / "versions" / f"{revision}_of_a_test.py").write_text(text)
        return revision
