"""Clients and experts as programs that do not give up, and what they were told.

Each keeps a log of its own of what was acknowledged. It is written after the answer has come, so whatever stands
in it has to be in the services, too, once each, whatever was killed meanwhile.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from typing import Final, TypeVar
from uuid import uuid4

import httpx

from deploy.demo.people import Client, Expert, Json, Refused
from tests.factories.photos import jpeg

T = TypeVar("T")

PATIENCE: Final = 180.0
PAUSE: Final = 0.2
EXPERTS: Final = ("anna", "boris")
SHOTS: Final = ("vin_stamped", "vin_plate", "front")
CLAIM: Final[Json] = {"identifier": "SAL1A2A40SA606662", "make": "Land Rover"}
DECISION: Final = ("insufficient_data", "The number cannot be read.")
LOST_IT: Final = {"case_held", "case_held_by_other", "case_not_held", "wrong_case_state"}
ASKED_TWICE: Final = 0.1  # so often a client repeats a request that was answered
WITH_MESSAGE: Final = 0.3
WITH_COPY: Final = 0.3  # so often a small copy goes ahead of a photo
IN_COMPANYS_NAME: Final = 0.5
TOLD: Final = ("inspection.submitted", "inspection.queued", "inspection.answered")
"""What a company's server is told of each inspection in its name."""


@dataclass(frozen=True)
class Sent:
    """An inspection that cabinet said it has."""

    inspection_id: str
    photos: tuple[str, ...]  # their SHA-256
    messages: tuple[str, ...]
    in_companys_name: bool


@dataclass
class Log:
    """What was acknowledged, and what it took. Threads share it.

    `proxied`: a proxy stands before the services, which says 502 of one that ended while it was asked.
    """

    sent: list[Sent] = field(default_factory=list[Sent])
    started: list[str] = field(default_factory=list[str])
    decided: list[str] = field(default_factory=list[str])
    retries: Counter[str] = field(default_factory=Counter[str])
    surprises: list[str] = field(default_factory=list[str])
    proxied: bool = False

    def answered_all(self) -> bool:
        return {sent.inspection_id for sent in self.sent} <= set(self.decided)


def insist(act: Callable[[], T], log: Log, *, patience: float = PATIENCE) -> T:
    """What the act answers, however often it has to be tried.

    A cut connection and a 503 that says when to come again are what faults may cause. Any other error of a server
    is a surprise: it is tried again, too, and kept for the ledger check.
    """
    give_up = time.monotonic() + patience
    while True:
        try:
            return act()
        except httpx.TransportError as error:
            log.retries[type(error).__name__] += 1
        except Refused as refused:
            if refused.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                raise
            log.retries[str(refused.status)] += 1
            if not _may_be(refused, log):
                log.surprises.append(str(refused))
        if time.monotonic() > give_up:
            raise TimeoutError(f"the services were away for {patience:.0f} s")
        time.sleep(PAUSE)


def _may_be(refused: Refused, log: Log) -> bool:
    """Whether a fault, or an upgrade, may have caused it."""
    if refused.status == HTTPStatus.BAD_GATEWAY:
        return log.proxied and not refused.code  # a service would say why
    return refused.status == HTTPStatus.SERVICE_UNAVAILABLE and refused.retry_after is not None


