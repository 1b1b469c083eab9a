"""See the package."""

import sys

from tests.servers.processes import NotToBeHad
from tests.servers.verapdf import validator


def main() -> int:
    try:
        validator.fetch()
    except NotToBeHad as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command line prints
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
