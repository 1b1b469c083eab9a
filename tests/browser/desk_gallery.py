"""Every screen of the desk with something on it, for whoever wants to look at all of them."""

import re
from collections.abc import Callable, Generator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import uuid4

from playwright.sync_api import Page, expect
from pyotp.totp import TOTP

from deploy.demo import vehicles
from deploy.demo.people import Client, Expert, Json, Refused, wait_for
from tests.browser.phone import READ_PATIENCE, Look, Phone, until
from tests.factories.photos import jpeg, stamped_number, vin_plate
from tests.flows.conftest import VIN, VIN_CLAIM, People

NewDesk = Callable[..., Phone]
WORDS: Final = {
    "ru": {
        "worry": "Заклёпки на табличке новые",
        "finding": "Последние знаки стоят ниже",
        "note": "Похоже на прошлую неделю: тот же шрифт",
        "message": "Смотрим, ответ будет вовремя",
        "question": "Это заводской шрифт?",
        "check": "Глубина и шаг знаков ровные",
        "template": "Ближе и без блика",
        "all": "Все",
    },
    "en": {
        "worry": "The rivets of the plate look new",
        "finding": "The last characters stand lower",
        "note": "Like last week: the same typeface",
        "message": "We are looking, the answer comes in time",
        "question": "Is this the maker's typeface?",
        "check": "Depth and pitch of the characters are even",
        "template": "Closer, without glare",
        "all": "All",
    },
}
FIRST_FILE: Final = "stock-2026-10-01.csv"
PLACE: Final[Json] = {"x": 0.5, "y": 0.4, "width": 0.3, "height": 0.2}


def sent_by(client: Client, **claim: object) -> str:
    inspection_id: str = client.start({**VIN_CLAIM, **claim}, worry="Are the digits genuine?")["id"]
    client.upload(inspection_id, "vin_stamped", stamped_number())
    client.upload(inspection_id, "front", jpeg())
    client.submit(inspection_id)
    return inspection_id


def let_in(people: People, person: Json) -> Json:
    """Somebody new, by the administrator: who shows a code again where the last one was long ago."""
    admin = people.expert("admin")
    try:
        return admin.call("POST", "/people", person, key=uuid4().hex)
    except Refused as refused:
        if refused.code != "second_factor_required":
            raise
    admin.call("POST", "/me/confirmation", {"code": next_code_of(people, "admin")})
    return admin.call("POST", "/people", person, key=uuid4().hex)


def next_code_of(people: People, login: str) -> str:
    """What somebody's app shows in half a minute: the one of now may have let them in."""
    [secret] = [one["totp_secret"] for one in people.stack.demo_people() if one["login"] == login]
    return TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30))


def case_opened(desk: Phone, case_id: str) -> Page:
    desk.open(f"/cases/{case_id}")
    seen(desk.page)
    return desk.page


def seen(page: Page) -> None:
    """Wait until a photo is on the screen."""
    expect(page.locator(".viewer canvas").first).to_be_visible()
    expect(page.locator(".viewer [role=status]")).to_have_count(0)


def desk_screens(new_desk: NewDesk, people: People, look: Look) -> Generator[tuple[str, Page]]:
    """Brings one screen after the other onto a desk, and gives its name and page while it is there."""
    words = WORDS[look.language]
    desk = new_desk(None, look)
    desk.open()
    expect(desk.page.locator("#login")).to_be_visible()
    yield "sign-in", desk.page
    with_words(people, words)
    with_exemplar(people, "Land Rover")
    case_id = a_case(people, words)
    with_records(people)
    desk = new_desk("anna", look)
    yield from of_the_queue(desk, case_id, words)
    people.expert("anna").claim(case_id)  # once more: on a busy machine its lease is over by now
    yield from of_the_case(desk, case_id, words)
    with suppress(Refused):  # and so it may be here
        people.expert("anna").call("DELETE", f"/cases/{case_id}/lease")
    yield from of_the_others(new_desk, people, look)


def with_words(people: People, words: dict[str, str]) -> None:
    """Ready words, and a check that holds nobody back."""
    vera = people.expert("vera")
    if words["template"] not in {one["title"] for one in vera.get("/templates")["items"]}:
        template: Json = {
            "kind": "question",
            "title": words["template"],
            "text": f"{words['template']}: {{shot}}",
            "shot": None,
        }
        vera.call("POST", "/templates", template, key=uuid4().hex)
    if words["check"] not in {one["text"] for one in vera.get("/checks")["items"]}:
        check: Json = {"shot": "vin_stamped", "text": words["check"], "required": False, "position": 10}
        vera.call("POST", "/checks", check, key=uuid4().hex)


def with_exemplar(people: People, make: str) -> None:
    """A genuine stamping of that make in the reference base."""
    vera = people.expert("vera")
    if not vera.get(f"/exemplars?make={make}")["items"]:
        about = {"make": make, "model": "Discovery", "marking": "vin_stamped", "year_from": "2009"}
        about |= {"plant": "Solihull", "tags": "robot", "note": "The 4 is open."}
        vera.call("POST", "/exemplars", data=about, files={"file": stamped_number()})


