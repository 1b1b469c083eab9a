"""Writes and checks the contracts. `make contracts`, `make contracts-freeze` and `make check` call this.

python -m api_contracts.generate            write openapi/, asyncapi/ and the pages for developers
python -m api_contracts.generate --check    fail if they differ from the code, or break what is frozen
python -m api_contracts.generate --freeze   promise the present state: copy it to frozen/
"""

import argparse
import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from api_contracts import developers
from api_contracts.changes import changes
from api_contracts.compatibility import asyncapi_breaks, openapi_breaks
from api_contracts.partner_part import partner_part
from bpa_service.entrypoints import app as bpa_api
from bpa_service.settings import Settings as BpaSettings
from cabinet_service.entrypoints import app as cabinet_api
from cabinet_service.settings import Settings as CabinetSettings
from shared_schemas.base import Contract
from shared_schemas.envelope import Envelope, Event, name_of
from shared_schemas.events import BPA_EVENTS, CABINET_EVENTS
from shared_schemas.webhooks import ABOUT, NOTICES, Webhook

HERE: Final = Path(__file__).parent
PAGES: Final = HERE.parent / "cabinet_service" / "developers" / "pages"
CHANGES: Final = HERE / "partner_changes.json"
OF_CABINET: Final = "openapi/cabinet/v1.json"
REF: Final = "#/components/schemas/{model}"


def documents() -> dict[str, dict[str, Any]]:
    """Every contract by its path below this folder."""
    return {
        OF_CABINET: _openapi_of_cabinet(),
        "openapi/bpa/v1.json": _openapi_of_bpa(),
        "asyncapi/cabinet/v1.json": asyncapi("cabinet", "bpa", CABINET_EVENTS),
        "asyncapi/bpa/v1.json": asyncapi("bpa", "cabinet", BPA_EVENTS),
        "asyncapi/webhooks/v1.json": webhooks(),
    }


# Nothing connects while an app is built, and nothing of these values gets into a document.
_UNUSED_URL: Final = "postgresql://unused"
_UNUSED_KEYS: Final = ("a key that signs nothing at all",)


def _openapi_of_cabinet() -> dict[str, Any]:
    settings = CabinetSettings(
        cache_url="memory://",
        files_dir=Path("/unused"),
        database_url=_UNUSED_URL,
        service_keys=_UNUSED_KEYS,
        secret_keys=_UNUSED_KEYS,
    )
    return cabinet_api.create_app(settings).openapi()


def _openapi_of_bpa() -> dict[str, Any]:
    settings = BpaSettings(
        cache_url="memory://", database_url=_UNUSED_URL, service_keys=_UNUSED_KEYS, secret_keys=_UNUSED_KEYS
    )
    return bpa_api.create_app(settings).openapi()


def asyncapi(service: str, consumer: str, events: tuple[type[Event], ...]) -> dict[str, Any]:
    """An AsyncAPI 3.0 document of the events that `service` sends to `consumer`."""
    schemas: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    envelope = _schema(Envelope, schemas)
    for event in events:
        name = name_of(event)
        data = _schema(event, schemas)
        schemas[event.__name__] = data
        payload = json.loads(json.dumps(envelope))
        payload["properties"]["type"] = {"const": event.TYPE}
        payload["properties"]["version"] = {"const": event.VERSION}
        payload["properties"]["data"] = {"$ref": REF.format(model=event.__name__)}
        messages[name] = {
            "name": name,
            "summary": (event.__doc__ or "").split("\n")[0],
            "contentType": "application/json",
            "payload": payload,
        }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": f"Events of {service}", "version": "1"},
        "channels": {
            f"{consumer}.events": {
                "address": f"{consumer}.events",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": {
            "announce": {"action": "send", "channel": {"$ref": f"#/channels/{consumer}.events"}},
        },
        "components": {"messages": messages, "schemas": schemas},
    }


