"""Makes the secrets that docker-compose.yml hands to its containers: `python3 deploy/docker/make_secrets.py`.

Each is a file of the folder `secrets` (or the one that is named), in a folder that only its owner may enter. It
needs nothing but Python.
"""

import secrets
import sys
from pathlib import Path

# The user who comes with the server has no password: it is taken away.
_CLICKHOUSE = """<clickhouse><users>
  <default remove="remove"/>
  <autodetective>
    <password>{password}</password>
    <networks><ip>::/0</ip></networks>
    <profile>default</profile>
    <quota>default</quota>
    <grants><query>GRANT ALL ON vehicles.*</query></grants>
  </autodetective>
</users></clickhouse>"""


def main(folder: Path) -> int:
    """Write them, unless there are some already: another password would not open a database that exists."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        print(f"{folder} is there already", file=sys.stderr)
        return 1
    postgres, service, rabbitmq, clickhouse = (secrets.token_hex(32) for _ in range(4))
    files = {
        "service_keys": secrets.token_hex(32),
        "cabinet_secret_keys": secrets.token_hex(32),
        "bpa_secret_keys": secrets.token_hex(32),
        "postgres_password": postgres,
        # Run once, by the first start of each database. `migrate` gives the role its rights.
        "service_role.sql": f"CREATE ROLE service LOGIN PASSWORD '{service}';",
        "cabinet_database_url": f"postgresql://service:{service}@cabinet-db:5432/cabinet",
        "bpa_database_url": f"postgresql://service:{service}@bpa-db:5432/bpa",
        "cabinet_owner_database_url": f"postgresql://postgres:{postgres}@cabinet-db:5432/cabinet",
        "bpa_owner_database_url": f"postgresql://postgres:{postgres}@bpa-db:5432/bpa",
        "bus_url": f"amqp://autodetective:{rabbitmq}@rabbitmq:5672/",
        "metrics_token": secrets.token_hex(32),
        "grafana_password": secrets.token_hex(8),
        "cabinet_smtp_url": "",
        "cabinet_files_secret_key": "",
        "bpa_clickhouse_url": f"clickhouse://autodetective:{clickhouse}@clickhouse:9000/vehicles",
        "clickhouse.xml": _CLICKHOUSE.format(password=clickhouse),
        "rabbitmq.conf": f"default_user = autodetective\ndefault_pass = {rabbitmq}",
    }
    for name, value in files.items():
        path = folder / name
        path.write_text(f"{value}\n")
        path.chmod(0o644)  # mounted into containers, whose users are others; the folder keeps the rest out
    print(f"{len(files)} files in {folder}: keep a copy where backups are safe")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "secrets")))
