"""Without a network: what was told is read, and what is written to the experts is on its way."""

from collections.abc import Callable
from http import HTTPStatus

from playwright.sync_api import Route, expect

from deploy.demo.people import wait_for
from tests.browser.answering import in_queue
from tests.browser.phone import Phone
from tests.flows.conftest import People

QUESTION = "Is the second plate of the same age?"
VERDICT = "The last characters were struck anew"


def said(phone: Phone, inspection: str) -> list[str]:
    items = phone.call("GET", f"/inspections/{inspection}/messages")["items"]
    return [one["text"] for one in items if one["author"] == "client"]


def write(phone: Phone, text: str) -> None:
    phone.page.get_by_label("Your message").fill(text)
    phone.page.get_by_role("button", name="Send", exact=True).tap()


def test_words_to_the_expert_go_out_by_themselves_and_once(phone: Phone, people: People) -> None:
    phone.sign_in()
    inspection = in_queue(phone, people)
    phone.open(f"/inspections/{inspection}/messages")
    page = phone.page
    expect(page.get_by_label("Your message")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.context.set_offline(True)
    write(phone, QUESTION)
    expect(page.get_by_text("on its way")).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_value("")
    page.reload()
    expect(page.get_by_text(QUESTION)).to_be_visible()
    expect(page.get_by_text("on its way")).to_be_visible()
    # The answer to the first attempt gets lost: the second one must say nothing twice.
    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().text())
            route.abort()
        else:
            route.continue_()

    phone.context.route("**/messages", lose)
    phone.context.set_offline(False)
    expect(page.get_by_text("on its way")).to_have_count(0)
    expect(page.get_by_text(QUESTION)).to_have_count(1)
    assert lost
    assert said(phone, inspection) == [QUESTION]


def test_that_one_cannot_is_said_without_a_network_and_goes_by_itself(
    phone: Phone, people: People, new_desk: Callable[..., Phone]
) -> None:
    phone.sign_in()
    inspection = in_queue(phone, people)
    expert = people.expert("anna")
    expert.claim(inspection)
    task = expert.ask(inspection, "The right pillar, closer", shot="vin_plate")["task_id"]
    page = phone.page
    phone.open(f"/inspections/{inspection}/questions/{task}")
    page.get_by_role("link", name="I can't").tap()
    expect(page.get_by_role("button", name="It can't be read")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.context.set_offline(True)
    page.get_by_role("button", name="It can't be read").tap()
    expect(page.get_by_role("link", name="Your answer waits for a connection")).to_be_visible()
    page.get_by_role("link", name="Unsent: 1").tap()
    expect(page.get_by_text("Answer to the expert")).to_be_visible()
    # It outlives the tab.
    phone.kill_the_tab()
    phone.context.set_offline(False)
    phone.open()

    def declined() -> dict[str, object] | None:
        [found] = expert.case(inspection)["info_tasks"]
        return found if found["state"] == "declined" else None

    told = wait_for(declined, "the expert to be told")
    assert (told["decline_reason"], told["decline_detail"]) == ("other", "unreadable")
    screen = new_desk("anna")
    screen.open(f"/cases/{inspection}")
    screen.page.get_by_role("button", name="Findings", exact=True).click()
    expect(screen.page.get_by_text("it cannot be read")).to_be_visible()


def test_words_that_are_refused_are_not_lost(phone: Phone, people: People) -> None:
    phone.sign_in()
    inspection = in_queue(phone, people)
    phone.open(f"/inspections/{inspection}/messages")
    page = phone.page
    problem = {"code": "not_now", "title": "Not now", "detail": "Not in this state.", "status": 409}

    def refuse(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=HTTPStatus.CONFLICT, json=problem, content_type="application/problem+json")
        else:
            route.continue_()

    page.route("**/messages", refuse)
    write(phone, QUESTION)
    expect(page.get_by_text("Not in this state.")).to_be_visible()
    page.unroute("**/messages")
    page.get_by_role("button", name="Mend it").tap()
    expect(page.get_by_label("Your message")).to_have_value(QUESTION)
    page.get_by_role("button", name="Send", exact=True).tap()
    wait_for(lambda: said(phone, inspection) == [QUESTION] or None, "the message")


def test_an_answer_is_read_without_a_network_by_its_own_alone(
    new_phone: Callable[..., Phone], people: People
) -> None:
    phone = new_phone()
    phone.sign_in()
    inspection = in_queue(phone, people)
    expert, page = people.expert("anna"), phone.page
    expert.claim(inspection)
    first = expert.case(inspection)["evidence"][0]["evidence_id"]
    place = {"evidence_id": first, "region": {"x": 0.5, "y": 0.4, "width": 0.3, "height": 0.1}}
    finding = expert.find(inspection, "Another typeface", severity="contradiction", places=[place])
    expert.decide(inspection, "forgery_signs", VERDICT, finding_ids=[finding["finding_id"]])
    people.as_on(phone.token()).wait_until(inspection, "answered")
    phone.open(f"/inspections/{inspection}")
    expect(page.get_by_text(VERDICT)).to_be_visible()
    page.wait_for_timeout(1500)  # what is shown is written down a moment later, and a new page ends that
    phone.open()
    page.get_by_role("heading", name="Earlier").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.context.set_offline(True)
    page.reload()
    card = page.get_by_role("link", name="Signs of altered markings")
    expect(page.get_by_text("No connection. Data as of").first).to_be_visible()
    card.tap()
    expect(page.get_by_text(VERDICT)).to_be_visible()
    expect(page.get_by_text("No connection. Data as of").first).to_be_visible()

    # Whoever takes the phone next reads nothing of it.
    phone.context.set_offline(False)
    phone.context.clear_cookies()
    phone.sign_in()
    phone.open()
    expect(page.get_by_role("link", name="All checks")).to_be_visible()
    phone.context.set_offline(True)
    phone.open(f"/inspections/{inspection}")
    expect(page.get_by_text("Refresh")).to_be_visible()
    expect(page.get_by_text(VERDICT)).to_have_count(0)


def test_a_photo_that_cannot_be_fetched_says_so_and_comes_with_the_network(
    phone: Phone, people: People
) -> None:
    phone.sign_in()
    inspection = in_queue(phone, people)
    expert, page = people.expert("anna"), phone.page
    expert.claim(inspection)
    first = expert.case(inspection)["evidence"][0]["evidence_id"]
    place = {"evidence_id": first, "region": {"x": 0.5, "y": 0.4, "width": 0.3, "height": 0.1}}
    task = expert.ask(inspection, "Closer, please", shot="vin_stamped", place=place)["task_id"]
    phone.context.route("**/preview", lambda route: route.abort())
    phone.open(f"/inspections/{inspection}/questions/{task}")
    # The network is there, and the photo is not.
    expect(page.get_by_role("button", name="Show the photo")).to_be_visible()
    phone.context.set_offline(True)
    expect(page.get_by_text("The photo appears once there is a network.")).to_be_visible()
    phone.context.unroute("**/preview")
    phone.context.set_offline(False)
    expect(page.locator("figure img")).to_be_visible()
    assert page.locator("figure img").evaluate("(photo) => photo.decode().then(() => photo.naturalWidth > 0)")
