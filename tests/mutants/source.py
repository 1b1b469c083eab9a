"""Mutants of the source: another comparison, a condition that always holds, an entry less, a neighbouring state.

What says nothing of a rule is left as it is: annotations, decorators, and strings, which are messages or words
on the wire (`api_contracts` holds those).
"""

import ast
import copy
import difflib
from collections.abc import Collection, Iterator
from enum import Enum
from itertools import accumulate, product
from typing import Any, Final

from tests.mutants.mutant import Mutant, Namespace

COMPARISONS: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
NEIGHBOURS: Final = {"max": "min", "min": "max", "any": "all", "all": "any", "sorted": "list"}
TRUE: Final = ast.Constant(True)
FALSE: Final = ast.Constant(False)
# What has to stand in brackets for its neighbours to leave it together.
COMPOUND: Final = (ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.Compare, ast.IfExp, ast.Tuple)


def mutants(source: str, namespace: Namespace, tables: Collection[str]) -> Iterator[Mutant]:
    """Every mutant of `source`, whose names mean what `namespace` says. `tables` are mutated elsewhere."""
    encoded = source.encode()
    starts = [0, *accumulate(map(len, encoded.splitlines(keepends=True)))]

    def offset(line: int, column: int) -> int:
        return starts[line - 1] + column

    seen = {source}
    for owner, node in _nodes(ast.parse(source), tables):
        variants = ((node, variant) for variant in _variants(node, namespace))
        for place, variant in (*_conditions(node), *variants):
            text = ast.unparse(variant)
            if isinstance(variant, COMPOUND):
                text = f"({text})"
            before = encoded[: offset(place.lineno, place.col_offset)]
            behind = encoded[offset(place.end_lineno, place.end_col_offset) :]
            mutated = (before + text.encode() + behind).decode()
            if mutated not in seen:
                seen.add(mutated)
                yield Mutant(place.lineno, f"{owner}\n{_difference(source, mutated)}", mutated)


def _difference(source: str, mutated: str) -> str:
    lines = list(difflib.unified_diff(source.splitlines(), mutated.splitlines(), n=0, lineterm=""))
    return "\n".join(f"{line[0]} {line[1:].strip()}" for line in lines[3:] if not line.startswith("@@"))


def _nodes(tree: ast.Module, tables: Collection[str]) -> Iterator[tuple[str, Any]]:
    """What may be mutated, with the function or class that it is in."""
    todo: list[tuple[str, ast.AST]] = [
        ("", node)
        for node in tree.body
        if not (
            isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id in tables
        )
    ]
    while todo:
        owner, node = todo.pop(0)
        yield owner, node
        if isinstance(node, ast.JoinedStr):
            continue
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            owner = f"{owner}.{node.name}".removeprefix(".")
        for name, value in ast.iter_fields(node):
            if name not in ("annotation", "returns", "decorator_list", "bases"):
                todo += [(owner, child) for child in _listed(value) if isinstance(child, ast.AST)]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]  # pyright: ignore[reportUnknownVariableType] - of any kind


def _conditions(node: ast.AST) -> Iterator[tuple[Any, ast.AST]]:
    """Every condition held to be true, and to be false."""
    match node:
        case ast.If(test=test):
            tests = [test]
        case ast.comprehension(ifs=ifs):
            tests = ifs
        case ast.match_case(guard=guard) if guard is not None:
            tests = [guard]
        case _:
            tests = []
    yield from product(tests, (TRUE, FALSE))


def _variants(node: ast.AST, namespace: Namespace) -> Iterator[ast.AST]:
    """What may stand in the place of `node`."""
    match node:
        case ast.Tuple() | ast.List() | ast.Set():
            yield from _less_one(node, "elts")
        case ast.MatchOr():
            yield from _less_one(node, "patterns")
        case ast.Call():
            yield from _calls(node)
        case ast.Attribute():
            yield from _neighbour(node, namespace)
        case ast.expr():
            yield from _values(node)
        case ast.stmt():
            yield from _statements(node)
        case _:
            pass


def _values(node: ast.expr) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            for index, operator in enumerate(node.ops):
                for other in COMPARISONS[type(operator)]:
                    yield _with(node, "ops", [*node.ops[:index], other(), *node.ops[index + 1 :]])
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
            yield from _less_one(node, "values") if len(node.values) > 2 else iter(node.values)
        case ast.UnaryOp():
            yield node.operand
        case ast.BinOp(op=operator) if type(operator) in ARITHMETIC:
            yield ast.BinOp(node.left, ARITHMETIC[type(operator)](), node.right)
            yield from (node.left, node.right)
        case ast.IfExp():
            yield from (node.body, node.orelse)
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
        case _:
            pass


def _statements(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.AugAssign():
            yield ast.Assign([node.target], node.value, lineno=node.lineno)
            yield ast.Pass()
        case ast.Return(value=value) if value is not None:
            yield ast.Return(ast.Constant(None))
        case ast.Break():
            yield ast.Continue()
        case ast.Continue():
            yield ast.Break()
        case ast.Raise() | ast.Expr(value=ast.Call()):
            yield ast.Pass()
        case _:
            pass


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    """Without an argument that it works without, or of the function's counterpart."""
    yield from _less_one(node, "keywords")
    if isinstance(node.func, ast.Name) and node.func.id in NEIGHBOURS:
        yield _with(node, "func", ast.Name(NEIGHBOURS[node.func.id]))
        if len(node.args) > 1:
            yield from node.args
    elif any(isinstance(argument, ast.Starred) for argument in node.args):
        yield from _less_one(node, "args")


def _neighbour(node: ast.Attribute, namespace: Namespace) -> Iterator[ast.AST]:
    """The next member of the enumeration, where this is one."""
    kind = namespace.get(node.value.id) if isinstance(node.value, ast.Name) else None
    if isinstance(kind, type) and issubclass(kind, Enum) and node.attr in kind.__members__:
        names = [*kind.__members__, *kind.__members__]
        yield _with(node, "attr", names[names.index(node.attr) + 1])


def _less_one(node: ast.AST, field: str) -> Iterator[ast.AST]:
    entries: list[ast.AST] = getattr(node, field)
    for index in range(len(entries)):
        yield _with(node, field, entries[:index] + entries[index + 1 :])


def _with(node: ast.AST, field: str, value: object) -> ast.AST:
    changed = copy.copy(node)
    setattr(changed, field, value)
    return changed
