"""Every example that partners' developers are shown, run as it stands against the running services."""

import csv
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any, Final, cast
from uuid import uuid4

import httpx
import pytest
from standardwebhooks import Webhook

from api_contracts.clients import packing
from deploy import web
from deploy.demo.people import wait_for
from tests.flows.answering import answer
from tests.flows.conftest import VIN, People
from tests.flows.partners import EXAMPLES, Partner, packages, partner

__all__ = ["packages", "partner"]

CARS: Final = 30
VINS: Final = ("WBAPH5C55BA123456", "1M8GDM9AXKP042788", "JHMCM56557C404453")
needs_a_shell: Final = pytest.mark.skipif(
    not all(map(shutil.which, ("sh", "curl", "jq", "sha256sum"))), reason="needs sh, curl, jq and sha256sum"
)


@pytest.fixture
def photo_file(tmp_path: Path, photo: Callable[[], bytes]) -> str:
    path = tmp_path / "photo.jpg"
    path.write_bytes(photo())
    return str(path)


def module(name: str) -> ModuleType:
    """An example as other programs import it."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@needs_a_shell
def test_the_first_inspection_in_five_requests(partner: Partner, people: People, photo_file: str) -> None:
    with subprocess.Popen(
        ["sh", str(EXAMPLES / "first_inspection.sh"), photo_file],
        env=partner.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:

        def ordered() -> str | None:
            assert running.poll() in (None, 0), running.communicate()
            found = partner.admin.get("/inspections")["items"]
            return found[0]["id"] if found and found[0]["state"] == "queued" else None

        inspection_id = wait_for(ordered, "the inspection to be sent")
        expert = people.expert("anna")
        expert.claim(inspection_id)
        answer(expert, inspection_id)
        said, wrong = running.communicate(timeout=120)
    assert running.returncode == 0, wrong
    assert '"sha256"' in said


def test_a_photo_in_parts(partner: Partner, photo_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with partner.api() as api:
        headers = {"Idempotency-Key": uuid4().hex}
        draft = api.post("/api/v1/inspections", json={"claim": {"identifier": VIN}}, headers=headers).json()
        [evidence_id] = partner.run("send_photo.py", draft["id"], photo_file)
        seen = api.get(f"/api/v1/inspections/{draft['id']}").json()["evidence"]
        assert [one["id"] for one in seen] == [evidence_id]
        example = module("send_photo")
        monkeypatch.setattr(example, "PART", 1000)
        again = example.send(api, draft["id"], "vin_stamped", Path(photo_file).read_bytes())
        assert again == evidence_id


def test_a_post_that_is_tried_again_makes_one_thing(partner: Partner) -> None:
    answers = iter([httpx.ConnectError("cut"), httpx.Response(503, headers={"Retry-After": "0"})])
    key = uuid4().hex

    def cut_off(request: httpx.Request) -> httpx.Response:
        sent = httpx.Request(request.method, request.url, headers=request.headers, content=request.content)
        with httpx.Client(timeout=60) as line:
            arrived = line.send(sent)  # it arrives each time; only the answer may get lost
        lost = next(answers, None)
        if isinstance(lost, Exception):
            raise lost
        return lost or httpx.Response(arrived.status_code, content=arrived.content, request=request)

    headers = {"Authorization": f"Bearer {partner.key}"}
    with httpx.Client(base_url=partner.url, headers=headers, transport=httpx.MockTransport(cut_off)) as api:
        made = module("try_again").post(api, "/api/v1/inspections", {"claim": {"identifier": VIN}}, key=key)
    assert [one["id"] for one in partner.admin.get("/inspections")["items"]] == [made.json()["id"]]


def test_pages_and_many_cars(partner: Partner, tmp_path: Path) -> None:
    cars = tmp_path / "cars.csv"
    with cars.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("reference", "vin"))
        table.writerows((f"Lot {number}", vin) for number, vin in enumerate((*VINS, "NOT A VIN"), 1))

    lines = [line.split(",") for line in partner.run("order_many.py", str(cars))]

    assert [line[:2] for line in lines] == [
        ["Lot 1", "made"],
        ["Lot 2", "made"],
        ["Lot 3", "made"],
        ["Lot 4", "refused"],
    ]
    assert all("#" in line[2] for line in lines[:3])
    listed = partner.run("list_pages.py")
    assert len(listed) == 3
    assert {line.rpartition(" ")[2] for line in listed} == {"draft"}


@dataclass
class Taken:
    """A partner's server, which only writes down what comes."""

    url: str
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list[tuple[dict[str, str], bytes]])