class Buyer:
    """A client program: drafts, photos, submit, sometimes a message; every request with a key of its own.

    It orders for itself or, where `companys_server` is told what becomes of it, for a company of its own.
    """

    def __init__(
        self, cabinet_url: str, log: Log, chance: random.Random, *, companys_server: str | None = None
    ) -> None:
        self._log = log
        self._chance = chance
        self.client = Client(cabinet_url)
        self.client.sign_in(f"{uuid4().hex[:12]}@example.com")
        self._company_id = self._found_company(companys_server) if companys_server else None

    def send(self) -> Sent:
        """Send one inspection; returns once it was acknowledged."""
        in_companys_name = self._company_id is not None and self._chance.random() < IN_COMPANYS_NAME
        inspection_id = self.start(in_companys_name=in_companys_name)
        widths = self._chance.sample(range(320, 640), len(SHOTS))  # no two are the same photo
        photos = tuple(self._upload(inspection_id, *one) for one in zip(SHOTS, widths, strict=True))
        self._once(lambda key: self.client.submit(inspection_id, key=key))
        sent = Sent(inspection_id, photos, self._write(inspection_id), in_companys_name)
        self._log.sent.append(sent)
        return sent

    def start(self, *, in_companys_name: bool = False) -> str:
        """Begin a draft; returns its id."""
        body: Json = {"claim": CLAIM, "worry": "Are the digits genuine?"}
        if in_companys_name:
            body |= {"company_id": self._company_id, "again": True}
        draft = self._once(lambda key: self.client.call("POST", "/inspections", body, key=key))
        self._log.started.append(draft["id"])
        return str(draft["id"])

    def _found_company(self, url: str) -> str:
        terms = self.client.get("/company-terms")
        agreement = {"version": terms["version"], "language": "en"}
        company = {"name": "Fair Cars", "agreement": agreement}
        company_id = self._once(lambda key: self.client.call("POST", "/companies", company, key=key))["id"]
        webhook = {"url": url, "events": TOLD}
        path = f"/companies/{company_id}/webhooks"
        self._once(lambda key: self.client.call("POST", path, webhook, key=key))
        return str(company_id)

    def _upload(self, inspection_id: str, shot: str, width: int) -> str:
        photo = jpeg(width, 240)
        if self._chance.random() < WITH_COPY:
            copy = jpeg(width // 4, 60)
            self._once(lambda key: self.client.upload_copy(inspection_id, shot, photo, copy, key=key))
        self._once(lambda key: self.client.upload(inspection_id, shot, photo, key=key))
        return sha256(photo).hexdigest()

    def _write(self, inspection_id: str) -> tuple[str, ...]:
        if self._chance.random() > WITH_MESSAGE:
            return ()
        path = f"/inspections/{inspection_id}/messages"
        message = self._once(lambda key: self.client.call("POST", path, {"text": "Hurry, please."}, key=key))
        return (message["id"],)

    def _once(self, act: Callable[[str], Json]) -> Json:
        """Insist with one key; now and then ask again although there was an answer: it has to be the same."""
        key = uuid4().hex
        answer = insist(lambda: act(key), self._log)
        if self._chance.random() < ASKED_TWICE:
            again = insist(lambda: act(key), self._log)
            if again["id"] != answer["id"]:
                self._log.surprises.append(f"one key, two answers: {answer} and {again}")
        return answer


class Judge:
    """An expert program: takes whatever is in the queue and decides it."""

    def __init__(self, bpa_url: str, log: Log, person: Mapping[str, str]) -> None:
        self._log = log
        self.expert = Expert(bpa_url)
        self.expert.sign_in(person["login"], person["password"], person["totp_secret"])

    def work(self, done: threading.Event) -> None:
        """Decide what comes until `done`."""
        while not done.is_set():
            rows = insist(lambda: self.expert.get("/queue?view=all&limit=200"), self._log)["items"]
            waiting = [row["id"] for row in rows if row["state"] == "queued"]
            random.shuffle(waiting)  # or all experts would want the same one
            if not sum(self.decide(case_id) for case_id in waiting if not done.is_set()):
                time.sleep(PAUSE)

    def decide(self, case_id: str) -> bool:
        """Whether it was done now. It is not where another holds the case, or took it from us meanwhile."""
        key = uuid4().hex
        try:
            insist(lambda: self.expert.claim(case_id, key=key), self._log)
            while not self._decide(case_id):
                pass
        except Refused as refused:
            if refused.code not in LOST_IT:
                self._log.surprises.append(str(refused))
            return False
        self._log.decided.append(case_id)
        return True

    def _decide(self, case_id: str) -> bool:
        """Whether it was done; not if the case has changed since it was read, e.g. by a message."""
        key = uuid4().hex
        try:
            insist(lambda: self.expert.decide(case_id, *DECISION, key=key, not_covered=["all"]), self._log)
        except Refused as refused:
            if refused.status != HTTPStatus.PRECONDITION_FAILED:
                raise
            return False
        return True


@contextmanager
def at_work(judges: Sequence[Judge]) -> Generator[None]:
    """They decide what comes while the block runs."""
    done = threading.Event()
    threads = [threading.Thread(target=judge.work, args=(done,)) for judge in judges]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join()
