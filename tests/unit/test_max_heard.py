"""What MAX tells, as its documents and the payloads that others have recorded have it; and anything else."""

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_kit.chats.heard import Heard, Press
from service_kit.chats.messenger import Place
from service_kit.max.heard import hear
from service_kit.max.messenger import MAX, UPDATES

USER: Final = {"user_id": 123456789, "first_name": "John", "last_name": "Doe", "is_bot": False}
NAMES: Final = (
    *("update_type", "timestamp", "message", "callback", "user", "sender", "recipient", "body", "user_id"),
    *("chat_id", "chat_type", "text", "attachments", "type", "payload", "user_locale", "name", "mid"),
)
STARTED: Final[dict[str, Any]] = {
    "timestamp": 1775025604499,
    "chat_id": 182182182,
    "user": USER,
    "user_locale": "ru",
    "user_id": 123456789,
    "update_type": "bot_started",
}
WRITTEN: Final[dict[str, Any]] = {
    "message": {
        "recipient": {"chat_id": 182182182, "chat_type": "dialog", "user_id": 123456789},
        "timestamp": 1775053255737,
        "body": {"mid": "mid.ffffbdb48e6c3775019d496b34394b84", "seq": 116327994376978687, "text": " /help "},
        "sender": USER,
    },
    "timestamp": 1775025604499,
    "user_locale": "en-GB",
    "update_type": "message_created",
}
PRESSED: Final[dict[str, Any]] = {
    "callback": {"timestamp": 1, "callback_id": "f9LHodD0", "user": USER, "payload": "language:en"},
    "message": {**WRITTEN["message"], "sender": {"user_id": 229229229, "is_bot": True}},
    "timestamp": 1775025604500,
    "update_type": "message_callback",
}
JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(UPDATES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=30,
)


def place(body: dict[str, Any]) -> Place:
    found = MAX.place_of(body)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("body", "heard"),
    [
        (STARTED, Heard(device="John Doe", text="/start")),
        ({**STARTED, "payload": "tok-en_1"}, Heard(device="John Doe", text="/start tok-en_1")),
        (WRITTEN, Heard(device="John Doe", text="/help", language="en")),
        (PRESSED, Heard(device="John Doe", press=Press("f9LHodD0", "language", "en", None))),
        ({**STARTED, "update_type": "bot_stopped"}, Heard(has_left=True)),
    ],
)
def test_what_is_said_is_understood(body: dict[str, Any], heard: Heard) -> None:
    assert hear(body) == heard
    assert place(body).chat_id == USER["user_id"]


def test_numbers_go_by_when_it_happened_and_are_the_same_for_what_is_told_again() -> None:
    assert place(STARTED) == place(dict(STARTED))
    assert place(STARTED).update_id != place(WRITTEN).update_id
    assert max(place(STARTED).update_id, place(WRITTEN).update_id) < place(PRESSED).update_id < 2**63


def test_a_group_is_no_place_of_a_persons() -> None:
    recipient = {"chat_id": -70801090403050, "chat_type": "chat"}
    group = {**WRITTEN, "message": {**WRITTEN["message"], "recipient": recipient}}
    assert place(group).chat_id == -70801090403050
    assert not hear(group).is_private
    # No document has a group above zero: there it might be taken for a person.
    above = {**WRITTEN, "message": {**WRITTEN["message"], "recipient": {**recipient, "chat_id": 5}}}
    assert MAX.place_of(above) is None


@given(st.dictionaries(st.sampled_from(NAMES), JSON), st.sampled_from(UPDATES))
def test_whatever_is_told_is_understood_or_not_and_no_error(body: dict[str, Any], kind: str) -> None:
    for one in (body, {**body, "update_type": kind, "timestamp": 5}):
        found = MAX.place_of(one)
        assert found is None or (0 <= found.update_id < 2**63 and -(2**63) < found.chat_id < 2**63)
        assert len(hear(one).device) <= 64
