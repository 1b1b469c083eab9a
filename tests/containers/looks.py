"""What the engine can tell of our containers: what each may do, and how it ended."""

from tests.containers.compose import LABEL, OURS, Compose
from tests.containers.steps import NotAsPromised, say

ORDERLY = 0


def look_at_rights(compose: Compose) -> None:
    """Each process of ours may do what it has to, and no more."""
    for name in OURS:
        found_here = compose.container(name)
        host, config = found_here["HostConfig"], found_here["Config"]
        promised = {
            "read-only": host["ReadonlyRootfs"],
            "no capability": host["CapDrop"] == ["ALL"],
            "no new privileges": "no-new-privileges:true" in host["SecurityOpt"],
            "a user by number": config["User"] == "10001:10001",
            "a limit of memory": host["Memory"] > 0,
        }
        if broken := [what for what, holds in promised.items() if not holds]:
            raise NotAsPromised(f"{name}: not {', '.join(broken)}")


def tell_memory(compose: Compose) -> None:
    lines = compose.engine.run("docker", "stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}")
    for line in sorted(lines.splitlines()):
        say(line)


def look_at_ends(compose: Compose) -> None:
    """Whoever is told to stop ends in order, and is not killed."""
    for identifier in compose.engine.run("docker", "ps", "-aq", "--filter", LABEL).split():
        ended = compose.engine.inspect(identifier)
        name = ended["Config"]["Labels"]["com.docker.compose.service"]
        if name in OURS and ended["State"]["ExitCode"] != ORDERLY:
            said = compose.call("logs", "--tail=20", name)
            raise NotAsPromised(f"{name} ended with {ended['State']['ExitCode']}:\n{said}")


def look_for_what_is_left(compose: Compose) -> None:
    """Taken down is gone: no container, no volume, no network."""
    if left := compose.left():
        raise NotAsPromised(f"taken down, and still there: {', '.join(left)}")
