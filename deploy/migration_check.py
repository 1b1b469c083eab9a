"""Refuses a migration that would stop the house: `python -m deploy.migration_check`.

Migrations run while people work. Each that is newer than `HISTORY` is written as SQL and read by squawk, a linter
of migrations; what squawk does not know of is below. Where a rule is to be broken, the migration says why:

    MAY: Final = {"adding-foreign-key-constraint": "a few hundred rows, and none is written before they are sent"}
"""

import json
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from alembic.config import Config
from alembic.script import Script, ScriptDirectory

import bpa_service.db
import cabinet_service.db
from deploy.embedded.stack import CHECKOUT
from service_kit.migrations import sql_of

HISTORY: Final = {"cabinet": cabinet_service.db.HISTORY, "bpa": bpa_service.db.HISTORY}
"""The newest migrations from before this check: what ran by then is not looked at."""
ELDEST_SERVER: Final = "15.0"
# Rules of taste, and those whose promise the runner of migrations keeps.
NOT_OURS: Final = (
    # How long a text and how large a number may be is a promise of ours.
    *("prefer-bigint-over-int", "prefer-bigint-over-smallint", "prefer-text-field"),
    *("require-lock-timeout", "require-statement-timeout"),  # `service_kit.migrations` sets both
)
SHORTEST_REASON: Final = 20
# What moves rows keeps them locked until it is done, and what empties or locks a table keeps everybody out.
_ROWS: Final = re.compile(
    r"(?:UPDATE|DELETE\s+FROM)\s+(?:ONLY\s+)?(\w+)|INSERT\s+INTO\s+(\w+)[^;]*?\bSELECT\b", re.IGNORECASE
)
_ALL_OF_IT: Final = re.compile(r"(?:LOCK|TRUNCATE|CLUSTER|VACUUM|REINDEX)\b", re.IGNORECASE)
_NEW_TABLE: Final = re.compile(r"^\s*CREATE\s+TABLE\s+(\w+)", re.IGNORECASE | re.MULTILINE)
_CONCURRENTLY: Final = re.compile(r"(?:CREATE(?:\s+UNIQUE)?|DROP)\s+INDEX\s+CONCURRENTLY\b", re.IGNORECASE)
_OF_THE_SESSION: Final = re.compile(r"(?:SET|RESET)\s+(?:lock|statement)_timeout\b", re.IGNORECASE)
_COMMENT: Final = re.compile(r"^\s*--.*$", re.MULTILINE)
_BOOKKEEPING: Final = re.compile(
    r"(?:BEGIN|COMMIT|(?:UPDATE|INSERT\s+INTO)\s+alembic_version\b.*)$", re.IGNORECASE | re.DOTALL
)


class Finding(NamedTuple):
    rule: str
    what: str


def main() -> int:
    refused = 0
    for service, newest in HISTORY.items():
        folder = CHECKOUT / f"{service}_service" / "db" / "migrations"
        for script in later_than(folder, newest):
            for finding in objections(folder, script):
                refused += 1
                print(f"{Path(script.path).relative_to(CHECKOUT)}: {finding.rule}: {finding.what}")
    if refused:
        print("CONTRIBUTING.md says how else it is done, and how a migration says why it may (MAY).")
    return min(refused, 1)


def later_than(folder: Path, revision: str) -> list[Script]:
    """The migrations after one, in the order in which they run."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    newer = ScriptDirectory.from_config(config).iterate_revisions("head", revision)
    return [script for script in newer if script.revision != revision][::-1]


def objections(folder: Path, script: Script) -> list[Finding]:
    """What is against a migration: findings without a reason, and reasons without a finding."""
    reasons: dict[str, str] = getattr(script.module, "MAY", {})
    try:
        sql = sql_of(folder, script.revision)
    except Exception as error:  # noqa: BLE001 - it reads rows, and finds that nobody answers
        found = [Finding("reads-rows", f"it cannot be written as SQL alone ({error!r}): a chore moves rows")]
    else:
        found = list(findings(sql))
    open_ = [one for one in found if len(reasons.get(one.rule, "")) < SHORTEST_REASON]
    needless = [Finding(rule, "MAY has a reason for it, and nothing to excuse") for rule in reasons]
    return open_ + [one for one in needless if one.rule not in {found_one.rule for found_one in found}]


def findings(sql: str) -> Iterator[Finding]:
    """What squawk and we ourselves have against the SQL of a migration."""
    linter = Path(sysconfig.get_path("scripts")) / "squawk"
    excluded = f"--exclude={','.join(NOT_OURS)}"
    read = subprocess.run(  # noqa: S603 - ours
        [linter, "--reporter=json", f"--pg-version={ELDEST_SERVER}", excluded],
        input=sql,
        capture_output=True,
        text=True,
        check=False,
    )
    if not read.stdout:
        raise RuntimeError(read.stderr)
    for one in json.loads(read.stdout):
        yield Finding(one["rule_name"], f"{_line(sql, one['line'])} - {one['message']}")
    yield from _of_ours(sql)


def _line(sql: str, number: int) -> str:
    return sql.splitlines()[number].strip() if number < sql.count("\n") else "at the end"


def _of_ours(sql: str) -> Iterator[Finding]:
    new = set(_NEW_TABLE.findall(sql))
    statements = [part.strip() for part in _COMMENT.sub("", sql).split(";")]
    statements = [part for part in statements if part and not _BOOKKEEPING.match(part)]
    for statement in statements:
        moved = _ROWS.match(statement)
        if moved and not new & set(moved.groups()):
            yield Finding("moves-rows", f"{statement} - a chore moves them, some at a time")
        if _ALL_OF_IT.match(statement):
            yield Finding("takes-a-whole-table", statement)
    if any(_CONCURRENTLY.match(one) for one in statements):
        for statement in statements:
            if not (_CONCURRENTLY.match(statement) or _OF_THE_SESSION.match(statement)):
                yield Finding("not-alone", f"{statement} - it stays done if the index fails")


if __name__ == "__main__":
    sys.exit(main())
