"""Where in a document something is.

`vehicle.vin` is within the item at hand, `../vin` within the one around it, `/vin` within the document. `[]` is
every element of a list: `parts[].name` gives a tuple. `/history[#].date` is the element at the item's own place.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, cast


class Item(NamedTuple):
    """A value in a document, with the values around it from the document inwards, and its place in its list."""

    around: tuple[Any, ...]
    value: Any
    place: int

    @property
    def document(self) -> Any:
        """The whole of it."""
        return self.around[0] if self.around else self.value


def items_at(path: str, document: Any) -> Iterator[Item]:
    """The items at `path`: the document itself for an empty one, and none where there is nothing."""
    found = [Item((), document, 0)]
    for step in path.split(".") if path else ():
        found = list(_stepped(found, step))
    yield from found


def _stepped(items: Sequence[Item], step: str) -> Iterator[Item]:
    name = step.removesuffix("[]")
    for item in items:
        value = _member(item.value, name)
        around = (*item.around, item.value)
        if not step.endswith("[]"):
            if value is not None:
                yield Item(around, value, item.place)
        elif isinstance(value, list):
            elements = cast("list[Any]", value)
            yield from (Item(around, element, place) for place, element in enumerate(elements))


def getter(path: str) -> Callable[[Item], Any]:
    """What takes the value at `path` out of an item: a scalar, a tuple of them, or None."""
    if path.startswith("/"):
        steps = path[1:].split(".")
        return lambda item: _taken(item.document, steps, item.place)
    if "." in path and ".." not in path:  # the name of a flat column may have dots
        return lambda item: _named(item.value, path) or _taken(item.value, path.split("."), item.place)
    ups = path.count("../")
    rest = path[3 * ups :]
    steps = rest.split(".") if rest else []
    if ups:
        return lambda item: _taken(item.around[-ups] if ups <= len(item.around) else None, steps, item.place)
    return lambda item: _taken(item.value, steps, item.place)


def _taken(value: Any, steps: Sequence[str], place: int) -> Any:
    for at, step in enumerate(steps):
        if step.endswith("[]"):
            elements = _member(value, step[:-2])
            if not isinstance(elements, list):
                return None
            rest = steps[at + 1 :]
            taken = (_taken(element, rest, place) for element in cast("list[Any]", elements))
            return tuple(one for one in taken if one is not None)
        if step.endswith("[#]"):
            elements = _member(value, step[:-3])
            here = cast("list[Any]", elements) if isinstance(elements, list) else []
            value = here[place] if place < len(here) else None
        else:
            value = _member(value, step)
        if value is None:
            return None
    return _scalar(value)


def _named(value: Any, name: str) -> Any:
    return _scalar(cast("dict[str, Any]", value).get(name)) if isinstance(value, dict) else None


def _member(value: Any, name: str) -> Any:
    if not name:
        return value
    return cast("dict[str, Any]", value).get(name) if isinstance(value, dict) else None


def _scalar(value: Any) -> Any:
    """No field is an object; a list of scalars is a tuple."""
    if isinstance(value, dict):
        return None
    if isinstance(value, list):
        elements = cast("list[Any]", value)
        return tuple(plain(one) for one in elements if not isinstance(one, dict | list))
    return plain(value)


def plain(cell: Any) -> Any:
    """A cell that can be told from others: True is not 1, and a list is a tuple."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return tuple(map(plain, cast("list[Any]", cell))) if isinstance(cell, list) else cell
