"""Values that programs trip over. What is not text or JSON is made as bytes, to be sent just so."""

import base64
import json
from copy import deepcopy
from random import Random
from typing import Any, Final

UUIDS: Final = (
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "{12345678-1234-5678-1234-567812345678}",
    "urn:uuid:12345678-1234-5678-1234-567812345678",
    "12345678123456781234567812345678",
    "12345678-1234-5678-1234-56781234567",
    "１２345678-1234-5678-1234-567812345678",
    "0" * 500,
)
INSTANTS: Final = (
    "0000-00-00T00:00:00Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59.999999-23:59",
    "9999-12-31T24:00:00Z",
    "+275760-09-13T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-01-01T00:00:00",
    "2026-01-01T00:00:60Z",
    "2026-01-01T00:00:00+99:99",
    "2026-W01-1",
    "99999999999999999999",
    "-1e300",
    "yesterday",
)
NUMBERS: Final = (
    "0", "-1", "1", "-0", "00", "2147483647", "2147483648", "-2147483649", "9223372036854775808", "1e5",
    "1e400",
    "1_000", "0x10", "٣", "²", "NaN", "Infinity", "1.5", " 1 ", "+1", "9" * 400, "9" * 5000,
)  # fmt: skip
CONTACTS: Final = (
    "a@b", "@", "a@b@c.example", '"a b"@example.com', "a@[127.0.0.1]", "a@[IPv6:::1]", "ü@exämple.com",
    "a@xn--80ak6aa92e.example", "a" * 65 + "@example.com", "a@" + "b" * 250 + ".example",
    "a\r\nBcc: x@example.com",
    "+7", "+999999999999999999", "8 (999) 000-00-00", "tel:+79990000000;ext=1", "+7९९९०००००००", "٠١٢٣٤٥٦٧٨٩",
)  # fmt: skip
LINKS: Final = (
    "javascript:alert(1)", "file:///etc/passwd", "http://[::1", "http://a:99999", "https://ex ample/", "//",
    "http://",
    "https://user:password@avito.example/", "http://" + "a" * 3000, "http://\u202eexample", "http://例え.テスト",
)  # fmt: skip
TEXTS: Final = (
    "",
    " ",
    "\t\r\n",
    "\0",
    "a\0b",
    "\ud800",
    "\udfff\ud800",
    "\U0001f469\u200d\U0001f467" * 30,
    "\ufeff",
    "\ufffe\uffff",
    "\u2028\u2029\u0085",
    "\u202e\u2066abc",
    "e" + "\u0301" * 500,
    "İıßŉǰΐﬃ" * 40,
    "ﷺ" * 200,
    "'; DROP TABLE inspections; --",
    "\\",
    "%",
    "_%\\%",
    "{0.__class__}",
    "{params[x]}",
    "%s%n%x",
    "${jndi:ldap://x}",
    "../../../../etc/passwd",
    "<script>alert(1)</script>",
    "null",
    "true",
    "x" * 199,
    "x" * 201,
    "ё" * 4001,
    "x" * 8001,
    "x" * 100_000,
)


def text(dice: Random) -> str:
    """A text of any of these kinds."""
    kind = dice.choice((UUIDS, INSTANTS, NUMBERS, CONTACTS, LINKS, TEXTS, TEXTS, TEXTS))
    chosen = dice.choice(kind)
    if dice.random() < 0.1:
        return chosen + dice.choice(TEXTS)
    if dice.random() < 0.1:
        return "".join(chr(dice.choice((dice.randrange(0x250), dice.randrange(0x110000)))) for _ in range(9))
    return chosen


class Raw(bytes):
    """Goes into a JSON document just as it is, whether that makes it JSON or not."""


_RAW: Final = (
    b"9" * 400, b"9" * 4400, b"-" + b"9" * 60_000, b"1e400", b"-1e-400", b"1E+2", b"-0", b"-0.0", b"0.1e1",
    b"NaN", b"-Infinity", b"+1", b".5", b"0x10", b"01", b"1_000", b"'a'", b"undefined", b"True", b"", b",",
    b"}",
    b"[" * 60 + b"]" * 60, b"[" * 950 + b"]" * 950, b"[" * 60_000, b'{"a":' * 20_000, b'[{"":' * 900,
    b'{"a":1,"a":{"b":2}}', b'{"__proto__":{}}', b"/*x*/1", b'"\\x41"', b'"\\ud83d"', b'"\\uD800\\uD800"',
    b'"\\u0000"',
    b'"\xff"', b'"\xed\xa0\x80"', b'"\xf5\x80\x80\x80"', b'"tab\there"', b'"newline\nhere"', b'"unclosed',
)  # fmt: skip
_OTHERS: Final[tuple[Any, ...]] = (
    None,
    True,
    False,
    0,
    -1,
    2**31,
    2**63,
    10**30,
    0.5,
    -1e308,
    [],
    {},
    [[]],
    {"": ""},
    [None] * 500,
)


