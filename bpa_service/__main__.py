"""`python -m bpa_service PROCESS`, or a command: `--help` names them."""

import sys

from service_kit.entry import main

if __name__ == "__main__":
    sys.exit(main("bpa_service"))
