"""Which problems a route can answer with, read off its code: those that are raised in whatever it calls.

Followed are the functions of a route and of its dependencies, into modules of this product only, and methods of
what is annotated. So this tells too much where a caller catches what a callee raises, and too little where a call
goes through an interface. Tests hold it against every answer that they see.
"""

import ast
import inspect
import types
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any, Final, NamedTuple, cast, get_args

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from service_kit.http.problems import Problem

# A table of ours, such as that of the problems for refusals; not some data.
_LONGEST_TABLE: Final = 60


class _Instance(NamedTuple):
    """What is known of the value of an expression: its class."""

    kind: type


def problems_of(route: APIRoute, packages: frozenset[str]) -> list[type[Problem]]:
    """Sorted by their codes; `packages` are those of this product."""
    seen: set[types.FunctionType] = set()
    problems: dict[str, type[Problem]] = {}
    waiting = [found for call in _calls(route.dependant) for found in _called(call, packages)]
    while waiting:
        function = waiting.pop()
        if function in seen:
            continue
        seen.add(function)
        for thing in _mentioned(function):
            if isinstance(thing, type) and issubclass(thing, Problem):
                if code := getattr(thing, "code", None):
                    problems[code] = thing
            else:
                waiting += _called(thing, packages)
    return [problems[code] for code in sorted(problems)]


def _calls(dependant: Dependant) -> Iterator[Any]:
    if dependant.call is not None:
        yield dependant.call
    for dependency in dependant.dependencies:
        yield from _calls(dependency)


def _called(thing: Any, packages: frozenset[str]) -> list[types.FunctionType]:
    """The functions of ours that run when `thing` is called."""
    if isinstance(thing, partial):
        thing = thing.func
    if isinstance(thing, types.MethodType):
        thing = thing.__func__
    if isinstance(thing, property | cached_property):
        thing = thing.fget if isinstance(thing, property) else thing.func
    if isinstance(thing, type):
        thing = thing.__init__
    elif not isinstance(thing, types.FunctionType) and callable(thing):
        thing = getattr(type(thing), "__call__", None)  # noqa: B004 - the method, not whether there is one
    thing = inspect.unwrap(thing) if callable(thing) else thing
    is_ours = isinstance(thing, types.FunctionType) and thing.__module__.partition(".")[0] in packages
    return [thing] if is_ours else []


@cache
def _mentioned(function: types.FunctionType) -> list[Any]:
    """The problems and callables that the function's own code names."""
    node = _definitions(function.__code__.co_filename).get(function.__code__.co_firstlineno)
    if node is None:
        return []
    reader = _Reader(function)
    for statement in node.body:
        reader.visit(statement)
    return reader.found


@cache
def _definitions(path: str) -> dict[int, ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions of a file, by the line at which their code begins."""
    file = Path(path)
    if not file.is_file():  # the code of a dataclass is nowhere
        return {}
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {
        min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]): node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


class _Reader(ast.NodeVisitor):
    """Collects what the statements of one function name."""

    def __init__(self, function: types.FunctionType) -> None:
        self.found: list[Any] = []
        cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        self._known: dict[str, Any] = dict(function.__globals__)
        for name, cell in cells:
            try:
                self._known[name] = cell.cell_contents
            except ValueError:  # not yet filled
                continue
        for name, annotation in function.__annotations__.items():
            self._known[name] = _instance(annotation)
        owner = function.__globals__.get(function.__qualname__.rpartition(".")[0])
        if isinstance(owner, type):
            self._known["self"] = _Instance(owner)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        for statement in node.body:  # what it catches is not raised
            self.visit(statement)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        for target in node.targets:
            self._bind(target, node.value)

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._known[target.id] = self._value(value)
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for one, its in zip(target.elts, value.elts, strict=False):
                self._bind(one, its)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.func.id in {"isinstance", "issubclass"}:
            return
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        self._take(self._known.get(node.id))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._take(self._value(node))
        if not _is_problem(self._value(node.value)):  # its code or status is not the problem
            self.visit(node.value)

    def _take(self, value: Any) -> None:
        if isinstance(value, Mapping):
            value = list(cast("Mapping[Any, Any]", value).values())
        if isinstance(value, list | tuple | frozenset) and not isinstance(value, _Instance):
            self.found += [
                one for one in list(cast("Iterable[Any]", value))[:_LONGEST_TABLE] if callable(one)
            ]
        elif callable(value) or isinstance(value, property | cached_property):
            self.found.append(value)

    def _value(self, node: ast.expr) -> Any:
        """What an expression is, as far as that can be told; else None."""
        match node:
            case ast.Name(id=name):
                return self._known.get(name)
            case ast.Await(value=inner):
                return self._value(inner)
            case ast.Call(func=called):
                return self._result(self._value(called))
            case ast.Attribute(value=inner, attr=name):
                return _attribute(self._value(inner), name)
            case _:
                return None

    @staticmethod
    def _result(called: Any) -> Any:
        if isinstance(called, type):
            return _Instance(called)
        return _instance(getattr(called, "__annotations__", {}).get("return"))


def _is_problem(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, Problem)


def _attribute(owner: Any, name: str) -> Any:
    if isinstance(owner, types.ModuleType | type):
        return getattr(owner, name, None)
    kind = _class_of(owner)
    found = inspect.getattr_static(kind, name, None)
    if isinstance(found, staticmethod | classmethod):
        return cast("Any", found).__func__
    if isinstance(found, types.FunctionType | property | cached_property):
        return cast("Any", found)
    for one in kind.__mro__:
        if name in (annotations := inspect.get_annotations(one)):
            return _instance(annotations[name])
    return None


def _class_of(value: Any) -> type:
    if isinstance(value, property | cached_property):
        getter: Any = value.fget if isinstance(value, property) else cast("Any", value).func
        value = _instance(getter.__annotations__.get("return"))
    return value.kind if isinstance(value, _Instance) else type(value)


def _instance(annotation: Any) -> _Instance | None:
    """A value of that annotation: of the first class that it names, inside of Annotated and unions."""
    for kind in _classes(annotation):
        return _Instance(kind)
    return None


def _classes(annotation: Any) -> Iterable[type]:
    if isinstance(annotation, type) and annotation is not types.NoneType:
        yield annotation
    else:
        for inner in get_args(annotation):
            yield from _classes(inner)
