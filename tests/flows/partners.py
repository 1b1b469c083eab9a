"""A company whose program calls us, and the clients that it is given."""

import os
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

import httpx
import pytest

from api_contracts.clients import packing
from deploy.demo.people import Client
from tests.flows.conftest import People

EXAMPLES: Final = Path(__file__).parents[2] / "docs" / "partners"


@dataclass
class Partner:
    """A company in the running system, with its admin and the key of its program."""

    admin: Client
    url: str
    company_id: str
    key: str

    @property
    def environment(self) -> dict[str, str]:
        told = {"AUTODETECTIVE_URL": self.url, "AUTODETECTIVE_KEY": self.key, "COMPANY": self.company_id}
        return os.environ | told | {"ORDER": uuid4().hex, "PAUSE": "1"}

    def api(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.key}", "Tus-Resumable": "1.0.0"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60)

    def run(self, name: str, *words: str) -> list[str]:
        """The lines that an example prints."""
        done = subprocess.run(
            [sys.executable, str(EXAMPLES / name), *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()


@pytest.fixture
def partner(people: People) -> Partner:
    admin = people.client()
    terms = admin.get("/company-terms")
    agreement = {"version": terms["version"], "language": "en"}
    company = admin.call("POST", "/companies", {"name": f"Yard {uuid4().hex[:6]}", "agreement": agreement})
    scopes = [
        "inspections:read",
        "inspections:write",
        "photos:write",
        "reports:read",
        "usage:read",
        "webhooks:manage",
    ]
    made = admin.call("POST", f"/companies/{company['id']}/api-keys", {"name": "CRM", "scopes": scopes})
    return Partner(admin, people.stack.cabinet.url, company["id"], made["key"])


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both clients as a partner has them, installed from their packages."""
    folder = tmp_path_factory.mktemp("partner")
    uv = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-deps", "--offline"]
    subprocess.run([*uv, "--target", str(folder / "python"), str(packing.wheel())], check=True)
    client = folder / "node" / "node_modules" / "@autodetective" / "client"
    with tarfile.open(packing.tarball()) as packed:
        packed.extractall(folder / "node", filter="data")
    client.parent.mkdir(parents=True)
    (folder / "node" / "package").rename(client)
    # What the package depends on, as npm puts it beside it.
    (folder / "node" / "node_modules" / "openapi-fetch").symlink_to(
        packing.HERE / "node_modules" / "openapi-fetch"
    )
    (folder / "node" / "node_modules" / "openapi-typescript-helpers").symlink_to(
        packing.HERE / "node_modules" / "openapi-typescript-helpers"
    )
    return folder