def with_records(people: People) -> None:
    """What four sources have of the car of the case."""
    stack, admin = people.stack, people.expert("admin")
    with TemporaryDirectory() as folder:
        for source, path in vehicles.written(Path(folder), VIN).items():
            if admin.get(f"/imports?source={source}&limit=1")["items"]:
                continue
            words = ("vehicles-import", source, str(path), "--as-of", vehicles.AS_OF)
            done = stack.command(stack.bpa, *words)
            assert done.returncode == 0, done.stderr


def a_case(people: People, words: dict[str, str]) -> str:
    """One that Anna has in hand, with something of everything."""
    client, anna = people.client(), people.expert("anna")
    case_id: str = client.start(
        {**VIN_CLAIM, "make": "Land Rover", "model": "Discovery", "year": 2011}, worry=words["worry"]
    )["id"]
    for shot, photo in (("vin_stamped", stamped_number()), ("vin_plate", vin_plate()), ("front", jpeg())):
        client.upload(case_id, shot, photo)
    in_place_of_photos = [{"shot": "door_sticker", "answer": "unreadable"}]
    client.call("PATCH", f"/inspections/{case_id}", {"shot_answers": in_place_of_photos})
    client.submit(case_id)
    anna.wait_until(case_id, "queued")
    anna.claim(case_id)
    photo_id = anna.case(case_id)["evidence"][0]["evidence_id"]
    place: Json = {"evidence_id": photo_id, "region": PLACE}
    anna.find(case_id, words["finding"], severity="anomaly", places=[place])
    anna.call("POST", f"/cases/{case_id}/notes", {"text": words["note"]})
    anna.call("POST", f"/cases/{case_id}/messages", {"text": words["message"]})
    return case_id


def of_the_queue(desk: Phone, case_id: str, words: dict[str, str]) -> Generator[tuple[str, Page]]:
    page = desk.page
    desk.open()
    page.get_by_role("button", name=re.compile(rf"^{words['all']}( |$)")).click()
    expect(page.locator(f"a[href='/cases/{case_id}']")).to_be_visible()
    yield "queue", page
    page.keyboard.press("Control+k")
    expect(page.locator("dialog [role=combobox]")).to_be_focused()
    yield "palette", page
    page.keyboard.press("Escape")
    yield from of_the_search(desk, case_id)


def of_the_case(desk: Phone, case_id: str, words: dict[str, str]) -> Generator[tuple[str, Page]]:
    page = desk.page
    case_opened(desk, case_id)
    yield "case", page
    forms = ("q", "ask"), ("v", "verdict"), ("s", "opinion"), ("m", "chat"), ("n", "notes"), ("g", "claim")
    for key, form in forms:
        page.keyboard.press(key)
        expect(page.locator(f"#{form}-title")).to_be_visible()
        yield f"case-{form}", page
        page.keyboard.press("Escape")
    page.locator("aside nav button").nth(1).click()
    expect(page.locator("#findings-title")).to_be_visible()
    yield "case-findings", page
    page.keyboard.press("h")
    yield "case-alone", page
    page.keyboard.press("h")
    page.keyboard.press("f")
    expect(page.get_by_role("application")).to_be_focused()
    yield "case-marking", page
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+?")
    expect(page.get_by_role("dialog")).to_be_visible()
    yield "keys", page
    page.keyboard.press("Escape")
    yield from of_the_comparison(page, case_id, words)
    desk.open(f"/cases/{case_id}/vehicle")
    expect(page.locator(".chart canvas")).to_be_visible(timeout=READ_PATIENCE)  # its engine starts when asked
    page.locator("details summary").first.click()
    yield settled("vehicle", page)
    desk.open("/vehicles/vin/XTA21144094700001")
    expect(page.locator("#blocks-title")).to_be_visible()
    yield settled("vehicle-unknown", page)
    desk.open(f"/cases/{case_id}/graph")
    expect(page.locator(".drawing")).to_be_visible()
    yield settled("graph", page)
    desk.open("/statistics")
    yield settled("statistics", page)


def of_the_search(desk: Phone, case_id: str) -> Generator[tuple[str, Page]]:
    page, asked = desk.page, f"/search?q={VIN}"
    desk.open("/search")
    yield settled("search-empty", page)
    desk.open(f"{asked}&since=2020-01-01")
    hit = page.locator(f"a[href='/cases/{case_id}']").first
    expect(hit).to_be_visible()
    yield settled("search", page)
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(hit).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("aside .photos img").first).to_be_visible()
    yield "search-peek", page
    page.keyboard.press("Escape")
    page.locator(".views > button").click()
    expect(page.locator(".views form")).to_be_visible()
    yield "search-saved", page
    desk.open("/search?q=XTA99999999999999&until=2020-01-01")
    expect(page.locator("#nothing-title")).to_be_visible()
    yield "search-nothing", page


