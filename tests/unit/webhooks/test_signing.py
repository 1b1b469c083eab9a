"""Signatures, as whoever implements Standard Webhooks verifies them."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from cabinet_service.webhooks import signing


@given(told=st.dictionaries(st.text(max_size=20), st.text(max_size=50), max_size=5))
def test_each_secret_in_use_verifies(told: dict[str, str]) -> None:
    body = json.dumps(told).encode()
    old, new = signing.new_secret(), signing.new_secret()
    sent = signing.headers(uuid4(), body, secrets=(new, old), now=datetime.now(UTC))
    for secret in (old, new):
        Webhook(secret).verify(body, sent)


@pytest.mark.parametrize("part", ["webhook-id", "webhook-timestamp", "body", "secret"])
def test_nothing_may_be_changed(part: str) -> None:
    secret, body = signing.new_secret(), b'{"type":"inspection.queued"}'
    sent = signing.headers(uuid4(), body, secrets=[secret], now=datetime.now(UTC))
    if part == "webhook-timestamp":
        sent[part] = str(int(sent[part]) + 1)
    elif part == "webhook-id":
        sent[part] = str(uuid4())
    elif part == "body":
        body += b" "
    else:
        secret = signing.new_secret()
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body, sent)


def test_a_secret_is_long_and_says_what_it_is() -> None:
    secrets = {signing.new_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert all(one.startswith("whsec_") and len(one) == len("whsec_") + 44 for one in secrets)
