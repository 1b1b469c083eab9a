"""What operators can set: `python -m deploy.settings_table` writes docs/settings.md.

It is made of the services' own settings. `--check` compares, and writes nothing.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bpa_service.settings import Settings as BpaSettings
from cabinet_service.settings import Settings as CabinetSettings
from deploy.embedded.stack import CHECKOUT
from service_kit.settings import ServiceSettings

PATH: Final = CHECKOUT / "docs" / "settings.md"
_SERVICES: Final[tuple[type[ServiceSettings], ...]] = (CabinetSettings, BpaSettings)
_API, _WORKER, _BOTH, _EVERY = "api", "worker", "api, worker", "every process"
# What neither the beginning nor the end of a name tells.
_READ_BY: Final = {
    "owner_database_url": "migrate",
    "alive_file": "relay, consumer, worker",
    "bus_url": _EVERY,
    "demo_password": "demo-people",
    "erasures_file": _WORKER,
    "drop_folder": _WORKER,
    "import_file_bytes": _API,
    "tick_seconds": _WORKER,
    "draft_patience_seconds": _WORKER,
    "outcome_asked_after_seconds": _WORKER,
    "code_again_seconds": _API,
    "host": _API,
    "port": _API,
    "web_dir": _API,
    "trusted_proxies": _API,
    "hsts_subdomains": _API,
    "publishes_contract": _API,
    "metrics_token": _API,
    "photos_url": _API,
    "sources": _BOTH,
    "files_dir": _BOTH,
    "imports_dir": _BOTH,
    "clickhouse_url": _BOTH,
    "session_seconds": _API,
}
_READ_BY_BEGINNING: Final = {
    "files_": _BOTH,
    "report_key": _WORKER,
    "report_tsa": _WORKER,
    "smtp_": _BOTH,
    "mail_": _BOTH,
    "sms_": _BOTH,
    "telegram_": _BOTH,
    "max_": _BOTH,
    "search_": _BOTH,
    "source_": _WORKER,
}
_HEAD: Final = """# Settings

Generated from the services' own settings (`python -m deploy.settings_table`). Variables of the environment, or, for what is secret, files of the folder that `CABINET_SECRETS_DIR` or `BPA_SECRETS_DIR` names, called like the variable in small letters. What cannot work is refused at the start, in one line that names the variable. More about some of them is in [operating](operating.md).
"""  # noqa: E501 - a paragraph is a line
_COLUMNS: Final = "| variable | meaning | default | unit | read by |\n|---|---|---|---|---|"


def table() -> str:
    """The page."""
    shared = ServiceSettings.model_fields
    both = [name for name in CabinetSettings.model_fields if name in shared]
    parts = [_HEAD, "## Both services\n", "As `CABINET_…` and as `BPA_…`.\n", _COLUMNS, *_shared_rows(both)]
    for settings in _SERVICES:
        prefix = settings.model_config.get("env_prefix", "")
        rows = [
            _row(f"`{prefix}{name.upper()}`", name, field, _default(field))
            for name, field in settings.model_fields.items()
            if name not in shared
        ]
        parts += [f"\n## {prefix.rstrip('_').lower()} alone\n", _COLUMNS, *rows]
    return "\n".join(parts) + "\n"


def _shared_rows(names: list[str]) -> Iterator[str]:
    for name in names:
        fields = [settings.model_fields[name] for settings in _SERVICES]
        defaults = list(dict.fromkeys(map(_default, fields)))
        yield _row(f"`…_{name.upper()}`", name, ServiceSettings.model_fields[name], ", ".join(defaults))


def _row(variable: str, name: str, field: FieldInfo, default: str) -> str:
    meaning = (field.description or "").replace("|", "\\|")
    secret = "" if field.repr else "; a secret"
    return f"| {variable} | {meaning}{secret} | {default} | {_unit(name)} | {_read_by(name)} |"


def _default(field: FieldInfo) -> str:
    default: Any = field.get_default(call_default_factory=True, validated_data={})
    if default is PydanticUndefined:
        return "needed"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, Path):
        return f"`{default.relative_to(CHECKOUT) if default.is_relative_to(CHECKOUT) else default}`"
    return f"`{default}`" if default or default == 0 else "empty"


def _unit(name: str) -> str:
    if name.endswith("_seconds"):
        return "s"
    if name.endswith("_bytes"):
        return "bytes"
    return "times per time" if "_per_" in name else ""


def _read_by(name: str) -> str:
    if name in _READ_BY:
        return _READ_BY[name]
    if "_per_" in name:
        return _API
    return next((who for beginning, who in _READ_BY_BEGINNING.items() if name.startswith(beginning)), _EVERY)


def main() -> int:
    """The exit code: 1 if the page is another than the settings make, and nothing was to be written."""
    if "--check" not in sys.argv[1:]:
        PATH.write_text(table(), encoding="utf-8")
        return 0
    if not PATH.exists() or PATH.read_text(encoding="utf-8") != table():
        print("docs/settings.md differs from the settings: run `python -m deploy.settings_table`")
        return 1
    print("the table of settings is in order")
    return 0


if __name__ == "__main__":
    sys.exit(main())
