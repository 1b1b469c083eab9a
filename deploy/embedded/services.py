"""The two services as an embedded run has them: their addresses, processes and environment."""

from collections.abc import Mapping
from dataclasses import dataclass

from deploy.embedded.data_folder import DataFolder
from deploy.embedded.databases import Database
from deploy.embedded.root_secret import RootSecret


@dataclass(frozen=True)
class Service:
    """`name` is `cabinet` or `bpa`: package, variables, processes and database are named after it."""

    name: str
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def public_url(self) -> str:
        """The address for browsers, by name: passkeys are bound to a name, and an address is none."""
        return f"http://localhost:{self.port}"

    @property
    def package(self) -> str:
        return f"{self.name}_service"

    def command(self, *words: str) -> tuple[str, ...]:
        """The words that make Python run a process or a command of it."""
        return ("-m", self.package, *words)

    def database(self, secret: RootSecret, suffix: str) -> Database:
        return Database(
            f"{self.name}{suffix}",
            password=secret.of(f"database of {self.name}"),
            service_password=secret.of(f"database of {self.name} for the service"),
        )

    def own_key(self, secret: RootSecret) -> str:
        """What no other service knows."""
        return secret.of(f"own key of {self.name}")

    def environment(
        self,
        *,
        peer: "Service",
        data: DataFolder,
        secret: RootSecret,
        database_url: str,
        cache_url: str,
        clickhouse_url: str,
    ) -> Mapping[str, str]:
        values = {
            "ENVIRONMENT": "development",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "PUBLIC_URL": self.public_url,
            "PEER_URL": peer.url,
            "DATABASE_URL": database_url,
            "CACHE_URL": cache_url,
            "BUS_URL": "",  # signed HTTP
            "SERVICE_KEYS": secret.of("between the services"),
            "SECRET_KEYS": self.own_key(secret),
            "LOG_FORMAT": "console",
        }
        if self.name == "cabinet":
            values |= {
                "FILES_DIR": str(data.files),
                "OUTBOX_DIR": str(data.outbox),
                "ERASURES_FILE": str(data.erasures),
            }
        else:
            values |= {
                "DEMO_PASSWORD": secret.demo_password(),
                "PHOTOS_URL": peer.public_url,
                "CLICKHOUSE_URL": clickhouse_url,
                "IMPORTS_DIR": str(data.imports),
                "DROP_FOLDER": str(data.drop),
            }
        return {f"{self.name.upper()}_{key}": value for key, value in values.items()} | {
            "PYTHONUNBUFFERED": "1",  # so that the last words of a killed process are in its log
            "NO_COLOR": "1",
        }