def json_value(dice: Random) -> Any:
    """A value to stand where another kind of value is expected."""
    chosen = dice.random()
    if chosen < 0.45:
        return text(dice)
    if chosen < 0.75:
        return Raw(dice.choice(_RAW))
    if chosen < 0.8:
        return {text(dice): text(dice) for _ in range(dice.randrange(1, 40))}
    return deepcopy(dice.choice(_OTHERS))  # a later twist may write into it


_ENVELOPES: Final = (
    b"", b" ", b"\xef\xbb\xbf%s", b"%s%s", b"%s,", b"[%s]", b"{%s}", b"\x00%s", b"%s\x00", b"<a>%s</a>",
    b"a=%s",
)  # fmt: skip


def document(value: Any, dice: Random) -> bytes:
    """`value` as JSON, now and then in a coding or a wrapping that it should not have."""
    raws: list[bytes] = []

    def mark(raw: object) -> str:
        assert isinstance(raw, Raw)
        raws.append(raw)
        return f"@@raw {len(raws) - 1}@@"

    ascii_only = dice.random() < 0.7
    written = json.dumps(value, ensure_ascii=ascii_only, default=mark)
    data = written.encode("utf-8", "surrogatepass")
    for number, raw in enumerate(raws):
        data = data.replace(f'"@@raw {number}@@"'.encode(), raw, 1)
    chosen = dice.random()
    if chosen < 0.05:
        return dice.choice(_ENVELOPES).replace(b"%s", data)
    if chosen < 0.08:
        return data[: dice.randrange(len(data) + 1)]
    if chosen < 0.10:
        return written.encode(dice.choice(("utf-16", "utf-32-le", "utf-7")), "replace")
    if chosen < 0.12 and data:
        at = dice.randrange(len(data))
        return data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :]
    return data


def with_twin_keys(value: dict[str, Any], dice: Random) -> Raw:
    """An object that has one of its keys twice, with another value."""
    key = dice.choice(list(value))
    first = json.dumps(value)[:-1]
    return Raw(f"{first}, {json.dumps(key)}: {json.dumps(dice.choice(_OTHERS))}}}".encode())


_KEYS: Final = (
    "[]", "{}", "null", '""', "[1,2]", '["x"]', '["x","y"]', '["x","y","z"]', "[null,null]",
    '["\\u0000","x"]',
    '["\\ud800","x"]', '["²"]', '["9223372036854775808"]', '["٣"]', '["' + "9" * 250 + '"]', "[" * 300,
    '["0001-01-01T00:00:00+23:59","12345678-1234-5678-1234-567812345678"]',
    '["9999-12-31T23:59:59-23:59","12345678-1234-5678-1234-567812345678"]',
    '["2026-01-01","12345678-1234-5678-1234-567812345678"]',
    '["2026-01-01T00:00:00Z","{12345678-1234-5678-1234-567812345678}"]',
)  # fmt: skip


def cursor(dice: Random) -> str:
    """A cursor that no list gave out."""
    if dice.random() < 0.2:
        return text(dice)
    encoded = base64.urlsafe_b64encode(dice.choice(_KEYS).encode()).decode()
    return dice.choice((encoded, encoded.rstrip("="), encoded + "=", encoded[1:], encoded + "\u00e9"))


ADDRESS_PARTS: Final = (
    b"%00", b"%ff", b"%ed%a0%80", b"%", b"%2", b"%zz", b"%2e%2e", b"..", b".", b"%2f", b"%5c", b"%25",
    b"%252e", b";a=b",
    b"%20", b"%0d%0aX-Injected:%201", b"%c0%ae", b"%e2%80%ae", b"null", b"~", b"*", b"a" * 3000,
    b"%f0%9f%9a%97",
)  # fmt: skip
HEADER_VALUES: Final = (
    b"", b" ", b"\xff\xfe", b"\xd0\xb6", b"a" * 20_000, b",", b";", b'"', b"*", b"W/", b'W/"1"',
    b'"1", "2"', b'"-1"',
    b'"99999999999999999999"', b"\xb2", b"\xd9\xa3", b"q=1", b"ru;q=nan", b"ru;q=inf",
    b"ru;q=-1,en;q=1e400", b"ru," * 5000,
    b"Bearer", b"Bearer ", b"Basic YTpi", b"Bearer \xff", b"Bearer " + b"x" * 9000, b"null",
    b"18446744073709551616",
    b"\xc2\xb2", b"a=b; " * 1000, b"12345678", b"same-origin", b"http://evil.example", b"application/json",
    b"0x10",
)  # fmt: skip
