"""`make codes`: what the authenticator apps of the demo's experts show now, to sign in by hand."""

import sys
import time

from pyotp.totp import TOTP

from deploy.demo.__main__ import NotRunning, running_stack


def main() -> int:
    try:
        people = running_stack()["people"]
    except NotRunning as error:
        print(error)
        return 1
    for person in people:
        print(f"  {person['login']:<10} {TOTP(person['totp_secret']).now()}")
    print(f"For {30 - time.time() % 30:.0f} s more; each lets in once.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
