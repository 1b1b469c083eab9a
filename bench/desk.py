"""How fast the desk is under an expert's hands, in a real Chromium on both running services.

From the key to the next case: until the frame that shows its number, and until the one that shows its photo. From
Send to the row on the desk: the client's request and the live way to the queue. Scrolling: 5,000 open cases, with
the processor slowed down four times.
"""

import os
import re
import shutil
import statistics
import time
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

from bench import pictures, rows
from bench.harness import Figure
from bench.stage import Stage
from bpa_service.settings import COOKIE
from deploy import web
from deploy.demo.people import Client, Expert

CASES: Final = 25
SENDINGS: Final = 9
OPEN: Final = 5_000
SLOWER: Final = 4
NEXT_MS: Final = 150
SENT_MS: Final = 1_000
FRAME_MS: Final = 51  # three frames of a screen, to the rounding of their times
PASSES: Final = 5

# Both callbacks run in the frame that shows the change; the second in the one after, when it has been painted.
_NEXT: Final = """() => new Promise((done) => {
  const title = document.querySelector("h1").textContent;
  const painted = (what) => requestAnimationFrame(() => setTimeout(() => what(performance.now())));
  const times = {};
  const look = () => {
    const now = document.querySelector("h1")?.textContent ?? title;
    if (!times.asked && now !== title && !now.includes("…")) {
      times.asked = true;
      painted((at) => (times.painted = at));
    }
    const shown = document.querySelector(".viewer canvas") && !document.querySelector(".viewer [role=status]");
    if (times.painted && shown) return painted((at) => done([times.painted - begun, at - begun]));
    requestAnimationFrame(look);
  };
  const begun = performance.now();
  document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "j", code: "KeyJ", bubbles: true}));
  requestAnimationFrame(look);
})"""
_SCROLL: Final = """(list) => new Promise((done) => {
  const frames = [];
  list.scrollTop = 0;
  let before = performance.now();
  const step = (now) => {
    frames.push(now - before);
    before = now;
    list.scrollTop += 180;
    if (list.scrollTop + list.clientHeight >= list.scrollHeight - 1) done(frames.slice(2));
    else requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""


def run() -> list[Figure]:
    if not web.is_built(web.DESK):
        web.build(web.DESK)
    with Stage() as stage, sync_playwright() as playwright:
        chromium = os.environ.get("AUTODETECTIVE_TEST_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        expert = stage.expert()
        painted, shown = next_cases(stage, browser, expert)
        sent = sendings(stage, browser, expert)
        passes = scrolling(stage, browser, expert)
        browser.close()
    return [
        Figure(
            name="from the key to the next case on the screen, p95",
            unit="ms",
            product=_p95(painted),
            at_most=NEXT_MS,
        ),
        Figure(name="the same, to its photo, p95", unit="ms", product=_p95(shown)),
        Figure(
            name="from the client's Send to the row on the desk, median",
            unit="ms",
            product=statistics.median(sent),
            at_most=SENT_MS,
        ),
        # Whatever else the machine does makes frames longer, and none shorter.
        Figure(
            name=f"longest frame while {OPEN} rows scroll, {SLOWER} x slower processor, best of {PASSES} passes",
            unit="ms",
            product=min(max(frames) for frames in passes),
            at_most=FRAME_MS,
        ),
        Figure(
            name="frames longer than 50 ms, all passes",
            unit="of 1",
            product=statistics.mean(frame > FRAME_MS for frames in passes for frame in frames),
        ),
    ]


def next_cases(stage: Stage, browser: Browser, expert: Expert) -> tuple[list[float], list[float]]:
    """For each of the cases: milliseconds until its number is there, and until its photo is."""
    client = stage.client()
    last = [send(client) for _ in range(CASES)][-1]
    expert.wait_until(last, "queued")
    page = desk(stage, browser, expert)
    page.locator(".list a").first.wait_for()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*")
    times: list[list[float]] = []
    for _ in range(CASES - 1):
        page.locator(".viewer canvas").wait_for()
        page.wait_for_timeout(500)  # an expert looks at a case for longer than that
        times.append(page.evaluate(_NEXT))
    page.context.close()
    return [painted for painted, _ in times], [shown for _, shown in times]


def sendings(stage: Stage, browser: Browser, expert: Expert) -> list[float]:
    client = stage.client()
    page = desk(stage, browser, expert)
    page.get_by_label("Find in the queue").fill("sent")  # only what is in sight is drawn
    times: list[float] = []
    for _ in range(SENDINGS):
        inspection_id = drafted(client, make="Sent")
        begun = time.perf_counter()
        client.submit(inspection_id)
        page.locator(f"a[href='/cases/{inspection_id}']").wait_for(state="attached")
        times.append((time.perf_counter() - begun) * 1000)
    page.context.close()
    return times


def scrolling(stage: Stage, browser: Browser, expert: Expert) -> list[list[float]]:
    """The length of every frame of every pass through the list, in milliseconds."""
    rows.copy_case(stage, rows.first_case(stage), first=1, last=20 * OPEN)
    page = desk(stage, browser, expert)
    page.get_by_role("button", name=re.compile(r"^All\b")).click()
    page.get_by_label("Find in the queue").fill("c-")  # a search fetches every row
    page.wait_for_function(
        "(rows) => parseInt(document.querySelector('.bar [role=status]').textContent) >= rows",
        arg=OPEN,
        timeout=120_000,
    )
    devtools: Any = page.context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    passes: list[list[float]] = [page.locator(".list").evaluate(_SCROLL) for _ in range(PASSES)]
    page.context.close()
    return passes


def desk(stage: Stage, browser: Browser, expert: Expert) -> Page:
    """A signed-in desk with the queue on it."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    token = expert.headers["Authorization"].removeprefix("Bearer ")
    context.add_cookies([{"name": COOKIE, "value": token, "url": stage.stack.bpa.public_url}])
    page = context.new_page()
    page.goto(stage.stack.bpa.public_url)
    page.locator("#find").wait_for()
    return page


def drafted(client: Client, make: str = "Land Rover") -> str:
    inspection_id: str = client.start({"identifier": "SAL1A2A40SA606662", "make": make})["id"]
    client.upload(inspection_id, "vin_stamped", pictures.small())
    return inspection_id


def send(client: Client) -> str:
    inspection_id = drafted(client)
    client.submit(inspection_id)
    return inspection_id


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
