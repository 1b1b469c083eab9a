"""Every screen of the app with something on it, for whoever wants to look at all of them."""

from collections.abc import Generator
from pathlib import Path
from typing import Final

from playwright.sync_api import expect

from deploy.demo.people import Json
from tests.browser import steps
from tests.browser.phone import READ_PATIENCE, Phone, file_of
from tests.browser.words import CLOSE_CAMERA, GUIDED, TAKE, YES_USE_IT
from tests.factories.photos import stamped_number, vin_plate
from tests.flows.conftest import VIN_CLAIM, People

WORDS: Final = {
    "ru": {
        "worry": "Заклёпки на табличке новые",
        "question": "Снимите номер ближе, без блика",
        "finding": "Шрифт последних знаков другой",
        "summary": "Последние знаки перебиты",
    },
    "en": {
        "worry": "The rivets of the plate look new",
        "question": "Photograph the number from closer, without glare",
        "finding": "The last characters are of another typeface",
        "summary": "The last characters were struck anew",
    },
}
FOR_ANYBODY: Final = {
    "home": "/",
    "sign-in": "/sign-in",
    "help": "/help",
    "outbox": "/outbox",
    "missing": "/nowhere",
}
FOR_THE_SIGNED_IN: Final = {
    "home-signed-in": "/",
    "history": "/inspections",
    "notifications": "/notifications",
    "profile": "/profile",
}


def screens(phone: Phone, people: People, folder: Path) -> Generator[str]:
    """Brings one screen after the other onto the phone, and gives its name while it is there."""
    for name, path in FOR_ANYBODY.items():
        yield shown(phone, name, path)
    steps.begin(phone)
    yield "draft"
    steps.send(phone)
    yield "draft-incomplete"
    steps.take(phone, "vin_stamped", file_of(folder, stamped_number()))
    steps.enter_vin(phone, steps.VIN[:12])
    expect(steps.photos(phone)).to_have_count(1)
    yield "draft-begun"
    phone.page.locator("main input[multiple]").set_input_files(file_of(folder, vin_plate()))
    phone.page.locator("#advert summary").tap()
    expect(phone.page.locator("main select")).to_be_visible()
    yield "draft-unsorted"
    steps.photos(phone).first.tap()
    yield shown(phone, "photo")
    phone.page.go_back()
    yield from of_the_camera(phone, folder)
    phone.sign_in()
    for name, path in FOR_THE_SIGNED_IN.items():
        yield shown(phone, name, path)
    yield from of_an_inspection(phone, people)


def of_the_camera(phone: Phone, folder: Path) -> Generator[str]:
    """The guided camera, the number that is offered, and photos out of the gallery; from a draft back to it."""
    page, language = phone.page, phone.look.language
    draft = page.url
    page.get_by_role("link", name=GUIDED[language]).tap()
    # Only with a picture of the camera can a photo be taken.
    expect(page.get_by_role("button", name=TAKE[language], exact=True)).to_have_attribute(
        "aria-disabled", "false"
    )
    yield shown(phone, "camera")
    page.get_by_role("button", name=CLOSE_CAMERA[language]).tap()
    steps.take(phone, "vin_plate", file_of(folder, vin_plate()))
    expect(page.get_by_role("button", name=YES_USE_IT[language])).to_be_visible(timeout=READ_PATIENCE)
    yield "draft-offered"
    steps.share(phone, file_of(folder, stamped_number()), file_of(folder, vin_plate()))
    yield shown(phone, "shared")
    page.goto(draft)


def of_an_inspection(phone: Phone, people: People) -> Generator[str]:
    words = WORDS[phone.look.language]
    client, expert = people.as_on(phone.token()), people.expert("anna")
    inspection: str = client.start(VIN_CLAIM, worry=words["worry"])["id"]
    client.upload(inspection, "vin_stamped", stamped_number())
    client.submit(inspection)
    expert.wait_until(inspection, "queued")
    yield shown(phone, "status-queued", f"/inspections/{inspection}")
    expert.claim(inspection)
    first = expert.case(inspection)["evidence"][0]["evidence_id"]
    place: Json = {"evidence_id": first, "region": {"x": 0.55, "y": 0.4, "width": 0.32, "height": 0.14}}
    task = expert.ask(inspection, words["question"], shot="vin_stamped", place=place)["task_id"]
    client.wait_until(inspection, "waiting_client")
    yield shown(phone, "status-asked", f"/inspections/{inspection}")
    yield shown(phone, "clarification", f"/inspections/{inspection}/info-tasks/{task}")
    again = client.upload(inspection, "vin_stamped", vin_plate(), info_task_id=task)
    client.fulfil(inspection, task, {"evidence_ids": [again["id"]]})
    expert.wait_until(inspection, "in_work")
    finding = expert.find(inspection, words["finding"], severity="contradiction", places=[place])
    expert.decide(inspection, "forgery_signs", words["summary"], finding_ids=[finding["finding_id"]])
    client.wait_until(inspection, "answered")
    yield shown(phone, "result", f"/inspections/{inspection}")


def shown(phone: Phone, name: str, path: str | None = None) -> str:
    if path is not None:
        phone.open(path)
    expect(phone.page.get_by_role("heading", level=1)).to_be_visible()
    loading = phone.page.locator("main .loading")
    expect(loading).to_have_count(0)
    return name
