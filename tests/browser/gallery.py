"""Every screen of the app with something on it, for whoever wants to look at all of them."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final
from uuid import uuid4

from playwright.sync_api import Route, expect

from bpa_service.vehicles.mappings import catalogue
from deploy.demo.people import Json, wait_for
from tests.browser import steps
from tests.browser.managing import VINS, sheet
from tests.browser.phone import READ_PATIENCE, Phone, file_of
from tests.browser.words import AGREE, AS_IT_IS, NEXT, NOT_HERE, PHOTOGRAPH, TAKE, TYPE, WHERE
from tests.factories.photos import jpeg, stamped_number, vin_plate
from tests.flows.conftest import VIN_CLAIM, People

WORDS: Final = {
    "ru": {
        "worry": "Заклёпки на табличке новые",
        "question": "Снимите номер ближе, без блика",
        "finding": "Шрифт последних знаков другой",
        "summary": "Последние знаки перебиты",
        "clean": "Номер набит на заводе, рядом следов работ нет",
        "insufficient": "Номер на снимках не читается",
        "company": "Автосалон «Северный»",
        "branch": "Филиал на Московском проспекте",
        "name": "Анна",
    },
    "en": {
        "worry": "The rivets of the plate look new",
        "question": "Photograph the number from closer, without glare",
        "finding": "The last characters are of another typeface",
        "summary": "The last characters were struck anew",
        "clean": "The number was struck by the maker, nothing beside it was worked on",
        "insufficient": "The number cannot be read on these photos",
        "company": "Northern Motors",
        "branch": "The branch on Station Road",
        "name": "Anna",
    },
}
OTHER_ANSWERS: Final[dict[str, Json]] = {
    "clean": {"verdict": "clean", "findings": []},
    "doubts": {"verdict": "doubts"},
    "insufficient": {"verdict": "insufficient_data", "findings": [], "not_covered": ["VIN"]},
    "first-word": {"preliminary": True},
}
KNOWN_CAR: Final[Json] = {
    "state": "known",
    "records": 12,
    "sources": 4,
    "as_of": "2026-11-01T00:00:00Z",
    "last_mileage_year": 2024,
}
KNOWN_CAR_SAID: Final = {
    "ru": "Мы знаем эту машину: 12 записей из 4 источников, последний пробег — за 2024 год",
    "en": "We know this car: 12 records from 4 sources, last mileage in 2024",
}
STANDINGS: Final = ("answered", "partly", "waiting", "failed")
FOR_ANYBODY: Final = {
    "home": "/",
    "example": "/example",
    "sign-in-alone": "/sign-in",
    "help": "/help",
    "outbox": "/outbox",
    "verify": "/verify",
    "verify-unknown": "/verify/none",
    "missing": "/nowhere",
}
FOR_THE_SIGNED_IN: Final = {
    "home-signed-in": "/",
    "history": "/inspections",
    "histories": "/histories",
    "watches": "/watches",
    "notifications": "/notifications",
    "profile": "/profile",
    "developer": "/developer",
    "developer-requests": "/developer/requests",
    "companies-none": "/company",
}


def screens(phone: Phone, people: People, folder: Path) -> Generator[str]:
    """Brings one screen after the other onto the phone, and gives its name while it is there."""
    for name, path in FOR_ANYBODY.items():
        yield shown(phone, name, path)
    yield from of_a_new_check(phone, folder)
    yield from of_its_number(phone, folder)
    yield from of_the_camera(phone, folder)
    yield from of_signing_in(phone, folder)
    for name, path in FOR_THE_SIGNED_IN.items():
        yield shown(phone, name, path)
    yield from of_a_history(phone)
    yield from of_an_inspection(phone, people, folder)
    yield from of_a_company(phone)


def of_a_history(phone: Phone) -> Generator[str]:
    """A history by a number: while sources are asked, its report, links to it, and where it is found."""
    page = phone.page
    order = phone.call("POST", "/histories", {"text": VIN_CLAIM["identifier"]})
    path = f"/histories/{order['id']}"
    with told(phone, f"**/api/v1{path}", under_way):
        phone.open(path)
        expect(page.locator("main li")).to_have_count(len(STANDINGS))
        yield "history-under-way"
    wait_for(lambda: phone.call("GET", path)["made_at"], "the history")
    yield shown(phone, "history-report", path)
    expect(page.locator(".masthead")).to_be_visible()
    phone.call("POST", f"{path}/shares", {"days": 30, "label": WORDS[phone.look.language]["worry"]})
    yield shown(phone, "history-shares", f"{path}/shares")
    expect(page.locator("main li, main .card").first).to_be_visible()
    yield shown(phone, "histories-ordered", "/histories")
    expect(page.locator("main .list a")).to_have_count(1)
    phone.open("/inspections")
    page.locator("#search").fill(order["number"])
    expect(page.locator("#found-histories ~ .list a")).to_have_count(1)
    yield shown(phone, "history-found")


def under_way(order: Json) -> Json:
    """As if some sources had answered, and others had not."""
    titles = (catalogue.title(name) for name in catalogue.names())
    sources = [
        {"title": title, "standing": standing} for title, standing in zip(titles, STANDINGS, strict=False)
    ]
    return order | {"made_at": None, "sources": sources, "make_by": None}


def of_a_company(phone: Phone) -> Generator[str]:
    """A company with a branch, as it is run, as one is invited to it, and as a check is ordered for it."""
    page, words = phone.page, WORDS[phone.look.language]
    phone.call("PATCH", "/me", {"display_name": words["name"]})
    agreement: Json = {
        "version": phone.call("GET", "/company-terms")["version"],
        "language": phone.look.language,
    }
    wish: Json = {"name": words["company"], "branches": [words["branch"]], "agreement": agreement}
    made = phone.call("POST", "/companies", wish)
    branch, path = made["branches"][0]["id"], f"/companies/{made['id']}"
    phone.call("PATCH", f"{path}/branches/{branch}", {"monthly_limit": 20})
    invited: Json = {"role": "partner_agent", "branch_id": branch, "note": words["name"]}
    link = phone.call("POST", f"{path}/invitations", invited)["url"].removeprefix(phone.url)
    yield shown(phone, "companies", "/company")
    yield shown(phone, "company", f"/company/{made['id']}")
    expect(page.locator(".url")).to_be_visible()
    page.locator("#branches ~ ul button").click()
    yield shown(phone, "company-branch")
    page.locator("main > button").last.click()
    yield "company-leave"
    yield from of_many_cars(phone, made["id"])
    yield shown(phone, "join", link)
    page.goto("about:blank")  # another # alone loads nothing anew
    yield shown(phone, "join-unknown", f"/join#{'0' * 32}")
    phone.open()
    steps.start(phone, TYPE)
    steps.review(phone)
    expect(page.locator("#in-whose-name option")).to_have_count(3)
    yield shown(phone, "new-check-company")


def of_a_new_check(phone: Phone, folder: Path) -> Generator[str]:
    """Its pages, from the first on which nothing is to the last on which all is seen."""
    page, language = phone.page, phone.look.language
    yield shown(phone, "new", "/new")
    phone.open()
    steps.start(phone, WHERE)
    page.locator("summary").first.click()
    yield shown(phone, "new-where")
    steps.review(phone)
    yield "new-check-empty"
    steps.send(phone)
    yield "new-check-incomplete"
    steps.number_page(phone).fill(steps.VIN[:12])
    yield shown(phone, "new-type")
    page.locator("summary").click()
    yield "new-type-papers"
    page.get_by_role("button", name=NEXT[language], exact=True).click()
    yield "new-type-wrong"
    page.locator("#identifier").fill(steps.VIN)
    page.get_by_role("button", name=NEXT[language], exact=True).tap()
    expect(page.locator("a[href*='/camera/']")).to_be_visible()
    yield shown(phone, "new-one-photo")
    steps.take(phone, "vin_stamped", file_of(folder, stamped_number()))
    steps.open_page(phone, "advert")
    yield shown(phone, "new-advert")
    steps.open_page(phone, "worry")
    page.locator("button[aria-pressed]").nth(1).click()
    page.locator("#worry").fill(WORDS[language]["worry"])
    yield shown(phone, "new-worry")
    steps.open_page(phone, "more")
    page.locator("input[multiple]").set_input_files(
        [file_of(folder, stamped_number()), file_of(folder, jpeg())]
    )
    expect(page.locator("main .list li")).to_have_count(3)
    yield shown(phone, "new-sort")
    page.locator("main .list button").last.tap()
    yield "new-sort-what"
    page.keyboard.press("Escape")
    steps.open_page(phone, "more")
    yield shown(phone, "new-more")
    page.locator("nav.list a[href*='/photos/']").first.tap()
    yield shown(phone, "photo")
    steps.review(phone)
    expect(steps.photos(phone)).to_have_count(3)
    yield shown(phone, "new-check")
    yield from of_a_known_car(phone)
    phone.context.set_offline(True)
    expect(page.locator(".offline")).to_be_visible()
    yield "new-check-offline"
    phone.context.set_offline(False)
    expect(page.locator(".offline")).to_have_count(0)


def of_a_known_car(phone: Phone) -> Generator[str]:
    """The page on which all is seen, of a car of which there are records."""
    with told(phone, "**/vin/preview", lambda _: KNOWN_CAR):
        phone.page.reload()
        expect(phone.page.get_by_text(KNOWN_CAR_SAID[phone.look.language])).to_be_visible()
        yield shown(phone, "new-check-known")


def of_its_number(phone: Phone, folder: Path) -> Generator[str]:
    """The number as it was read, and as it is compared."""
    page = phone.page
    phone.open()
    steps.start(phone, TYPE)
    steps.take(phone, "vin_plate", file_of(folder, vin_plate()))
    expect(page.locator("a[href$='/number'], a[href$='/type']")).to_be_visible()
    expect(page.locator("main .vin")).to_be_visible(timeout=READ_PATIENCE)
    yield "new-check-read"
    page.goto(page.url.replace("/check", "/number"))
    expect(page.locator("button.line")).to_have_count(3, timeout=READ_PATIENCE)
    yield shown(phone, "new-number")
    page.locator("button.line").first.tap()
    yield "new-number-row"
    page.keyboard.press("Escape")


def of_the_camera(phone: Phone, folder: Path) -> Generator[str]:
    """Each way in which the camera is seen, and photos that another app shares."""
    page, language = phone.page, phone.look.language
    phone.open()
    steps.start(phone, PHOTOGRAPH)
    # Only with a picture of the camera can a photo be taken.
    expect(page.get_by_role("button", name=TAKE[language], exact=True)).to_have_attribute(
        "aria-disabled", "false"
    )
    yield shown(phone, "camera")
    page.locator("dialog input[type=file]").set_input_files(file_of(folder, jpeg()))
    expect(page.get_by_role("button", name=AS_IT_IS[language], exact=True)).to_be_visible()
    yield "camera-advice"
    page.get_by_role("button", name=AS_IT_IS[language], exact=True).tap()
    page.evaluate(_NO_LEAVE)
    page.get_by_role("button", name=NOT_HERE[language]).click()
    page.evaluate(
        "document.querySelector('video').srcObject.getTracks()[0].dispatchEvent(new Event('ended'))"
    )
    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    yield "camera-denied"
    steps.share(phone, file_of(folder, stamped_number()), file_of(folder, vin_plate()))
    yield shown(phone, "shared")


_FORGET_ALL: Final = """new Promise((done) => {
  indexedDB.deleteDatabase("autodetective").onsuccess = () => done();
})"""
_NO_LEAVE: Final = "navigator.permissions.query = () => Promise.resolve({state: 'denied'})"


def of_signing_in(phone: Phone, folder: Path) -> Generator[str]:
    """One field a page, on the way from Send to Sent; and what is sent and waits for a network."""
    page, language = phone.page, phone.look.language
    contact = f"{uuid4().hex[:10]}@example.com"
    page.evaluate(_FORGET_ALL)  # what is nobody's would be asked about on every page from here on
    phone.open()
    steps.start(phone, TYPE)
    steps.take(phone, "vin_stamped", file_of(folder, stamped_number()))
    steps.enter_vin(phone)
    steps.send(phone)
    expect(page.locator("#contact")).to_be_visible()
    yield shown(phone, "sign-in")
    page.locator("#contact").fill(contact.replace("example.com", "gmial.com"))
    page.locator("#contact").press("Enter")
    expect(page.locator("#slip")).to_be_visible()
    yield "sign-in-slip"
    page.locator("#contact").fill(contact)
    phone.context.set_offline(True)
    page.locator("#contact").press("Enter")
    expect(page.locator(".offline")).to_be_visible()
    yield "sign-in-offline"
    phone.context.set_offline(False)
    expect(page.locator("#code")).to_be_focused()
    code = phone.code_for(contact)
    page.locator("#code").press_sequentially(code[:3])
    yield shown(phone, "sign-in-code")
    page.locator("#code").fill(f"{(int(code) + 1) % 1_000_000:06}")
    expect(page.locator("#code-error")).not_to_be_empty()
    yield "sign-in-code-wrong"
    page.locator("#code").fill(code)
    agree = page.get_by_role("button", name=AGREE[language])
    expect(agree).to_be_visible()
    yield shown(phone, "sign-in-consent")
    agree.press("Enter")
    steps.sent(phone)
    page.locator(".banners .note .row button").last.press("Enter")  # the photos that were shared are nobody's
    expect(page.locator(".banners .note")).to_have_count(0)
    expect(page.locator(".due")).to_be_visible()
    yield shown(phone, "sent")


def of_an_inspection(phone: Phone, people: People, folder: Path) -> Generator[str]:
    words = WORDS[phone.look.language]
    client, expert = people.as_on(phone.token()), people.expert("anna")
    inspection: str = client.start(VIN_CLAIM, worry=words["worry"])["id"]
    client.upload(inspection, "vin_stamped", stamped_number())
    client.submit(inspection)
    expert.wait_until(inspection, "queued")
    yield shown(phone, "status-queued", f"/inspections/{inspection}")
    expert.claim(inspection)
    client.wait_until(inspection, "in_work")
    yield shown(phone, "status-in-work", f"/inspections/{inspection}")
    with told(phone, "**/clock", late):
        phone.open(f"/inspections/{inspection}")
        expect(phone.page.locator(".badge.bad")).to_be_visible()
        yield shown(phone, "status-late")
    first = expert.case(inspection)["evidence"][0]["evidence_id"]
    place: Json = {"evidence_id": first, "region": {"x": 0.55, "y": 0.4, "width": 0.32, "height": 0.14}}
    task = expert.ask(inspection, words["question"], shot="vin_stamped", place=place)["task_id"]
    client.wait_until(inspection, "waiting_client")
    yield shown(phone, "status-asked", f"/inspections/{inspection}")
    yield shown(phone, "clarification", f"/inspections/{inspection}/questions/{task}")
    yield shown(phone, "clarification-cannot", f"/inspections/{inspection}/questions/{task}/cannot")
    yield from of_the_yard(phone, inspection, task, words)
    yield from of_what_waits(phone, inspection, task, words)
    again = client.upload(inspection, "vin_stamped", vin_plate(), info_task_id=task)
    client.fulfil(inspection, task, {"evidence_ids": [again["id"]]})
    expert.wait_until(inspection, "in_work")
    finding = expert.find(inspection, words["finding"], severity="contradiction", places=[place])
    expert.decide(inspection, "forgery_signs", words["summary"], finding_ids=[finding["finding_id"]])
    client.wait_until(inspection, "answered")
    yield shown(phone, "result", f"/inspections/{inspection}")
    for name, change in OTHER_ANSWERS.items():
        said = change | {"summary": words.get(name, words["summary"])}
        with told(phone, f"**/api/v1/inspections/{inspection}", partial(answered, said)):
            phone.open(f"/inspections/{inspection}")
            yield shown(phone, f"result-{name}")
    yield from of_its_report(phone, inspection)
    yield shown(phone, "finding", f"/inspections/{inspection}/findings/1")
    yield shown(phone, "inspection-photos", f"/inspections/{inspection}/photos")
    yield shown(phone, "inspection-messages", f"/inspections/{inspection}/messages")
    yield shown(phone, "inspection-more", f"/inspections/{inspection}/more")
    yield from of_what_comes_after(phone, inspection)
    yield from of_a_dispute(phone, people, folder, inspection, finding["finding_id"])


def of_the_yard(phone: Phone, inspection: str, task: str, words: dict[str, str]) -> Generator[str]:
    """A link to the car, and what whoever has it sees: of one that is worked on, of a draft, and of no link."""
    yield shown(phone, "yard-give", f"/inspections/{inspection}/yard")
    address = f"/inspections/{inspection}/yard-links"
    token = phone.call("POST", address, {"label": words["worry"]})["url"].partition("#")[2]
    draft = phone.call("POST", "/inspections", {"claim": VIN_CLAIM, "worry": words["worry"]})["id"]
    wish: Json = {"label": words["worry"], "shows_note": True, "may_submit": True}
    of_draft = phone.call("POST", f"/inspections/{draft}/yard-links", wish)["url"].partition("#")[2]
    for name, path in {
        "yard-draft": f"/yard#{of_draft}",
        "yard-asked": f"/yard#{token}",
        "yard-question": f"/yard?task={task}#{token}",
        "yard-unknown": f"/yard#{'0' * 32}",
    }.items():
        phone.page.goto("about:blank")  # another # alone loads nothing anew
        yield shown(phone, name, path)
    yield shown(phone, "yard-given", f"/inspections/{draft}/yard")
    phone.call("POST", f"/inspections/{draft}/cancellation", {})


def of_many_cars(phone: Phone, company: str) -> Generator[str]:
    """A list of cars on its way to an order, what became of it, and the board on which its checks stand."""
    page = phone.page
    yield shown(phone, "bulk", f"/bulk?company={company}")
    page.locator("#cells").fill(sheet([VINS[0], VINS[1][:-1], VINS[0]]))
    page.locator("form button.primary").click()
    expect(page.locator("#column-0")).to_be_visible()
    yield "bulk-columns"
    page.locator("form button.primary").click()
    expect(page.locator(".lines .remark").first).to_be_visible()
    page.locator(".lines li.wrong .acts button").first.click()
    yield "bulk-rows"
    page.locator(".sticky button.primary").click()
    expect(page.locator(".lines .badge.ok")).to_be_visible()
    page.locator(".lines .acts button").first.click()
    expect(page.locator(".url")).to_be_visible()
    yield "bulk-job"
    yield shown(phone, "board", f"/company/{company}/board")
    expect(page.locator(".lines li")).to_have_count(1)


def of_what_comes_after(phone: Phone, inspection: str) -> Generator[str]:
    """The answer as it is rated, and what came of it as that is told."""
    page, words = phone.page, WORDS[phone.look.language]
    phone.open(f"/inspections/{inspection}")
    page.locator("input[name=stars]").nth(3).check()
    page.locator("#rate-words").fill(words["clean"])
    yield shown(phone, "result-rated")
    phone.open(f"/inspections/{inspection}/outcome")
    page.locator("input[name=deal]").first.check()
    page.locator("input[name=proved]").nth(3).check()
    yield shown(phone, "outcome")


def of_a_dispute(phone: Phone, people: People, folder: Path, inspection: str, finding: str) -> Generator[str]:
    """The objection as it is written, while it is looked at, and what was changed for it."""
    page, words = phone.page, WORDS[phone.look.language]
    client, senior = people.as_on(phone.token()), people.expert("vera")
    phone.open(f"/inspections/{inspection}/dispute")
    page.locator("#reason").fill(words["worry"])
    page.locator("input[type=checkbox]").check()
    page.locator("input[multiple]").set_input_files(file_of(folder, vin_plate()))
    expect(page.locator("main li img")).to_have_count(1)
    yield shown(phone, "dispute")
    shows = client.upload(inspection, "other", jpeg(801, 600))["id"]
    said: Json = {"reason": words["worry"], "finding_ids": [finding], "evidence_ids": [shows]}
    client.call("POST", f"/inspections/{inspection}/disputes", said)
    senior.wait_until(inspection, "disputed")
    yield shown(phone, "status-disputed", f"/inspections/{inspection}")
    yield shown(phone, "dispute-sent", f"/inspections/{inspection}/dispute")
    senior.claim(inspection)
    body: Json = {
        "preliminary": False,
        "verdict": "doubts",
        "summary": words["insufficient"],
        "finding_ids": [one["finding_id"] for one in senior.case(inspection)["findings"]],
        "not_covered": [],
        "reason": words["clean"],
    }
    version = senior.case(inspection)["version"]
    senior.call("POST", f"/cases/{inspection}/amendments", body, if_match=f'"{version}"')
    client.wait_until(inspection, "answered")
    yield shown(phone, "result-amended", f"/inspections/{inspection}")
    yield shown(phone, "changes", f"/inspections/{inspection}/changes")


def of_its_report(phone: Phone, inspection: str) -> Generator[str]:
    """The report, links to it, and what whoever has one sees."""
    page = phone.page
    wait_for(lambda: phone.call_list(f"/inspections/{inspection}/reports") or None, "the report")
    yield shown(phone, "report", f"/inspections/{inspection}/report")
    expect(page.locator(".masthead")).to_be_visible()
    page.locator("summary").click()
    yield "report-contents"
    page.locator("summary").click()
    page.locator("figure button").first.click()
    yield "report-photo"
    page.keyboard.press("Escape")
    yield shown(phone, "shares", f"/inspections/{inspection}/shares")
    wish: Json = {"days": 30, "code": "4821", "label": WORDS[phone.look.language]["worry"]}
    with_code = phone.call("POST", f"/inspections/{inspection}/shares", wish)["url"]
    address = phone.call("POST", f"/inspections/{inspection}/shares", {"scope": {"history": False}})["url"]
    yield shown(phone, "shares-some", f"/inspections/{inspection}/shares")
    yield shown(phone, "shared-code", with_code.removeprefix(phone.url))
    page.goto("about:blank")  # another # alone loads nothing anew
    yield shown(phone, "shared-report", address.removeprefix(phone.url))
    expect(page.locator(".masthead")).to_be_visible()
    page.goto("about:blank")
    yield shown(phone, "shared-unknown", f"/report#{'0' * 32}")


def of_what_waits(phone: Phone, inspection: str, task: str, words: dict[str, str]) -> Generator[str]:
    """What is written without a network: kept, and listed."""
    page = phone.page
    phone.open(f"/inspections/{inspection}/messages")
    expect(page.locator("#message")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.context.set_offline(True)
    page.locator("#message").fill(words["worry"])
    page.locator("form button").last.tap()
    expect(page.locator("#message")).to_have_value("")
    yield shown(phone, "inspection-messages-offline")
    yield shown(phone, "clarification-offline", f"/inspections/{inspection}/questions/{task}")
    page.goto(f"{phone.url}/outbox")
    expect(page.get_by_text(words["worry"])).to_be_visible()
    yield shown(phone, "outbox-waiting")
    phone.context.set_offline(False)


@contextmanager
def told(phone: Phone, address: str, change: Callable[[Json], Json]) -> Generator[None]:
    """As long as it lasts, what the server tells is changed on the way: for what cannot be waited for."""

    def tell(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=change(answer.json()))

    phone.page.route(address, tell)
    yield
    phone.page.unroute_all(behavior="wait")


def late(clock: Json) -> Json:
    """As if only a second had been promised."""
    expected = datetime.now(UTC) + timedelta(minutes=8)
    return clock | {"clock": clock["clock"] | {"budget_seconds": 1}, "expected_at": expected.isoformat()}


def answered(change: Json, inspection: Json) -> Json:
    return inspection | {"decision": inspection["decision"] | change}


def shown(phone: Phone, name: str, path: str | None = None) -> str:
    if path is not None:
        phone.open(path)
    expect(phone.page.get_by_role("heading", level=1)).to_be_visible()
    loading = phone.page.locator("main .loading")
    expect(loading).to_have_count(0)
    return name
