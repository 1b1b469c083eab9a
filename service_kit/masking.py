"""The last wall between a secret and a log.

We log ids. But errors are logged as their libraries word them, and they quote: an address with its password, a
row with a contact. What looks like a secret or a contact is masked in everything that is logged.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

_MASKS: Final = (
    # The user and password of an address: postgresql://user:password@host.
    (re.compile(r"(?<=://)[^\s/@]{1,300}@"), "***@"),
    # What PostgreSQL quotes of a row that breaks a constraint.
    (re.compile(r"(?<=DETAIL:  ).+"), "***"),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]+"), "***"),  # a JWT
    (re.compile(r"(?i)(?<=bearer )[\w.~+/=-]{8,}"), "***"),
    (re.compile(r"(?<=Basic )[\w+/=-]{8,}"), "***"),
    # The secret of a program's key, or an expert's token; by its public id it can still be found and ended.
    (re.compile(r"\b(ad[ek]_(?:live|test)_[0-9a-f]{0,16}+)\w+"), r"\1***"),
    (re.compile(r"\b(client_secret)=[^&\s'\"]+"), r"\1=***"),
    (re.compile(r"(?<=[?&])(signature|token|code)=[^&\s'\"]+"), r"\1=***"),
    (
        re.compile(r"(?<=/shared/)[\w-]{16,}|(?<=/badges/)[\w-]{16,}"),
        "***",
    ),  # what tells of a report to anybody
    (re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"), "***@***"),  # an e-mail address
    (re.compile(r"\+\d{10,15}\b"), "+***"),  # a phone
)


def masked(text: str) -> str:
    """The text without what looks like a secret, or like how to reach a person."""
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return text


def masked_in(value: Any) -> Any:
    """The same for all texts in a value as JSON has it. Names of members are ours, and stay."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {name: masked_in(item) for name, item in value.items()}  # pyright: ignore[reportUnknownVariableType] - a log may hold anything
    if isinstance(value, (list, tuple)):
        return [masked_in(item) for item in value]  # pyright: ignore[reportUnknownVariableType] - a log may hold anything
    return value
