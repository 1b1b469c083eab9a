"""A company in the app: made, joined by its link, ordered for, and left."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from deploy.demo.people import wait_for
from tests.browser import audit, steps
from tests.browser.phone import Look, Phone, file_of
from tests.browser.words import TYPE
from tests.factories.photos import stamped_number

HISTORY = re.compile(r"/histories/[0-9a-f-]{36}$")
COMPANY = re.compile(r"/company/[0-9a-f-]{36}$")


def fits(phone: Phone) -> None:
    """The screen keeps the rules of every screen."""
    page = phone.page
    found = [*audit.barriers(page), *audit.small_targets(page), *audit.overflow(page, phone.look.width)]
    assert found == []


def test_a_company_from_its_making_to_an_order_and_leaving(
    new_phone: Callable[..., Phone], tmp_path: Path
) -> None:
    boss, agent = new_phone(Look(1440, 900, "dark", "en")), new_phone(Look(360, 740, "light", "en"))
    boss.sign_in()
    link = made_with_an_invitation(boss)

    # The link keeps its token over the way to the sign-in, and no address that a server sees has it.
    page = agent.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    agent.open(link)
    expect(page.get_by_text("Invited by Pavel")).to_be_visible()
    page.get_by_role("link", name="Sign in and join").tap()
    steps.sign_in(agent, "agent-of-motors@example.com", agree="I agree, go on")
    page.get_by_label("Your name").fill("Ivan")
    fits(agent)
    page.get_by_role("button", name="Join").tap()
    page.wait_for_url(COMPANY)
    expect(page.get_by_role("heading", level=1)).to_have_text("Motors")
    assert not [url for url in asked if link.partition("#")[2] in url.partition("#")[0]]

    # Somebody else finds it used.
    late = new_phone()
    late.open(link)
    expect(late.page.get_by_role("alert")).to_contain_text("used this invitation")
    expect(late.page.get_by_role("button", name="Try again")).to_have_count(0)
    expect(late.page.get_by_text("Ask whoever invited you for a new link")).to_be_visible()

    inspection = ordered_for_the_company(agent, tmp_path)
    history_for_the_company(agent)
    boss.page.reload()
    expect(boss.page.get_by_label("Ivan", exact=True)).to_be_visible()
    expect(boss.page.get_by_role("listitem").filter(has_text="1 sent, 1 counted")).to_contain_text(
        "Ivan · North"
    )
    boss.open(f"/inspections/{inspection}")
    expect(boss.page.get_by_text("In the name of Motors · North")).to_be_visible()

    # What the agent ordered stays with the company, and they see it no more.
    unsent = begun_for_the_company(agent, tmp_path)
    agent.open("/company")
    page.locator("a.card").tap()
    page.get_by_role("button", name="Leave the company").tap()
    page.get_by_role("dialog").get_by_role("button", name="Leave the company").tap()
    page.wait_for_url("**/company")
    expect(page.get_by_label("Name", exact=True)).to_be_visible()
    agent.open(f"/inspections/{inspection}")
    expect(page.get_by_text("In the name of")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such check")
    boss.page.reload()
    expect(boss.page.get_by_text("In the name of Motors · North")).to_be_visible()

    # What they had begun in its name, and not sent, goes out in their own.
    agent.open(unsent)
    steps.send(agent)
    fits(agent)
    page.get_by_role("button", name="Order it in my own name").tap()
    page.wait_for_url(lambda url: unsent not in url)
    expect(steps.photos(agent)).to_have_count(1)
    steps.send(agent)
    steps.sent(agent)
    expect(page.get_by_text("In the name of")).to_have_count(0)


def made_with_an_invitation(boss: Phone) -> str:
    """Make a company with a branch in the app, add another, and invite an agent; the way of the link."""
    page = boss.page
    boss.open("/profile")
    page.get_by_role("link", name="Companies").click()
    page.get_by_role("button", name="Make the company").click()
    expect(page.get_by_label("Name", exact=True)).to_be_focused()  # an error leads to where it is mended
    page.keyboard.type("Motors")
    page.get_by_label("Branches").fill("North")
    page.get_by_label("The company agrees to the terms").check()
    page.get_by_role("button", name="Make the company").click()
    expect(page.get_by_label("Your name")).to_be_focused()  # colleagues see who invites them
    page.keyboard.type("Pavel")
    page.get_by_role("button", name="Make the company").click()
    page.wait_for_url(COMPANY)
    page.get_by_label("A new branch").fill("South")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("button", name=re.compile("Change.*South"))).to_be_visible()
    page.get_by_label("As what").select_option(label="Agent: North")
    page.get_by_role("button", name="Make a link").click()
    fits(boss)
    url = page.locator(".url").inner_text()
    return url.removeprefix(boss.url)


def ordered_for_the_company(agent: Phone, folder: Path) -> str:
    """Send a check in the name of the company; the next one begins in the same name. Returns its id."""
    page = agent.page
    agent.open()
    steps.start(agent, TYPE)
    steps.take(agent, "vin_stamped", file_of(folder, stamped_number()))
    steps.enter_vin(agent)
    name = page.get_by_label("In whose name")
    expect(name).to_have_value("null null")  # one's own, as long as nothing else was chosen
    name.select_option(label="Motors · North")
    fits(agent)
    steps.send(agent)
    inspection = steps.sent(agent)
    expect(page.get_by_text("In the name of Motors · North")).to_be_visible()
    return inspection


def history_for_the_company(agent: Phone) -> None:
    """A history by a number is ordered in the name that was chosen last, which it says wherever it is listed."""
    page = agent.page
    agent.open("/histories")
    expect(page.get_by_label("In whose name").locator("option:checked")).to_have_text("Motors · North")
    page.get_by_label("VIN, frame number or plate").fill(steps.VIN)
    fits(agent)
    page.get_by_role("button", name="Order the history").tap()
    page.wait_for_url(HISTORY)
    agent.open("/inspections")
    expect(page.locator("a[href^='/histories/']").filter(has_text="Motors")).to_be_visible()


def begun_for_the_company(agent: Phone, folder: Path) -> str:
    """Another check, which begins in the same name: the server has all of it, and it is not sent. Its way."""
    page = agent.page
    agent.open()
    steps.start(agent, TYPE)
    steps.take(agent, "vin_stamped", file_of(folder, stamped_number()))
    steps.enter_vin(agent)
    expect(page.get_by_label("In whose name").locator("option:checked")).to_have_text("Motors · North")
    wait_for(lambda: steps.reached(agent) or None, "the photo on the server")
    return page.url.removeprefix(agent.url)
