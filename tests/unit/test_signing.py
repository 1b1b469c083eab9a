from datetime import UTC, datetime, timedelta

import pytest

from service_kit.signing import REPLAY_WINDOW, SIGNATURE_HEADER, TIMESTAMP_HEADER, BadSignature, KeyRing

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
OLD, NEW = "the key of last year", "the key of this year"
TARGET, BODY = "/internal/v1/cases/7?after_seq=3", b'{"n": 1}'


def test_the_first_key_signs_and_any_verifies() -> None:
    before, during, after = KeyRing([OLD]), KeyRing([OLD, NEW]), KeyRing([NEW, OLD])
    for signer in (before, during, after):
        for verifier in (during, after):
            verifier.verify(b"text", signer.sign(b"text"))
    assert during.sign(b"text") == before.sign(b"text")
    assert after.sign(b"text") == KeyRing([NEW]).sign(b"text")
    with pytest.raises(BadSignature):
        before.verify(b"text", after.sign(b"text"))


@pytest.mark.parametrize("signature", ["", "x", "é", "\udc80", "A" * 43, "A" * 100_000])
def test_what_no_key_of_ours_made_is_refused(signature: str) -> None:
    with pytest.raises(BadSignature):
        KeyRing([OLD, NEW]).verify(b"text", signature)


@pytest.mark.parametrize("keys", [[], [""], ["short"], [NEW, "short"]])
def test_a_key_that_is_no_secret_is_refused(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="at least one key"):
        KeyRing(keys)


def test_a_request_is_verified_as_it_was_signed() -> None:
    ring = KeyRing([NEW])
    headers = ring.request_headers("post", TARGET, BODY, NOW)
    ring.verify_request("POST", TARGET, headers, BODY, NOW)


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("PUT", TARGET, BODY),
        ("POST", "/internal/v1/cases/8?after_seq=3", BODY),
        ("POST", "/internal/v1/cases/7?after_seq=4", BODY),
        ("POST", TARGET, b'{"n": 2}'),
        ("POST", TARGET, b""),
    ],
)
def test_a_request_that_was_changed_is_refused(method: str, target: str, body: bytes) -> None:
    ring = KeyRing([NEW])
    headers = ring.request_headers("POST", TARGET, BODY, NOW)
    with pytest.raises(BadSignature):
        ring.verify_request(method, target, headers, body, NOW)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_request_is_good_within_the_replay_window_only(sign: int) -> None:
    ring = KeyRing([NEW])
    headers = ring.request_headers("POST", TARGET, BODY, NOW)
    ring.verify_request("POST", TARGET, headers, BODY, NOW + sign * REPLAY_WINDOW)
    with pytest.raises(BadSignature):
        ring.verify_request(
            "POST", TARGET, headers, BODY, NOW + sign * (REPLAY_WINDOW + timedelta(seconds=1))
        )


def test_the_timestamp_is_signed_too() -> None:
    ring = KeyRing([NEW])
    headers = ring.request_headers("POST", TARGET, BODY, NOW)
    later = NOW + REPLAY_WINDOW + timedelta(minutes=1)
    headers[TIMESTAMP_HEADER] = str(int(later.timestamp()))
    with pytest.raises(BadSignature):
        ring.verify_request("POST", TARGET, headers, BODY, later)


@pytest.mark.parametrize(
    "timestamp", ["", "now", "1e3", "9" * 30, "-" + "9" * 30, "٣", " 1772366400", "9" * 5000]
)
def test_a_timestamp_that_is_none_is_refused(timestamp: str) -> None:
    ring = KeyRing([NEW])
    headers = ring.request_headers("POST", TARGET, BODY, NOW) | {TIMESTAMP_HEADER: timestamp}
    with pytest.raises(BadSignature):
        ring.verify_request("POST", TARGET, headers, BODY, NOW)


@pytest.mark.parametrize("missing", [TIMESTAMP_HEADER, SIGNATURE_HEADER])
def test_a_request_without_a_signature_is_refused(missing: str) -> None:
    ring = KeyRing([NEW])
    headers = ring.request_headers("POST", TARGET, BODY, NOW)
    del headers[missing]
    with pytest.raises(BadSignature):
        ring.verify_request("POST", TARGET, headers, BODY, NOW)
