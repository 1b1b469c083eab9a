"""Mutants of the tables, which are the rules: a row or an entry less, one more, or one that leads elsewhere."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import partial
from typing import Any

from tests.mutants.mutant import Mutant, Namespace


def lines_of(source: str, namespace: Namespace) -> dict[str, int]:
    """The tables of a module (mappings and sets by members of enumerations), and the lines that they begin in.

    But for those that only other tables are made of: these are mutated as what they are made of, in the source.
    """
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    read = {node.id for function in functions for node in ast.walk(function) if isinstance(node, ast.Name)}
    return {
        node.target.id: node.lineno
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        if isinstance(table := namespace[node.target.id], (Mapping, frozenset))
        if all(isinstance(entry, Enum) for entry in table)  # pyright: ignore[reportUnknownVariableType] - of any kind
        if node.target.id in read or not node.target.id.startswith("_")
    }


def mutants(source: str, namespace: Namespace) -> Iterator[Mutant]:
    """Every mutant of the tables."""
    names = {value: name for name, value in namespace.items() if name.isupper() and value.__hash__}
    for table, line in lines_of(source, namespace).items():
        for keys, says, changed in _changes((), namespace[table], list(_leaves(namespace[table])), names):
            where = "".join(f"[{key}]" for key in keys)
            yield Mutant(line, f"{table}{where} {says}", source, partial(_put, (table, *keys), changed))


def _put(where: Sequence[Any], value: object, namespace: Namespace) -> None:
    *before, last = where
    within = namespace
    for key in before:
        within = within[key]
    within[last] = value


def _leaves(table: Any) -> dict[Any, None]:
    """What the rows lead to at last, each once. In the order of the words, which is the same in every run."""
    if not isinstance(table, Mapping):
        return {table: None}
    return {leaf: None for key in sorted(table) for leaf in _leaves(table[key])}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - of any kind


def _changes(
    keys: tuple[Any, ...], table: Any, leaves: Sequence[Any], names: Mapping[Any, str]
) -> Iterator[tuple[tuple[Any, ...], str, object]]:
    """What may stand in the place of this table or of a row of it."""
    kind: Any = type(next(iter(table)))
    if isinstance(table, frozenset):
        for member in kind:
            yield keys, f"{'without' if member in table else 'with'} {member}", table ^ {member}
        return
    for key in kind:
        if key not in table:
            if table and not isinstance(value := table[min(table)], (Mapping, frozenset)):
                yield keys, f"with {key}", {**table, key: value}
            continue
        yield keys, f"without {key}", {other: table[other] for other in table if other is not key}
        if isinstance(table[key], (Mapping, frozenset)):
            yield from _changes((*keys, key), table[key], leaves, names)
        else:
            other = leaves[(leaves.index(table[key]) + 1) % len(leaves)]
            yield keys, f"{key} to {names.get(other, other)}", {**table, key: other}
