"""Errors quote what they are about; logs must not."""

import pytest

from service_kit.masking import masked, masked_in

KEY = "adk_live_0123456789abcdef_" + "0f" * 32
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl-_"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cannot reach postgresql://cabinet:s3:cr%2Fet@db:5432/x", "cannot reach postgresql://***@db:5432/x"),
        ("redis://:secret@valkey:6379/0 is away", "redis://***@valkey:6379/0 is away"),
        ('fails\nDETAIL:  Key (value)=("x y") already exists.\nHINT', "fails\nDETAIL:  ***\nHINT"),
        (f"bad token {TOKEN}!", "bad token ***!"),
        ("Authorization: Bearer abc.def-123", "Authorization: Bearer ***"),
        (f"authorization: bearer {KEY}", "authorization: bearer ***"),
        (f"no such key: {KEY}, sorry", "no such key: adk_live_0123456789abcdef***, sorry"),
        (f"half of one: {KEY[:-40]}", "half of one: adk_live_0123456789abcdef***"),
        ("one that was typed: adk_test_Secret", "one that was typed: adk_test_***"),
        (f"no such token: {KEY.replace('adk', 'ade')}", "no such token: ade_live_0123456789abcdef***"),
        ("Authorization: Basic YWRrX2xpdmVf", "Authorization: Basic ***"),
        ("client_id=x&client_secret=0f0f0f&scope=", "client_id=x&client_secret=***&scope="),
        ("403 for '/photos/1?expires=7&signature=aB-_9'", "403 for '/photos/1?expires=7&signature=***'"),
        ("/api/v1/shared/aB-_9012345678901234567890123456/state is away", "/api/v1/shared/***/state is away"),
        ("/api/v1/badges/aB-_9012345678901234567890123456/verify is away", "/api/v1/badges/***/verify is away"),
        ("550 <anna.k+x@mail.example.com> unknown", "550 <***@***> unknown"),
        ("no such number +79211234567", "no such number +***"),
    ],
)  # fmt: skip
def test_what_an_error_quotes_is_masked(text: str, told: str) -> None:
    assert masked(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "http://127.0.0.1:8001/api/v1/me is away",
        "2026-03-02T12:00:00.123456+00:00 queue cabinet.events",
        "01a207e3-a59f-712e-962a-a0780d951677",
        "decode error @ byte 7 in eyJ",
        "key adk_live_0123456789abcdef was made",
        "a basic instinct",
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert masked(text) == text


def test_texts_are_masked_however_deep_they_lie() -> None:
    event = {"n": 1, "exception": [{"exc_value": "a@b.example", "frames": ["x", None]}]}

    assert masked_in(event) == {"n": 1, "exception": [{"exc_value": "***@***", "frames": ["x", None]}]}


def test_a_long_text_is_masked_in_no_time() -> None:
    text = "a" * 1_000_000

    assert masked(text) == text
