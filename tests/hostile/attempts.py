"""Requests that fit an operation of the contract, but for a few things that are wrong with them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from urllib.parse import quote

from tests.hostile import forms, nasty
from tests.hostile.nasty import Raw
from tests.hostile.operations import Contract, KnownIds, Operation, is_array, is_object
from tests.hostile.wire import Headers, Sent

GOOD: Final = 0.25  # so many are left as they should be, or nothing would ever get far
FORM: Final = "multipart/form-data"


@dataclass
class Attempt:
    """A request in the making. `wrong` names what was done to it."""

    operation: Operation
    method: str
    path: list[bytes]
    query: list[tuple[str, str]]
    headers: Headers
    value: Any = None
    form: forms.Form | None = None
    body: bytes | None = None
    raw_query: bytes | None = None
    wrong: list[str] = field(default_factory=list[str])

    def header(self, name: bytes, value: bytes) -> None:
        """Set it, instead of what was there."""
        self.headers = [(known, was) for known, was in self.headers if known.lower() != name.lower()]
        self.headers.append((name, value))

    def sent(self, dice: Random) -> Sent:
        """The request as it goes out, not signed in."""
        query = self.raw_query if self.raw_query is not None else _encoded(self.query)
        target = b"/" + b"/".join(self.path) + (b"?" + query if query else b"")
        body = self.body
        if body is None and self.form is not None:
            body = self.form.body()
            self.headers.insert(0, (b"Content-Type", self.form.content_type))
        elif body is None and self.operation.body_type:
            body = nasty.document(self.value, dice) if self.wrong else nasty.document(self.value, Random(1))
        return Sent(self.method, target, self.headers, body or b"")


def attempt(contract: Contract, operation: Operation, ids: KnownIds, dice: Random) -> Attempt:
    """A request to the operation: good once in a while, mostly with one to three things wrong."""
    made = _good(contract, operation, ids, dice)
    if dice.random() >= GOOD:
        for _ in range(dice.choice((1, 1, 1, 2, 3))):
            twist = dice.choice(_TWISTS_BY_KIND[dice.choice(_kinds(made))])
            made.wrong.append(twist.__name__.strip("_"))
            twist(made, dice)
    return made


def _good(contract: Contract, operation: Operation, ids: KnownIds, dice: Random) -> Attempt:
    values: dict[str, str] = {}
    query: list[tuple[str, str]] = []
    headers: Headers = []
    for parameter in operation.parameters:
        name, where = parameter["name"], parameter["in"]
        if where == "header":
            if (value := _header(name, dice)) is not None:
                headers.append((name.encode(), value))
        elif where == "path" or parameter.get("required") or dice.random() < 0.3:
            example = contract.example(parameter["schema"], dice, ids, name)
            if where == "path":
                values[name] = str(example)
            else:
                query += [(name, str(item)) for item in (example if is_array(example) else [example])]
    made = Attempt(
        operation=operation,
        method=operation.method,
        path=[quote(values.get(part.strip("{}"), part)).encode() for part in operation.path.split("/")[1:]],
        query=query,
        headers=headers,
    )
    if operation.body_type == FORM:
        made.form = forms.good(dice, of_copy=_is_of_copy(made))
    elif operation.body_type:
        made.value = contract.example(operation.body, dice, ids)
        headers.append((b"Content-Type", operation.body_type.encode()))
    return made


def _header(name: str, dice: Random) -> bytes | None:
    if name == "Idempotency-Key":
        return f"key-{dice.randrange(2**64)}".encode()
    if name == "If-Match":
        return dice.choice((None, b"*", b'"%d"' % dice.randrange(1, 6)))
    return b'"%d"' % dice.randrange(9) if dice.random() < 0.3 else None


def _encoded(query: list[tuple[str, str]]) -> bytes:
    return b"&".join(
        quote(name, errors="surrogatepass").encode() + b"=" + quote(value, errors="surrogatepass").encode()
        for name, value in query
    )


def _kinds(made: Attempt) -> list[str]:
    """Where something can be wrong, each as often as it deserves."""
    kinds = ["path", "query", "headers", "method"]
    if made.form is not None:
        return [*kinds, *(["form"] * 16)]
    return [*kinds, *(["body"] * 8)] if made.operation.body_type else [*kinds, "path", "query", "headers"]


Place = tuple[Any, Any]  # a container and a key or index in it


def _places(value: Any) -> list[Place]:
    found: list[Place] = []
    waiting = [value]
    while waiting:
        item = waiting.pop()
        keys: Any = item if is_object(item) else range(len(item)) if is_array(item) else ()
        for key in keys:
            found.append((item, key))
            waiting.append(item[key])
    return found


def _wrong_value(made: Attempt, dice: Random) -> None:
    places = _places(made.value)
    if not places:
        made.value = nasty.json_value(dice)
        return
    container, key = dice.choice(places)
    container[key] = nasty.json_value(dice)


def _left_out(made: Attempt, dice: Random) -> None:
    places = [(container, key) for container, key in _places(made.value) if is_object(container)]
    if places:
        container, key = dice.choice(places)
        del container[key]


def _unknown_key(made: Attempt, dice: Random) -> None:
    objects = [made.value] + [container[key] for container, key in _places(made.value)]
    objects = [one for one in objects if is_object(one)]
    if objects:
        dice.choice(objects)[nasty.text(dice)] = nasty.json_value(dice)


def _twin_keys(made: Attempt, dice: Random) -> None:
    if (
        is_object(made.value)
        and made.value
        and not any(isinstance(c[k], Raw) for c, k in _places(made.value))
    ):
        made.value = nasty.with_twin_keys(made.value, dice)


def _other_body(made: Attempt, dice: Random) -> None:
    made.value = nasty.json_value(dice)


def _random_bytes(made: Attempt, dice: Random) -> None:
    made.body = dice.choice((b"", dice.randbytes(50), b"\x1f\x8b\x08" + dice.randbytes(30), b"{" * 100_000))


def _content_type(made: Attempt, dice: Random) -> None:
    made.header(
        b"Content-Type",
        dice.choice((
            b"text/plain", b"application/json; charset=utf-16", b"application/x-www-form-urlencoded",
            b"application/xml",
            b"multipart/form-data; boundary=a", b"application/merge-patch+json", b"", b"\xff", b"json",
            b"*/*",
        )),
    )  # fmt: skip


def _too_long(made: Attempt, dice: Random) -> None:
    made.body = b'{"text": "' + b"x" * dice.choice((127 * 1024, 128 * 1024, 300_000)) + b'"}'


def _odd_part(made: Attempt, dice: Random) -> None:
    odd = dice.choice(
        (*nasty.ADDRESS_PARTS, *(quote(text, errors="surrogatepass").encode() for text in nasty.UUIDS))
    )
    made.path[dice.randrange(len(made.path))] = odd


def _odd_id(made: Attempt, dice: Random) -> None:
    places = [at for at, part in enumerate(made.operation.path.split("/")[1:]) if part.startswith("{")]
    if places and len(made.path) > places[-1]:
        odd = quote(nasty.text(dice)[:2000], safe="", errors="surrogatepass").encode()
        made.path[dice.choice(places)] = dice.choice((*nasty.ADDRESS_PARTS, odd))


def _odd_end(made: Attempt, dice: Random) -> None:
    made.path.append(dice.choice((b"", b"", b".json", b"..", b"%2e%2e", *nasty.ADDRESS_PARTS)))


def _other_case(made: Attempt, _dice: Random) -> None:
    made.path = [part.upper() for part in made.path]


def _odd_query(made: Attempt, dice: Random) -> None:
    names = [one["name"] for one in made.operation.parameters if one["in"] == "query"] or ["x"]
    name = dice.choice(names)
    value = nasty.cursor(dice) if name in {"cursor", "after"} else nasty.text(dice)[:3000]
    if dice.random() < 0.8:
        made.query = [(known, was) for known, was in made.query if known != name]
    made.query += [(name, value)] * dice.choice((1, 1, 1, 2, 300))


def _broken_query(made: Attempt, dice: Random) -> None:
    made.raw_query = dice.choice((
        b"%", b"%zz=1", b"a=%00", b"a=%ff", b"&&&=", b"a" * 5000, b"=", b"limit=%31%30&limit=x",
        b"%ed%a0%80=1", b"?a=?",
        b"&".join([b"a=b"] * 1500), b"cursor=%5B", b"state[]=draft", b"limit=5%26", b"a=b#c", b"limit[a]=1",
        b"x=%E0%A4%A",
    ))  # fmt: skip


_HEADERS: Final = (
    b"Idempotency-Key", b"Idempotency-Key", b"If-Match", b"If-Match", b"If-None-Match", b"Authorization",
    b"Cookie",
    b"Accept-Language", b"Accept", b"X-Correlation-Id", b"Origin", b"Sec-Fetch-Site", b"Last-Event-ID",
    b"Range", b"Expect-Ct",
    b"X-Forwarded-For", b"X-HTTP-Method-Override", b"Content-Encoding", b"Forwarded", b"If-Modified-Since",
    b"Content-Language",
)  # fmt: skip


def _odd_header(made: Attempt, dice: Random) -> None:
    made.header(dice.choice(_HEADERS), dice.choice(nasty.HEADER_VALUES))


def _twin_header(made: Attempt, dice: Random) -> None:
    name, value = dice.choice(made.headers) if made.headers else (dice.choice(_HEADERS), b"12345678")
    made.headers += [(name, dice.choice((value, *nasty.HEADER_VALUES)))] * dice.choice((1, 1, 30))


def _no_header(made: Attempt, dice: Random) -> None:
    if made.headers:
        del made.headers[dice.randrange(len(made.headers))]


def _odd_length(made: Attempt, dice: Random) -> None:
    made.header(
        b"Content-Length",
        dice.choice((b"0", b"1", b"99", b"\xb2", b"-1", b"1e3", b"99999999999999999999", b"")),
    )


def _other_method(made: Attempt, dice: Random) -> None:
    made.method = dice.choice(
        ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get")
    )


def _bad_form(made: Attempt, dice: Random) -> None:
    made.form = forms.bad(dice, of_copy=_is_of_copy(made))


def _is_of_copy(made: Attempt) -> bool:
    return made.operation.path.endswith("/copies")


Twist = Callable[[Attempt, Random], None]
_TWISTS_BY_KIND: Final[dict[str, tuple[Twist, ...]]] = {
    "body": (
        *(_wrong_value,) * 8, *(_unknown_key,) * 2, _left_out, _twin_keys, _other_body, _random_bytes,
        _content_type, _too_long,
    ),
    "path": (_odd_id, _odd_id, _odd_id, _odd_part, _odd_end, _other_case),
    "query": (_odd_query, _odd_query, _odd_query, _broken_query),
    "headers": (_odd_header, _odd_header, _odd_header, _twin_header, _no_header, _odd_length),
    "method": (_other_method,),
    "form": (*(_bad_form,) * 7, _random_bytes, _content_type),
}  # fmt: skip