def of_the_comparison(page: Page, case_id: str, words: dict[str, str]) -> Generator[tuple[str, Page]]:
    page.goto(page.url.split("/cases")[0] + f"/cases/{case_id}/compare")
    number_boxed(page)
    yield settled("compare-grid", page)
    page.keyboard.press("Enter")
    expect(page.locator("#values-title")).to_be_visible()
    measured(page)
    yield "compare", page
    russian = words is WORDS["ru"]
    page.get_by_role("button", name="Рядом" if russian else "Side by side").click()
    expect(page.locator("figure canvas")).to_have_count(2)
    expect(page.locator("figure [role=status]")).to_have_count(0)
    yield "compare-beside", page
    page.get_by_role("button", name="Образцы" if russian else "Exemplars").click()
    page.locator("li button.card").first.click()
    until(page, "[...document.images].every((one) => one.complete && one.naturalWidth > 0)")
    yield "compare-exemplars", page


def number_boxed(page: Page, *, ways: int = 17) -> None:
    """Draw a box as wide as the photo with keys alone, and wait until a grid lies in it."""
    sheet = page.get_by_role("application")
    expect(sheet).to_be_focused()
    for _ in range(ways):
        for key in ("ArrowLeft", "Shift+ArrowRight", "Shift+ArrowRight"):
            page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page.locator("#grid-title")).to_be_focused()
    expect(page.locator(".sheet .primary")).to_be_enabled(timeout=READ_PATIENCE)


def measured(page: Page) -> None:
    """Wait until there is nothing more to measure of the two characters."""
    cells = page.locator("section:has(#values-title) td")
    expect(cells.first).to_have_text(re.compile(r"±|\bcannot\b|нельзя"), timeout=2 * READ_PATIENCE)


def with_imports(people: People) -> None:
    """A file that was imported, with rows that were not, one that was none, and a later one with a long name."""
    admin = people.expert("admin")
    if any(one["file"] == FIRST_FILE for one in admin.get("/imports?source=jp_stock&limit=200")["items"]):
        return
    rows = "".join(f"TOYOTA,COROLLA,NZE141-{number:07},2010,{number}\n" for number in range(1, 1200))
    header = "make,model,chassis,year,kms\n"
    for name, content in (
        (FIRST_FILE, header + rows + "TOYOTA,COROLLA,,2010,1\n" * 17 + "TOYOTA,X\n"),
        ("stock-2026-10-15.csv", "<html><body>Too many requests</body></html>"),
        (f"{'a-very-long-name-' * 6}2026-11-01.csv", header + rows.replace("2010", "2011", 300)),
    ):
        fields = {"as_of": f"{name[-14:-4]}T00:00:00Z", "name": name}
        sent = admin.call(
            "POST",
            "/sources/jp_stock/files",
            key=uuid4().hex,
            data=fields,
            files={"file": content.encode()},
        )
        wait_for(lambda sent=sent: has_ended(admin, sent["id"]) or None, f"the import of {name}", 120)


def has_ended(admin: Expert, import_id: str) -> bool:
    return admin.get(f"/imports/{import_id}")["state"] in {"published", "failed"}


def of_the_sources(desk: Phone, people: People, look: Look) -> Generator[tuple[str, Page]]:
    with_imports(people)
    page, russian = desk.page, look.language == "ru"
    desk.open("/sources")
    yield settled("sources", page)
    send = "Отправить файл" if russian else "Send a file"
    page.get_by_role("button", name=re.compile(f"{send}.*Japan")).click()
    page.locator("#send-file").set_input_files(
        [{"name": "stock_20261120.csv", "mimeType": "text/csv", "buffer": b"make,model,chassis,year,kms\n"}]
    )
    expect(page.locator("#send-day")).to_have_value("2026-11-20")
    yield "sources-send", page
    desk.open("/imports?source=jp_stock")
    page.locator("li.card", has_text=FIRST_FILE).locator("summary").click()
    yield settled("imports", page)
    page.get_by_role(
        "button", name=re.compile("Отменить импорт" if russian else "Undo the import")
    ).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    yield "imports-undo", page
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("Ещё ▾" if russian else "More ▾")).click()
    yield "menu-more", page


def of_the_others(new_desk: NewDesk, people: People, look: Look) -> Generator[tuple[str, Page]]:
    """The screens of whoever keeps the shift, the words and the people."""
    yield from of_the_sources(new_desk("admin", look), people, look)
    for name, login, path in (
        ("shift", "lead", "/shift"),
        ("operations", "lead", "/operations"),
        ("exemplars", "vera", "/exemplars"),
        ("playbook", "vera", "/playbook"),
        ("people", "admin", "/people"),
        ("audit", "auditor", "/audit"),
        ("me", "anna", "/me"),
        ("missing", "anna", "/nowhere"),
    ):
        desk = new_desk(login, look)
        desk.open(path)
        yield settled(name, desk.page)


def settled(name: str, page: Page) -> tuple[str, Page]:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("main .loading")).to_have_count(0)
    return name, page
