"""A question reaches a browser as a title and a way; where the browser is gone the mail goes instead."""

import json
import os
from collections.abc import Callable
from http import HTTPStatus

import httpx

from deploy.demo.people import Client, wait_for
from tests.flows.conftest import People
from tests.support.push_service import PushService

Send = Callable[[Client], str]
PATIENCE = 20


def asked(people: People, send: Send, client: Client, question: str) -> tuple[str, str]:
    """An expert asks a question about an inspection of the client; returns the ids of both."""
    expert = people.expert("anna")
    inspection_id = send(client)
    expert.wait_until(inspection_id, "queued")
    expert.claim(inspection_id)
    expert.ask(inspection_id, question)
    [task] = wait_for(
        lambda: client.inspection(inspection_id)["info_tasks"] or None, "the question", PATIENCE
    )
    return inspection_id, task["id"]


def test_a_question_comes_to_the_browser_as_a_title_and_a_way(people: People, send: Send) -> None:
    client = people.client()
    with PushService().running() as browser:
        client.call("PUT", "/notifications/push", browser.subscription)
        inspection_id, task_id = asked(people, send, client, "Is the plate riveted?")
        wait_for(lambda: browser.bodies or None, "the push message", PATIENCE)
        [said] = browser.read()
    number = client.inspection(inspection_id)["number"]
    assert said["path"] == f"/inspections/{inspection_id}/questions/{task_id}"
    assert said["title"].startswith(number)
    assert set(said) == {"id", "title", "path", "kind", "receipt"}
    assert "riveted" not in json.dumps(said)
    [told] = [one for one in client.get("/notifications") if one["info_task_id"] == task_id]
    assert told["deliveries"][0]["channel"] == "push"

    # The browser says that it shows it, whoever is signed in there by then.
    assert httpx.post(f"{people.stack.cabinet.url}{said['receipt']}").status_code == HTTPStatus.NO_CONTENT
    [told] = [one for one in client.get("/notifications") if one["info_task_id"] == task_id]
    assert told["deliveries"][0]["state"] == "delivered"


def test_a_browser_that_is_gone_is_forgotten_and_the_mail_goes_instead(people: People, send: Send) -> None:
    contact = f"{os.urandom(5).hex()}@example.com"
    client = people.client(contact)
    with PushService().running() as browser:
        browser.answer = HTTPStatus.GONE
        client.call("PUT", "/notifications/push", browser.subscription)
        assert len(client.get("/notifications/devices")) == 1
        inspection_id, task_id = asked(people, send, client, "Is the plate riveted?")
        link = f"/inspections/{inspection_id}/questions/{task_id}"
        wait_for(
            lambda: any(link in letter["text"] for letter in client.mails_to(contact)) or None,
            "the letter",
            PATIENCE,
        )
        assert len(browser.bodies) == 1
    assert client.get("/notifications/devices") == []
