"""A program alone: it orders cars, sends their photos by links, is told of reports, and keeps them.

python whole_program.py CARS.csv PHOTOS REPORTS, with a photo of each car as PHOTOS/reference.jpg. It needs the
packages autodetective-client and standardwebhooks. At HOOK_URL we reach its HOOK_PORT.
"""

import csv
import hashlib
import json
import os
import queue
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from autodetective_client import AuthenticatedClient
from autodetective_client.api.bulk import get_bulk_job, list_bulk_rows, order_bulk
from autodetective_client.api.evidence import upload_evidence
from autodetective_client.api.reports import get_report
from autodetective_client.api.webhooks import create_webhook
from autodetective_client.api.yard import finish_yard, give_yard_link
from autodetective_client.models import (
    BulkIn,
    BulkRowIn,
    BulkRowOut,
    ProblemBody,
    Shot,
    UploadEvidenceBody,
    WebhookIn,
    WebhookType,
    YardLinkIn,
)
from autodetective_client.types import File
from take_webhooks import take

T = TypeVar("T")
URL, COMPANY = os.environ["AUTODETECTIVE_URL"], UUID(os.environ["COMPANY"])
PAGE = int(os.environ.get("PAGE", "100"))


def there(answer: T | ProblemBody | None) -> T:
    """The answer, unless it is a refusal."""
    if answer is None or isinstance(answer, ProblemBody):
        raise SystemExit(f"refused: {answer}")
    return answer


def order(client: AuthenticatedClient, cars: list[dict[str, str]]) -> list[BulkRowOut]:
    rows = [BulkRowIn(row=row, identifier=car["vin"]) for row, car in enumerate(cars, start=1)]
    body, key = BulkIn(company_id=COMPANY, rows=rows), os.environ["ORDER"]
    job = there(order_bulk.sync(client=client, body=body, idempotency_key=key))
    while there(get_bulk_job.sync(job.id, client=client)).state != "done":
        time.sleep(1)
    page = there(list_bulk_rows.sync(job.id, client=client, limit=PAGE))
    done = list(page.items)
    while page.next_cursor:
        page = there(list_bulk_rows.sync(job.id, client=client, limit=PAGE, cursor=page.next_cursor))
        done += page.items
    return done


def photograph(client: AuthenticatedClient, inspection_id: UUID, photo: Path) -> None:
    """What whoever stands at the car does with a phone: a photo, and done."""
    body = YardLinkIn(may_submit=True, days=1)
    link = there(
        give_yard_link.sync(inspection_id, client=client, body=body, idempotency_key=f"link-{inspection_id}")
    )
    at_car = AuthenticatedClient(base_url=URL, token=f"yard_{link.url.partition('#')[2]}", timeout=60)
    with photo.open("rb") as file:
        sent = UploadEvidenceBody(
            file=File(file, photo.name, "image/jpeg"),
            shot=Shot.VIN_STAMPED,
            sha256=hashlib.sha256(photo.read_bytes()).hexdigest(),
        )
        there(upload_evidence.sync(inspection_id, client=at_car, body=sent))
    there(finish_yard.sync(client=at_car))


def listen(secret: str, notices: "queue.Queue[dict]") -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, notice = take(body, headers, secret=secret)
            self.send_response(status)
            self.end_headers()
            if notice is not None:
                notices.put(notice)

    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["HOOK_PORT"])), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main(cars_file: str, photos: str, reports: str) -> None:
    client = AuthenticatedClient(base_url=URL, token=os.environ["AUTODETECTIVE_KEY"], timeout=60)
    with Path(cars_file).open(newline="", encoding="utf-8") as file:
        cars = list(csv.DictReader(file))
    hook = WebhookIn(url=os.environ["HOOK_URL"], events=[WebhookType.REPORT_READY])
    key = f"hook-{os.environ['ORDER']}"
    made = there(create_webhook.sync(COMPANY, client=client, body=hook, idempotency_key=key))
    notices: queue.Queue[dict] = queue.Queue()
    server = listen(made.secret, notices)

    rows = order(client, cars)
    waited_for = {str(row.inspection_id) for row in rows if row.inspection_id}
    for row in rows:
        if row.inspection_id:
            photograph(client, row.inspection_id, Path(photos) / f"{cars[row.row - 1]['reference']}.jpg")

    while waited_for:
        told = notices.get(timeout=1800)["data"]
        report = there(get_report.sync(told["inspection_id"], told["report_version"], client=client))
        kept = Path(reports) / f"{told['number']}-{report.version}.json"
        kept.write_text(json.dumps(report.to_dict(), ensure_ascii=False), encoding="utf-8")
        waited_for.discard(told["inspection_id"])
    server.shutdown()


if __name__ == "__main__":
    main(*sys.argv[1:])
