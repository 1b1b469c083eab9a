"""A client and an expert as programs: everything they do goes through the public APIs.

The demo and the flow tests share them.
"""

import hashlib
import math
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final, Self, TypeVar
from uuid import uuid4

import httpx
from pyotp.totp import TOTP

T = TypeVar("T")
Json = dict[str, Any]
TIMEOUT: Final = httpx.Timeout(60, connect=5)
# Seconds. What takes longer has failed, however busy the machine.
PATIENCE: Final = 60.0


class Refused(Exception):
    """The API answered with a problem."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.retry_after: str | None = response.headers.get("retry-after")
        try:
            self.problem: Json = response.json()
        except ValueError:
            self.problem = {"detail": response.text[:500]}
        self.code: str = self.problem.get("code", "")
        super().__init__(
            f"{response.request.method} {response.request.url.path}: {self.status} {self.problem}"
        )


class Person:
    """Someone with a session at one of the two services, which is kept going. Threads may share a person.

    `tries_again`: so often they do the same once more where the service says that it cannot now.
    """

    tries_again = 0

    def __init__(self, base_url: str, *, language: str = "en") -> None:
        self.base_url = f"{base_url}/api/v1"
        self._http = httpx.Client(
            base_url=self.base_url, timeout=TIMEOUT, headers={"Accept-Language": language}
        )
        self._refreshing = threading.Lock()
        self._refresh_token: str | None = None
        self._refresh_at = math.inf

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def call(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        key: str | None = None,
        if_match: str | None = None,
        **options: Any,
    ) -> Any:
        """The JSON of the answer. Every POST gets an Idempotency-Key of its own unless one is given."""
        headers: dict[str, str] = {}
        if method == "POST":
            headers["Idempotency-Key"] = key or uuid4().hex
        if if_match is not None:
            headers["If-Match"] = if_match
        used = self.headers.get("Authorization")
        response = self._http.request(method, path, json=body, headers=headers, **options)
        for _ in range(self.tries_again):
            if response.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
                break
            time.sleep(float(response.headers.get("retry-after", 1)))
            response = self._http.request(method, path, json=body, headers=headers, **options)
        if response.status_code == HTTPStatus.UNAUTHORIZED and Refused(response).code == "not_signed_in":
            # This host's clock may be wrong about when the token expires.
            self._refresh(instead_of=used)
            response = self._http.request(method, path, json=body, headers=headers, **options)
        if response.is_error:
            raise Refused(response)
        return response.json() if response.content else None

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    @property
    def headers(self) -> httpx.Headers:
        """What every request carries, with a token that lasts for some minutes."""
        if time.monotonic() >= self._refresh_at:
            self._refresh(instead_of=self._http.headers.get("Authorization"))
        return self._http.headers

    def use_token(self, token: str) -> None:
        """Send this token, for as long as it lasts."""
        self._http.headers["Authorization"] = f"Bearer {token}"

    def keep_signed_in(self, tokens: Json) -> None:
        """Send these tokens, and refresh them whenever half of their time is over."""
        lasting = datetime.fromisoformat(tokens["expires_at"]) - datetime.now(UTC)
        self._refresh_token = tokens["refresh_token"]
        self._refresh_at = time.monotonic() + lasting.total_seconds() / 2
        self.use_token(tokens["token"])

    def _refresh(self, *, instead_of: str | None) -> None:
        with self._refreshing:
            if self._refresh_token is None or self._http.headers.get("Authorization") != instead_of:
                return  # another thread was faster
            answer = self._http.post("/auth/tokens", json={"refresh_token": self._refresh_token})
            if answer.is_error:
                raise Refused(answer)
            self.keep_signed_in(answer.json())


class Client(Person):
    """A buyer with a phone."""

    def __init__(self, cabinet_url: str, *, language: str = "en") -> None:
        super().__init__(cabinet_url, language=language)
        self._outbox_url = f"{cabinet_url}/dev/outbox.json"

    def sign_in(self, contact: str, *, patience: float = PATIENCE) -> Json:
        """Ask for a code, read it where the recorded mails are shown, sign in, and agree to what is asked."""
        challenge = self.call("POST", "/auth/codes", {"contact": contact})
        code = self._read_code(contact, patience)
        session = self.call(
            "POST",
            "/auth/sessions",
            {"challenge_id": challenge["challenge_id"], "code": code, "carrier": "bearer"},
        )
        self.keep_signed_in(session)
        self.agree()
        return session["account"]

    def agree(self) -> None:
        """Give every consent that is asked for and not given yet."""
        for document in self.get("/consents")["documents"]:
            if not document["given"]:
                asked = {"document": document["document"], "version": document["version"]}
                self.call("POST", "/consents", {**asked, "language": "en"})

    def mails_to(self, contact: str) -> list[Json]:
        """What was sent to `contact`, newest first."""
        mails: list[Json] = httpx.get(self._outbox_url, timeout=TIMEOUT).json()["messages"]
        return [mail for mail in mails if mail["to"] == contact]

    def _read_code(self, contact: str, patience: float) -> str:
        def newest_code() -> str | None:
            return next((mail["code"] for mail in self.mails_to(contact) if mail.get("code")), None)

        return wait_for(newest_code, f"a sign-in code for {contact}", patience)

    def start(self, claim: Json | None = None, worry: str | None = None, *, key: str | None = None) -> Json:
        body: Json = {"claim": claim, "worry": worry}
        return self.call("POST", "/inspections", {k: v for k, v in body.items() if v is not None}, key=key)

    def upload(
        self,
        inspection_id: str,
        shot: str,
        photo: bytes,
        *,
        info_task_id: str | None = None,
        name: str = "photo.jpg",
        key: str | None = None,
    ) -> Json:
        fields = {"shot": shot, "sha256": hashlib.sha256(photo).hexdigest()}
        if info_task_id is not None:
            fields["info_task_id"] = info_task_id
        return self.call(
            "POST",
            f"/inspections/{inspection_id}/evidence",
            data=fields,
            files={"file": (name, photo, "image/jpeg")},
            key=key,
        )

    def upload_copy(
        self, inspection_id: str, shot: str, photo: bytes, copy: bytes, *, key: str | None = None
    ) -> Json:
        """Send a small copy of the photo ahead of it."""
        announced = {
            "shot": shot,
            "sha256": hashlib.sha256(photo).hexdigest(),
            "media_type": "image/jpeg",
            "size_bytes": str(len(photo)),
        }
        return self.call(
            "POST",
            f"/inspections/{inspection_id}/evidence/copies",
            data=announced,
            files={"file": ("copy.jpg", copy, "image/jpeg")},
            key=key,
        )

    def submit(self, inspection_id: str, *, key: str | None = None) -> Json:
        return self.call("POST", f"/inspections/{inspection_id}/submit", key=key)

    def inspection(self, inspection_id: str) -> Json:
        return self.get(f"/inspections/{inspection_id}")

    def fulfil(self, inspection_id: str, task_id: str, body: Json) -> Json:
        return self.call("POST", f"/inspections/{inspection_id}/info-tasks/{task_id}/fulfilment", body)

    def refuse(self, inspection_id: str, task_id: str, body: Json) -> Json:
        return self.call("POST", f"/inspections/{inspection_id}/info-tasks/{task_id}/refusal", body)

    def wait_until(self, inspection_id: str, state: str, *, patience: float = PATIENCE) -> Json:
        return wait_for_state(lambda: self.inspection(inspection_id), state, patience)


class Expert(Person):
    """Someone of the experts' side, in whatever role."""

    def sign_in(self, login: str, password: str, totp_secret: str) -> Json:
        """With the password and a code, as an authenticator app would show it.

        A code works once. So soon after another sign-in of the same person the next one is taken, which counts
        half a minute before its time.
        """
        now = datetime.now(UTC)
        try:
            session = self._session(login, password, TOTP(totp_secret).at(now))
        except Refused as refused:
            if refused.code != "second_factor_wrong":
                raise
            session = self._session(login, password, TOTP(totp_secret).at(now + timedelta(seconds=30)))
        self.keep_signed_in(session)
        return session["expert"]

    def _session(self, login: str, password: str, code: str) -> Json:
        body = {"login": login, "password": password, "code": code, "carrier": "bearer"}
        return self.call("POST", "/auth/sessions", body)

    def case(self, case_id: str) -> Json:
        return self.get(f"/cases/{case_id}")

    def open_photo(self, case_id: str, evidence_id: str, variant: str) -> httpx.Response:
        """The photo over a signed link. Until it was decoded there is none, so it is waited for."""

        def link() -> str | None:
            try:
                return self.get(f"/cases/{case_id}/evidence/{evidence_id}?variant={variant}")["url"]
            except Refused as refused:
                if refused.code != "evidence_not_ready":
                    raise
                return None

        return httpx.get(wait_for(link, "the photo"), timeout=30).raise_for_status()

    def claim(self, case_id: str, *, key: str | None = None) -> Json:
        return self.call("POST", f"/cases/{case_id}/lease", key=key)

    def ask(self, case_id: str, question: str, *, blocking: bool = True, **task: Any) -> Json:
        return self.call(
            "POST", f"/cases/{case_id}/info-tasks", {"question": question, "blocking": blocking, **task}
        )

    def find(self, case_id: str, text: str, *, severity: str, places: list[Json], **more: str) -> Json:
        body = {"severity": severity, "text": text, "places": places, **more}
        return self.call("POST", f"/cases/{case_id}/findings", body)

    def decide(
        self, case_id: str, verdict: str, summary: str, *, key: str | None = None, **decision: Any
    ) -> Json:
        """Issue a decision on the case as it stands now, with every required check of its checklist done."""
        for check in self.case(case_id)["checks"]:
            if check["required"] and check["outcome"] is None:
                self.check(case_id, check["check_id"], "ok")
        body: Json = {"preliminary": False, "finding_ids": [], "not_covered": [], **decision}
        body |= {"verdict": verdict, "summary": summary}
        version = self.case(case_id)["version"]
        return self.call("POST", f"/cases/{case_id}/decision", body, key=key, if_match=f'"{version}"')

    def check(self, case_id: str, check_id: str, outcome: str) -> None:
        self.call("PUT", f"/cases/{case_id}/checks/{check_id}", {"outcome": outcome})

    def wait_until(self, case_id: str, state: str, *, patience: float = PATIENCE) -> Json:
        return wait_for_state(lambda: self.case(case_id), state, patience)


def wait_for(look: Callable[[], T | None], what: str, patience: float = PATIENCE) -> T:
    """What `look` returns once it is not None. Raises TimeoutError after `patience` seconds."""
    give_up = time.monotonic() + patience
    while True:
        found = look()
        if found is not None:
            return found
        if time.monotonic() > give_up:
            raise TimeoutError(f"waited {patience:.0f} s for {what}")
        time.sleep(0.05)


def wait_for_state(look: Callable[[], Json], state: str, patience: float) -> Json:
    """Wait until the inspection or case that `look` fetches is in `state`; a case not there yet is waited for."""
    seen = "nothing"

    def in_state() -> Json | None:
        nonlocal seen
        try:
            found = look()
        except Refused as refused:
            if refused.code != "not_found":
                raise
            return None
        seen = found["state"]
        return found if seen == state else None

    try:
        return wait_for(in_state, state, patience)
    except TimeoutError:
        raise TimeoutError(f"waited {patience:.0f} s for {state}; it is {seen}") from None
