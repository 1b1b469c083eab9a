"""`python -m deploy.embedded run`: Autodetective on this machine, with nothing but Python installed."""

import argparse
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from deploy import web
from deploy.embedded.console import Console
from deploy.embedded.data_folder import DataFolder, InUse, RunInfo
from deploy.embedded.processes import Interrupted, StartFailed, free_port, is_free
from deploy.embedded.stack import CHECKOUT, Stack
from deploy.embedded.supervisor import watch

PREFERRED_CABINET = 8080
PREFERRED_BPA = 8090


def main() -> int:
    """The exit code: 0 after an orderly stop, 1 if it could not start."""
    arguments = _arguments()
    console = Console()
    if arguments.verb == "status":
        return _status(DataFolder(arguments.data), console)
    try:
        return _run(arguments, console)
    except InUse as error:
        console.say(_in_use(error))
        console.say(
            "Stop that one with Ctrl-C in its terminal, or use a data folder of its own for this one:"
        )
        console.say("  AUTODETECTIVE_DATA=some/folder make run")
    except StartFailed as error:
        console.say(f"\nIt did not start. {error}")
    except PermissionError as error:
        console.say(f"\nNo access ({error}): does the folder belong to another user of this machine?")
    return 1


def _run(arguments: argparse.Namespace, console: Console) -> int:
    for port in (arguments.port_cabinet, arguments.port_bpa):
        if port is not None and not is_free(port):
            raise StartFailed(f"Port {port} is taken.")
    console.say("Autodetective is starting.")
    started_at = datetime.now(UTC)
    stack = Stack(
        arguments.data,
        cabinet_port=arguments.port_cabinet or free_port(PREFERRED_CABINET),
        bpa_port=arguments.port_bpa or free_port(PREFERRED_BPA),
        step=console.step,
    )
    _build_web_apps(console)
    parent = os.getppid()

    def wanted() -> bool:
        orphaned = arguments.until_parent_ends and os.getppid() != parent
        return not orphaned and not console.is_closed()

    _stop_on_signals(stack)
    try:
        stack.start()
        try:
            info = _describe(stack, started_at)
            stack.data.write_run(info)
            console.say(_welcome(info, stack.data, (datetime.now(UTC) - started_at).total_seconds()))
            watch(stack, console.say, wanted=wanted)
        finally:
            console.say("\nStopping. A second Ctrl-C stops it with force.")
            stack.stop()
    except Interrupted:
        pass
    console.say("Stopped.")
    return 0


def _build_web_apps(console: Console) -> None:
    """Without them the APIs still work, so whoever wants only those is not kept from them."""
    for app in web.APPS:
        if web.is_built(app):
            continue
        try:
            with console.step(f"Building {app.relative_to(CHECKOUT)}"):
                web.build(app)
        except web.BuildFailed as error:
            console.say(f"It is not there this time. {error}")


def _describe(stack: Stack, started_at: datetime) -> RunInfo:
    return RunInfo(
        pid=os.getpid(),
        started_at=started_at.isoformat(timespec="seconds"),
        app_url=stack.cabinet.public_url,
        cabinet_url=stack.cabinet.url,
        bpa_url=stack.bpa.url,
        desk_url=stack.bpa.public_url,
        outbox_url=f"{stack.cabinet.url}/dev/outbox",
        clickhouse_url=stack.clickhouse_url,
        people=stack.demo_people(with_playbook=True),
    )


def _stop_on_signals(stack: Stack) -> None:
    """The first signal asks to stop; a second Ctrl-C stops with force.

    A closing terminal sends several hang-ups, so only Ctrl-C counts as asking again.
    """

    def on_signal(number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGINT and stack.interrupt.is_set():
            stack.hurry.set()
        stack.interrupt.set()

    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGTERM, on_signal)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # `nohup make run` means to outlive the terminal
        signal.signal(signal.SIGHUP, on_signal)


def _status(data: DataFolder, console: Console) -> int:
    """The exit code: 0 if a run holds the folder, 1 if none does."""
    holder = data.user()
    console.say(_in_use(holder) if holder else f"No run on {data.path}.")
    return 0 if holder else 1


def _in_use(error: InUse) -> str:
    if error.info is None:
        return f"Autodetective is starting or stopping on this data folder (process {error.pid})."
    return (
        f"Autodetective is running on this data folder since {error.info.started_at} (process {error.pid}):\n"
        f"  client API  {error.info.cabinet_url}\n"
        f"  desk API    {error.info.bpa_url}"
    )


def _welcome(info: RunInfo, data: DataFolder, seconds: float) -> str:
    logins = ", ".join(f"{person['login']} ({person['role']})" for person in info.people)
    passwords = ", ".join(sorted({person["password"] for person in info.people}))
    return f"""
Autodetective is ready after {seconds:.1f} s. Ctrl-C stops it.

  client app   {info.app_url}
  desk         {info.desk_url}
  client API   {info.cabinet_url}/docs
  desk API     {info.bpa_url}/docs
  outbox       {info.outbox_url}  (letters and messages that are not really sent)
  health       {info.cabinet_url}/readyz  {info.bpa_url}/readyz
  logs         {data.logs}

  clients      sign in with any e-mail address; the code is on the outbox page
  experts      {logins}
               password: {passwords}; the codes of their authenticator apps: `make codes`

See the whole job happen: `make demo` in another terminal.
"""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.embedded", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser("run", help="start everything and keep it running until Ctrl-C")
    run.add_argument("--port-cabinet", type=int, metavar="N", help="port of the client API")
    run.add_argument("--port-bpa", type=int, metavar="N", help="port of the desk API")
    run.add_argument(
        "--until-parent-ends", action="store_true", help="stop when the starting process is gone"
    )
    status = verbs.add_parser(
        "status", help="say whether a run uses the data folder; exit code 1 if none does"
    )
    default = Path(os.environ.get("AUTODETECTIVE_DATA") or CHECKOUT / ".data")
    for verb in (run, status):
        verb.add_argument("--data", type=Path, default=default, metavar="FOLDER", help="default: %(default)s")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
