"""A day of a manager: a spreadsheet, a yard, a reminder, and an answer that is ordered anew."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from deploy.demo.people import Json
from tests.browser.gallery import told
from tests.browser.managing import VINS, Managed, fits, manage, sheet
from tests.browser.phone import Look, Phone, file_of
from tests.factories.photos import jpeg
from tests.flows.conftest import People

LOOKS = (Look(1440, 900, "light", "en"), Look(360, 740, "light", "en"))


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_managers_day(new_phone: Callable[..., Phone], people: People, tmp_path: Path, look: Look) -> None:
    boss, agent, yard = new_phone(look), new_phone(Look(360, 740, "dark", "en")), new_phone()
    company = manage(boss)
    agents_car = joined_with_a_draft(boss, agent, company)
    url = ordered_with_a_link(boss, company)
    photographed(yard, url, tmp_path)

    # The board: one is with an expert, the agent's waits for photos; they are reminded, once.
    page = boss.page
    page.get_by_role("link", name="To the board of checks").wait_for()
    boss.open("/")
    page.get_by_role("link", name=re.compile("^Board of checks: ")).click()
    expect(page.get_by_label(re.compile("With an expert 1"))).to_be_attached()
    waiting = line_of(boss, agents_car)
    expect(waiting).to_contain_text("no photos")
    expect(waiting).to_contain_text("Ivan · North")
    fits(boss)
    waiting.get_by_role("button", name="Remind").click()
    expect(waiting).to_contain_text("Ivan was reminded")
    agent.open("/notifications")
    expect(agent.page.get_by_text("a colleague waits for photos").first).to_be_visible()
    page.reload()
    expect(waiting).to_contain_text("Reminded at")
    filtered(boss, waiting)

    answered(boss, people)
    page.get_by_label(re.compile("^Answered")).check(force=True)
    done = line_of(boss, VINS[0])
    expect(done).to_contain_text("There are doubts")
    fits(boss)
    done.get_by_role("link", name=re.compile("WVW")).click()
    page.get_by_role("button", name="Check this car again").click()
    page.wait_for_url("**/camera/vin_stamped")


def joined_with_a_draft(boss: Phone, agent: Phone, company: Managed) -> str:
    """An agent of the northern branch, who has begun a check and photographed nothing; its number."""
    invited = {"role": "partner_agent", "branch_id": company.branches["North"]}
    link = boss.call("POST", f"/companies/{company.id}/invitations", invited)["url"]
    agent.sign_in()
    agent.call("POST", "/invitations/accepted", {"token": link.partition("#")[2], "name": "Ivan"})
    claim = {"identifier": VINS[7], "make": "Audi"}
    agent.call("POST", "/inspections", {"company_id": company.id, "claim": claim})
    return VINS[7]


def ordered_with_a_link(boss: Phone, company: Managed) -> str:
    """Order three cars from pasted cells, and have a link to the first; its address."""
    page = boss.page
    boss.open(f"/bulk?company={company.id}")
    page.get_by_label("Or paste cells").fill(sheet(VINS[:3]))
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="To the cars").click()
    page.get_by_role("button", name="Order 3 checks").click()
    expect(page.get_by_text("Every row is done")).to_be_visible()
    line = page.locator("ol.lines > li").first
    line.get_by_role("button", name="Link or QR").click()
    return line.locator(".url").inner_text()


def photographed(yard: Phone, url: str, folder: Path) -> None:
    """By whoever stands at the car, without an account; it is sent to the experts at once."""
    page = yard.page
    page.goto(url)
    page.get_by_role("button", name="VIN plate").tap()
    gallery = page.locator("dialog input[type=file]:not([capture])")
    gallery.set_input_files(file_of(folder, jpeg(640, 480)))
    page.get_by_role("button", name="Keep it").tap()  # it is small
    page.get_by_role("button", name="Done", exact=True).tap()
    page.get_by_role("button", name="All is done: send it").tap()
    expect(page.get_by_text("The experts have it")).to_be_visible()


def filtered(boss: Phone, waiting: Locator) -> None:
    """By branch, by person, and by the beginning of the number."""
    page = boss.page
    lines = page.locator("ol.lines > li")
    page.get_by_label("Branch", exact=True).select_option(label="North")
    expect(lines).to_have_count(1)
    page.get_by_label("Branch", exact=True).select_option(label="South")
    expect(page.get_by_text("There are no such checks")).to_be_visible()
    page.get_by_label("Branch", exact=True).select_option(label="All branches")
    page.get_by_label("Who ordered it").select_option(label="Maria")
    expect(lines).to_have_count(2)
    page.get_by_label("Who ordered it").select_option(label="Anybody")
    page.get_by_label("Number of the car or the check").fill(VINS[7][:3] + " " + VINS[7][3:])
    expect(lines).to_have_count(1)
    expect(waiting).to_be_visible()
    # Where very many begin so, none of the newest may be such a one: that is not that there is none.
    with told(boss, "**/board?*", lambda page: page | {"items": [], "next_cursor": "older"}):
        page.get_by_label("Number of the car or the check").fill("XTA")
        expect(page.get_by_text("None of the newest")).to_be_visible()
    page.get_by_role("button", name="Show more").click()
    expect(page.get_by_text("There are no such checks")).to_be_visible()
    page.get_by_label("Number of the car or the check").fill("")
    expect(lines).to_have_count(3)


def answered(boss: Phone, people: People) -> None:
    [inspection] = [
        one["id"]
        for one in boss.call("GET", "/inspections")["items"]
        if one["state"] in {"submitted", "queued"}
    ]
    client, expert = people.as_on(boss.token()), people.expert("anna")
    expert.wait_until(inspection, "queued")
    expert.claim(inspection)
    photo = expert.case(inspection)["evidence"][0]["evidence_id"]
    place: Json = {"evidence_id": photo, "region": {"x": 0.2, "y": 0.3, "width": 0.4, "height": 0.2}}
    found = expert.find(inspection, "The last characters stand lower", severity="anomaly", places=[place])
    expert.decide(inspection, "doubts", "Do not pay yet", finding_ids=[found["finding_id"]])
    client.wait_until(inspection, "answered")


def line_of(phone: Phone, vin: str) -> Locator:
    """A line of the board, by the number of its car."""
    grouped = re.compile(r"\s*".join((vin[:3], vin[3:9], vin[9:])))
    return phone.page.locator("ol.lines > li").filter(has_text=grouped)