@pytest.fixture
def hooks() -> Iterator[Taken]:
    taken = Taken("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.requests.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    taken.url = f"http://127.0.0.1:{server.server_address[1]}/hooks"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield taken
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_webhook_is_taken(partner: Partner, hooks: Taken) -> None:
    path = f"/api/v1/companies/{partner.company_id}/webhooks"
    with partner.api() as api:

        def post(at: str, body: object = None) -> dict[str, Any]:
            headers = {"Idempotency-Key": uuid4().hex}
            return api.post(at, json=body, headers=headers).raise_for_status().json()

        made = post(path, {"url": hooks.url, "events": ["inspection.answered"]})
        post(f"{path}/{made['id']}/tests")
        [(headers, body)] = wait_for(lambda: hooks.requests or None, "the test to come")
    take = cast("Callable[..., tuple[int, Any]]", module("take_webhooks").take)
    status, notice = take(body, headers, secret=made["secret"])
    assert (status, notice["type"]) == (204, "webhook.test")
    assert take(body, headers, secret=made["secret"]) == (204, None)
    assert take(body + b" ", headers, secret=made["secret"])[0] == 400


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_client_of_typescript(partner: Partner, packages: Path) -> None:
    program = packages / "node" / "order.mjs"
    program.write_text(
        """
        import { connect } from "@autodetective/client";
        const api = connect(process.env.AUTODETECTIVE_URL, process.env.AUTODETECTIVE_KEY);
        const header = { "Idempotency-Key": process.env.ORDER };
        const body = { claim: { identifier: "SAL1A2A40SA606662" } };
        const made = await api.POST("/api/v1/inspections", { params: { header }, body });
        const path = { inspection_id: made.data.id };
        const seen = await api.GET("/api/v1/inspections/{inspection_id}", { params: { path } });
        const params = { path: { inspection_id: "00000000-0000-0000-0000-000000000007" } };
        const { error } = await api.GET("/api/v1/inspections/{inspection_id}", { params });
        console.log(seen.data.state, error.code);
        """
    )
    done = subprocess.run(
        ["node", str(program)], env=partner.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["draft", "not_found"]


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_a_webhook_is_taken_in_typescript(tmp_path: Path) -> None:
    web.run(packing.HERE, "examples")
    secret, body = f"whsec_{b64encode(b'0' * 24).decode()}", '{"id": "a", "type": "webhook.test", "data": {}}'
    now = datetime.now(UTC)
    signed = {
        "webhook-id": "a",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign("a", now, body),
    }
    example = packing.HERE / "build" / "examples" / "take_webhooks.js"
    program = tmp_path / "take.mjs"
    program.write_text(
        f"""
        import {{ take }} from {json.dumps(example.as_uri())};
        const [body, headers, secret] = {json.dumps([body, signed, secret])};
        const said = [body, body, body + " "].map((one) => take(one, headers, secret));
        console.log(JSON.stringify(said.map(([status, notice]) => [status, notice?.type ?? null])));
        """
    )
    done = subprocess.run(["node", str(program)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [[204, "webhook.test"], [204, None], [400, None]]


def test_a_program_alone_from_key_to_reports(
    partner: Partner, people: People, packages: Path, photo: Callable[[], bytes], tmp_path: Path
) -> None:
    """Thirty cars: one job, a link and a photo each, webhooks that are verified, and thirty reports."""
    cars, photos, reports = tmp_path / "cars.csv", tmp_path / "photos", tmp_path / "reports"
    photos.mkdir()
    reports.mkdir()
    with cars.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("reference", "vin"))
        for number in range(CARS):
            table.writerow((f"lot{number}", f"SAL1A2A40SA6070{number:02}"))
            (photos / f"lot{number}.jpg").write_bytes(photo())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    # A job is told in pages of a hundred rows: with ten, thirty cars are as many pages as three hundred.
    told = {"HOOK_URL": f"http://127.0.0.1:{port}/hooks", "HOOK_PORT": port, "PAGE": "10"}
    paths = os.pathsep.join((str(packages / "python"), str(EXAMPLES)))
    with subprocess.Popen(
        [sys.executable, str(EXAMPLES / "whole_program.py"), str(cars), str(photos), str(reports)],
        env=partner.environment | told | {"PYTHONPATH": paths},
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        expert, answered = people.expert("anna"), 0
        give_up = time.monotonic() + 600
        while answered < CARS and program.poll() is None and time.monotonic() < give_up:
            for case in expert.get("/queue?limit=50")["items"]:
                if case["state"] == "queued":
                    expert.claim(case["id"])
                    answer(expert, case["id"])
                    answered += 1
            time.sleep(0.2)
        _, wrong = program.communicate(timeout=300)
    assert program.returncode == 0, wrong
    kept = [json.loads(one.read_text(encoding="utf-8")) for one in reports.iterdir()]
    assert len(kept) == CARS
    assert {one["version"] for one in kept} == {1}
