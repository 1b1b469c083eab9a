"""`make dev-web`: both web apps with hot reload, against the services that `make run` has started.

Vite serves the pages from the source; what they ask of the API goes to the running services.
"""

import subprocess
import sys
from typing import Final

from deploy import web
from deploy.demo.__main__ import NotRunning, running_stack
from deploy.embedded.stack import CHECKOUT

PORTS: Final = {web.CLIENT: 5173, web.DESK: 5174}


def main() -> int:
    apps: list[subprocess.Popen[bytes]] = []
    try:
        run = running_stack()
        for app, service in ((web.CLIENT, run["cabinet_url"]), (web.DESK, run["bpa_url"])):
            apps.append(web.serve(app, port=PORTS[app], service=service))
            name = app.relative_to(CHECKOUT)
            print(f"{name}: http://localhost:{PORTS[app]}, with {service}", flush=True)
        for process in apps:
            process.wait()
    except (NotRunning, web.BuildFailed) as error:
        print(error)
        return 1
    except KeyboardInterrupt:
        pass  # npm has heard it, too
    finally:
        for process in apps:
            process.terminate()
            process.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
