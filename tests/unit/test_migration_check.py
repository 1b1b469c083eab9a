"""A migration that would make people wait is refused before it lands."""

from pathlib import Path

import pytest

from deploy import migration_check
from deploy.migration_check import HISTORY, later_than, objections
from tests.support.a_line_of_migrations import Line

REASON = "some ten rows that only the first start writes"


@pytest.fixture
def line(tmp_path: Path) -> Line:
    line = Line(tmp_path / "migrations")
    line.add("op.create_table('cases', sa.Column('id', sa.Uuid(), primary_key=True))")
    return line


def against(line: Line, *upgrade: str, may: dict[str, str] | None = None) -> set[str]:
    """The rules that the last of a line of migrations breaks."""
    line.add(*upgrade, may=may)
    [script] = later_than(line.folder, "0001")
    return {finding.rule for finding in objections(line.folder, script)}


@pytest.mark.parametrize(
    ("upgrade", "rule"),
    [
        ("op.create_index('ix', 'cases', ['state'])", "require-concurrent-index-creation"),
        ("op.drop_index('ix', 'cases')", "require-concurrent-index-deletion"),
        ("op.alter_column('cases', 'n', type_=sa.BigInteger())", "changing-column-type"),
        ("op.alter_column('cases', 'n', nullable=False)", "adding-not-nullable-field"),
        ("op.add_column('cases', sa.Column('n', sa.Uuid(), nullable=False))", "adding-required-field"),
        (
            "op.add_column('cases', sa.Column('n', sa.Uuid(), server_default=sa.text('gen_random_uuid()')))",
            "adding-field-with-default",
        ),
        ("op.create_foreign_key('fk', 'cases', 'experts', ['e'], ['id'])", "adding-foreign-key-constraint"),
        ("op.create_check_constraint('ck', 'cases', 'n > 0')", "constraint-missing-not-valid"),
        ("op.create_unique_constraint('uq', 'cases', ['n'])", "disallowed-unique-constraint"),
        ("op.drop_column('cases', 'n')", "ban-drop-column"),
        ("op.alter_column('cases', 'n', new_column_name='m')", "renaming-column"),
        ("op.drop_table('cases')", "ban-drop-table"),
        ("op.execute('UPDATE cases SET n = 1')", "moves-rows"),
        ("op.execute('DELETE FROM ONLY cases')", "moves-rows"),
        ("op.execute('INSERT INTO names (id) SELECT id FROM cases')", "moves-rows"),
        ("op.execute('LOCK TABLE cases')", "takes-a-whole-table"),
        ("op.get_bind().execute(sa.text('SELECT 1')).all()", "reads-rows"),
    ],
)
def test_what_locks_a_table_that_is_there_is_refused(line: Line, upgrade: str, rule: str) -> None:
    assert rule in against(line, upgrade)


@pytest.mark.parametrize(
    "upgrade",
    [
        "concurrently.create_index('ix', 'cases', ['state', sa.text('n DESC')], where='n > 0')",
        "concurrently.create_index('uq', 'cases', ['n'], unique=True)",
        "concurrently.drop_index('ix', 'cases')",
        "concurrently.validate('ck', 'cases')",
        "op.create_check_constraint('ck', 'cases', 'n > 0', postgresql_not_valid=True)",
        "op.create_foreign_key('fk', 'cases', 'experts', ['e'], ['id'], postgresql_not_valid=True)",
        "op.add_column('cases', sa.Column('n', sa.Integer(), server_default='0', nullable=False))",
        "op.add_column('cases', sa.Column('n', sa.String(length=16), nullable=True))",
    ],
)
def test_what_makes_nobody_wait_is_let_through(line: Line, upgrade: str) -> None:
    assert against(line, upgrade) == set()


def test_a_table_that_is_made_is_nobodys_yet(line: Line) -> None:
    making = "op.create_table('notes', sa.Column('id', sa.Uuid(), sa.ForeignKey('cases.id')))"
    filling = "op.execute('INSERT INTO notes (id) SELECT id FROM cases')"
    assert against(line, making, "op.create_index('ix_notes', 'notes', ['id'])", filling) == set()


def test_beside_an_index_nothing_else_is_done(line: Line) -> None:
    index = "concurrently.create_index('ix', 'cases', ['n'])"
    assert against(line, index, "op.add_column('cases', sa.Column('n', sa.Integer()))") == {"not-alone"}


def test_a_reason_beside_it_lets_one_rule_go(line: Line) -> None:
    both = ("op.create_index('ix', 'cases', ['n'])", "op.drop_column('cases', 'm')")
    assert against(line, *both, may={"ban-drop-column": REASON}) == {"require-concurrent-index-creation"}


@pytest.mark.parametrize("may", [{"moves-rows": "because"}, {"moves-rows": ""}])
def test_a_word_is_no_reason(line: Line, may: dict[str, str]) -> None:
    assert against(line, "op.execute('DELETE FROM cases')", may=may) == {"moves-rows"}


def test_a_reason_that_excuses_nothing_is_refused(line: Line) -> None:
    assert against(line, "pass", may={"ban-drop-column": REASON}) == {"ban-drop-column"}


def test_what_was_there_before_is_not_looked_at(line: Line) -> None:
    line.add("op.drop_table('cases')")
    assert [script.revision for script in later_than(line.folder, "0002")] == []


def test_the_migrations_of_both_services_stop_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    assert set(HISTORY) == {"cabinet", "bpa"}
    assert (migration_check.main(), capsys.readouterr().out) == (0, "")
