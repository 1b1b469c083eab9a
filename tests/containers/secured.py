"""The proxy of docker-compose.yml: https with an authority of its own, which only who was given it trusts."""

import os
from pathlib import Path
from typing import Final

from deploy.demo.people import wait_for
from tests.containers.compose import PROJECT, SERVICES, Compose
from tests.containers.engine import EngineFailed, found
from tests.containers.steps import NotAsPromised

# Caddy makes certificates for such names by itself; for any other it would ask an authority on the internet.
HOSTS: Final = {"cabinet": "cars.localhost", "bpa": "desk.localhost"}
URLS: Final = {service: f"https://{HOSTS[service]}" for service in SERVICES}
AUTHORITY: Final = "/data/caddy/pki/authorities/local/root.crt"
NOT_TRUSTED: Final = "curl: (60)"
NOBODY_TRUSTED: Final = "forwarded_by_nobody_trusted"
"""What a service says that does not believe its proxy."""


def secure(compose: Compose, folder: Path) -> None:
    """Bring up the proxy as docs/operating.md says it, and trust its authority from now on."""
    network = ("docker", "network", "inspect", f"{PROJECT}_default")
    subnet = compose.engine.run(*network, "--format", "{{(index .IPAM.Config 0).Subnet}}").strip()
    compose.settings |= {"COMPOSE_PROFILES": "proxy", "TRUSTED_PROXIES": subnet}
    compose.settings |= {f"{service.upper()}_HOST": HOSTS[service] for service in SERVICES}
    compose.settings |= {f"{service.upper()}_PUBLIC_URL": URLS[service] for service in SERVICES}
    compose.up()
    trust(compose, folder)


def trust(compose: Compose, folder: Path) -> None:
    """Fetch the authority's certificate for all clients of this process and those that it starts."""
    proxy, authority = compose.container("proxy")["Id"], folder / "authority.pem"

    def made() -> bool | None:
        try:
            compose.engine.run("docker", "cp", f"{proxy}:{AUTHORITY}", authority)
        except EngineFailed:
            return None
        return True

    wait_for(made, "the proxy's authority")
    os.environ["SSL_CERT_FILE"] = str(authority)


def look_at_proxy(compose: Compose) -> None:
    """HTTP/2, the way from http to https, and a certificate that strangers do not trust."""
    for service in SERVICES:
        page = f"{URLS[service]}/readyz"
        version, status = _told(compose, page, "%{http_version} %{http_code}", "--http2").split()
        if (version, status) != ("2", "200"):
            raise NotAsPromised(f"{page} answers {status} by HTTP/{version}")
        plain = page.replace("https://", "http://")
        status, led_to = _told(compose, plain, "%{http_code} %{redirect_url}").split()
        if (status, led_to) != ("308", page):
            raise NotAsPromised(f"{plain} answers {status} and leads to {led_to}")
    try:
        _told(compose, URLS["cabinet"], "%{http_code}", "--cacert", "/etc/ssl/certs/ca-certificates.crt")
    except EngineFailed as error:
        if NOT_TRUSTED not in str(error):
            raise
    else:
        raise NotAsPromised("the proxy's authority is trusted by whoever comes")


def look_at_who_is_believed(compose: Compose) -> None:
    """The services believe the proxy about whose requests it passes on."""
    for service in SERVICES:
        if NOBODY_TRUSTED in compose.call("logs", f"{service}-api"):
            raise NotAsPromised(f"{service} does not believe the proxy: TRUSTED_PROXIES")


def _told(compose: Compose, page: str, what: str, *words: str) -> str:
    """What curl has to say of an answer, with the authority that `trust` fetched. Raises EngineFailed."""
    here = [word for host in HOSTS.values() for port in (80, 443) for word in _resolved(host, port)]
    trusting = ("--cacert", os.environ["SSL_CERT_FILE"])
    curl = (found("curl"), "-sS", "--noproxy", "*", "-o", "/dev/null", "-w", what)
    return compose.engine.run(*curl, *here, *trusting, *words, page, within=60)


def _resolved(host: str, port: int) -> tuple[str, str]:
    return "--resolve", f"{host}:{port}:127.0.0.1"
