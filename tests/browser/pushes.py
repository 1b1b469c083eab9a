"""Push messages to a browser without a push service: delivered by the debugger, tapped in the service worker."""

import json
from typing import Any, Final
from uuid import uuid4

from playwright.sync_api import Worker

from deploy.demo.people import Json, wait_for
from tests.browser.phone import Phone

# Headless browsers have no push service to subscribe at. What is asked of one is answered by the page itself.
PUSH_SERVICE: Final = """
  const KEPT = "pushes of the test";
  const made = () => {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "null");
    return kept && {
      options: {applicationServerKey: Uint8Array.from(kept.key).buffer},
      toJSON: () => ({endpoint: kept.endpoint, keys: {p256dh: "B" + "A".repeat(86), auth: "A".repeat(22)}}),
      unsubscribe: async () => (localStorage.removeItem(KEPT), true),
    };
  };
  PushManager.prototype.getSubscription = async () => made();
  PushManager.prototype.subscribe = async ({applicationServerKey}) => {
    const endpoint = "http://127.0.0.1:9/" + Math.random();
    localStorage.setItem(KEPT, JSON.stringify({endpoint, key: [...new Uint8Array(applicationServerKey)]}));
    return made();
  };
"""
# A tap that no one made lets a worker neither focus nor open a window: here it says that it would.
_WINDOWS: Final = """
  WindowClient.prototype.focus = async function () { return this; };
  self.opened = [];
  self.clients.openWindow = async (url) => void self.opened.push(url);
"""


class Pushes:
    """What comes to one browser."""

    def __init__(self, phone: Phone) -> None:
        phone.context.grant_permissions(["notifications"], origin=phone.url)
        self._phone = phone
        self._devtools: Any = None
        self._registration = ""

    def _listen(self) -> None:
        """Be told of the registrations that there are, once there is one."""
        if self._devtools is not None:
            return
        self._devtools = self._phone.context.new_cdp_session(self._phone.page)
        self._devtools.on("ServiceWorker.workerRegistrationUpdated", self._registered)
        self._devtools.send("ServiceWorker.enable")

    def _registered(self, event: dict[str, Any]) -> None:
        for one in event["registrations"]:
            self._registration = one["registrationId"]

    @property
    def worker(self) -> Worker:
        page = self._phone.page
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        # Events come while Playwright is asked something.
        return wait_for(
            lambda: (page.title(), next(iter(self._phone.context.service_workers), None))[1], "the worker", 15
        )

    def deliver(self, title: str, path: str) -> None:
        self.deliver_all({"id": uuid4().hex, "title": title, "path": path, "kind": "decision"})

    def deliver_all(self, said: Json) -> None:
        """All that came in one message."""
        page = self._phone.page
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self._listen()
        wait_for(lambda: (page.title(), self._registration)[1] or None, "the registration")
        self._devtools.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": self._phone.url, "registrationId": self._registration, "data": json.dumps(said)},
        )

    def shown(self) -> list[str]:
        titles: list[str] = self.worker.evaluate(
            "self.registration.getNotifications().then((all) => all.map((one) => one.title))"
        )
        return titles

    def tap(self) -> list[str]:
        """Tap the one that is shown; returns which windows were opened for it."""
        opened: list[str] = self.worker.evaluate(
            f"""(async () => {{
              {_WINDOWS}
              const [notification] = await self.registration.getNotifications();
              const event = new NotificationEvent("notificationclick", {{notification}});
              const done = new Promise((done) => (event.waitUntil = done));
              self.dispatchEvent(event);
              await (await done);
              return self.opened;
            }})()"""
        )
        return opened
