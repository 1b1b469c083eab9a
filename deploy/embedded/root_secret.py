"""One secret per data folder, from which all others of an embedded run are derived.

It is made once, lies in the data folder, readable by its owner only, and is never part of the checkout.
"""

import hmac
import secrets
from pathlib import Path
from typing import Final

from deploy.embedded.data_folder import write_private

TYPED: Final = 16  # hexadecimal digits: 64 bits are plenty, and a person has to type them


class RootSecret:
    def __init__(self, path: Path) -> None:
        """Read it, or make it."""
        if not path.exists():
            write_private(path, secrets.token_hex(32))
        self._root = path.read_bytes()

    def of(self, purpose: str) -> str:
        """The secret for one purpose: 64 hexadecimal digits, the same at every start."""
        return hmac.digest(self._root, purpose.encode(), "sha256").hex()

    def demo_password(self) -> str:
        return self.of("password of the demo's experts")[:TYPED]
