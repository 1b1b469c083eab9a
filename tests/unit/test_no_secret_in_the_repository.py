"""No secret is part of the checkout."""

import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

CHECKOUT: Final = Path(__file__).parents[2]

PATTERNS: Final = {
    "private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "AWS key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "Google key": r"\bAIza[\w-]{35}",
    "GitHub token": r"\bgh[pousr]_\w{36}|\bgithub_pat_\w{22,}",
    "Slack token": r"\bxox[abprs]-[\w-]{10,}",
    "Telegram bot": r"\b\d{8,10}:AA[\w-]{33}\b",
    "JWT": r"\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}",
    # A value of 20 and more letters and digits, which no identifier or sentence is.
    "random value": (
        r"""(?i)(?:password|secret|token|key)\w*["']?\s*[:=]\s*["']?"""
        r"""(?=[\w+/-]*\d)(?=[\w+/-]*[a-z])[\w+/-]{20,}["'\s]"""
    ),
    "password in an address": r"\b[a-z]+://[^\s/:@$`{<]+:(?!password@)[^\s/@${}<…]{4,}@",
}
# Throw-away secrets, hashes and examples: there only what looks like a real one counts.
LENIENT_FOLDERS: Final = {"tests", "bench", "requirements", "api_contracts"}
NOT_THERE: Final = {"random value", "password in an address", "JWT"}


def tracked() -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip("not a checkout")
    return [path for name in done.stdout.split("\0") if name and (path := CHECKOUT / name).is_file()]


def findings(text: str, *, lenient: bool = False) -> list[str]:
    wanted = PATTERNS.keys() - (NOT_THERE if lenient else set())
    return [name for name in sorted(wanted) if re.search(PATTERNS[name], text)]


def test_no_tracked_file_holds_a_secret() -> None:
    found: dict[str, list[str]] = {}
    for path in tracked():
        inside = path.relative_to(CHECKOUT)
        lenient = inside.parts[0] in LENIENT_FOLDERS
        if names := findings(path.read_text(errors="replace"), lenient=lenient):
            found[str(inside)] = names

    assert found == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("private key", "-----BEGIN " + "EC PRIVATE KEY-----"),
        ("AWS key", "AKIA" + "IOSFODNN7EXAMPLE"),
        ("GitHub token", "ghp_" + "a1" * 18),
        ("Slack token", "xoxb-" + "1234567890-abc"),
        (
            "JWT",
            "eyJ" + "hbGciOiJIUzI1NiJ9eyJ" + ".eyJ" + "zdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0",
        ),
        ("random value", 'SERVICE_KEYS = "' + "9f86d081884c7d659a2f" + '"'),
        ("random value", "api_token: " + "9f86d081884c7d659a2f\n"),
        ("password in an address", "postgresql://cabinet:" + "hunter22@db/cabinet"),
    ],
)
def test_the_search_would_find_one(name: str, text: str) -> None:
    assert name in findings(text)


@pytest.mark.parametrize(
    "text",
    [
        "smtp://user:password@host:port",
        'f"postgresql://postgres:{password}@127.0.0.1"',
        "password = settings.demo_password",
        "token=outcome.token,",
    ],
)
def test_words_about_secrets_are_none(text: str) -> None:
    assert findings(text) == []