def webhooks() -> dict[str, Any]:
    """An AsyncAPI 3.0 document of what cabinet posts to the servers of partners."""
    schemas: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    webhook = _schema(Webhook, schemas)
    for kind, notice in NOTICES.items():
        schemas[notice.__name__] = _schema(notice, schemas)
        payload = json.loads(json.dumps(webhook))
        payload["properties"]["type"] = {"const": kind}
        payload["properties"]["data"] = {"$ref": REF.format(model=notice.__name__)}
        messages[kind] = {
            "name": kind,
            "summary": ABOUT[kind],
            "contentType": "application/json",
            "headers": {"$ref": REF.format(model="Headers")},
            "payload": payload,
        }
    text = {"type": "string"}
    headers = dict.fromkeys(("webhook-id", "webhook-timestamp", "webhook-signature"), text)
    used = _reached(messages, schemas)
    used["Headers"] = {"type": "object", "properties": headers, "required": list(headers)}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Webhooks of Autodetective",
            "version": "1",
            "description": "Standard Webhooks 1.0 (https://www.standardwebhooks.com), as POST.",
        },
        "channels": {
            "endpoint": {
                "address": None,
                "messages": {kind: {"$ref": f"#/components/messages/{kind}"} for kind in messages},
            }
        },
        "operations": {"tell": {"action": "send", "channel": {"$ref": "#/channels/endpoint"}}},
        "components": {"messages": messages, "schemas": used},
    }


def _reached(messages: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """Those of the schemas that the messages refer to, and what these refer to."""
    used: dict[str, Any] = {}
    waiting = [messages]
    while waiting:
        for name in re.findall(REF.format(model="([A-Za-z]+)"), json.dumps(waiting.pop())):
            if name in schemas and name not in used:
                used[name] = schemas[name]
                waiting.append(schemas[name])
    return used


def _schema(model: type[Contract], schemas: dict[str, Any]) -> dict[str, Any]:
    schema = model.model_json_schema(ref_template=REF, mode="serialization")
    schemas.update(schema.pop("$defs", {}))
    return schema


def render(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _written(made: dict[str, dict[str, Any]]) -> dict[Path, str]:
    """Every file that is written of the documents: themselves, and the pages for partners' developers."""
    files = {HERE / name: render(document) for name, document in made.items()}
    of_partners = partner_part(made[OF_CABINET])
    pages = developers.pages(
        of_partners, _promised(of_partners), json.loads(CHANGES.read_text(encoding="utf-8"))
    )
    pages |= {"openapi.json": render(of_partners), "webhooks.json": render(made["asyncapi/webhooks/v1.json"])}
    return files | {PAGES / name: text for name, text in pages.items()}


def _promised(of_partners: dict[str, Any]) -> dict[str, Any]:
    """What is frozen of the same operations; some were there before keys opened them."""
    frozen = json.loads((HERE / "frozen" / OF_CABINET).read_text(encoding="utf-8"))
    return partner_part(frozen, like=of_partners)


def write() -> None:
    for path, text in _written(documents()).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path.relative_to(HERE.parent)}")


def freeze() -> None:
    """Promise what is; what changed for partners since the last time is kept with the date."""
    made = documents()
    of_partners = partner_part(made[OF_CABINET])
    if lines := changes(_promised(of_partners), of_partners):
        kept = json.loads(CHANGES.read_text(encoding="utf-8"))
        entry = {"promised": datetime.now(UTC).date().isoformat(), "changes": lines}
        CHANGES.write_text(json.dumps([entry, *kept], indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    for name, document in made.items():
        (HERE / "frozen" / name).parent.mkdir(parents=True, exist_ok=True)
        (HERE / "frozen" / name).write_text(render(document), encoding="utf-8")
    write()
    print("froze the contracts; say in CHANGELOG.md what is promised now")


def problems() -> list[str]:
    """What is wrong with the committed contracts; empty if nothing is."""
    made = documents()
    found = [
        f"{path.relative_to(HERE.parent)} differs from the code: run `make contracts`"
        for path, text in _written(made).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for name, document in made.items():
        frozen_path = HERE / "frozen" / name
        if not frozen_path.exists():
            found.append(f"{name} is not frozen: run `make contracts-freeze`")
            continue
        frozen = json.loads(frozen_path.read_text(encoding="utf-8"))
        breaks = openapi_breaks if name.startswith("openapi") else asyncapi_breaks
        current = json.loads(render(document))
        found += [f"{name} breaks its promise: {line}" for line in breaks(frozen, current)]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--freeze", action="store_true")
    arguments = parser.parse_args()
    if arguments.check:
        found = problems()
        print("\n".join(found) or "the contracts are in order")
        return 1 if found else 0
    if arguments.freeze:
        freeze()
    else:
        write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
