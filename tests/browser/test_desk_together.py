"""Several people at their desks: who hands on, who is asked; and what one leaves for the other."""

import re
from pathlib import Path
from typing import Final

from playwright.sync_api import expect

from deploy.demo.people import Json, wait_for
from tests.browser.desk_gallery import NewDesk, case_opened, sent_by
from tests.browser.desk_steps import in_annas_hand, released, say_that_nothing_can_be_told
from tests.factories.photos import jpeg, stamped_number
from tests.flows.conftest import VIN_CLAIM, People

GENUINE: Final = (
    Path(__file__).resolve().parents[2].parent / "shared" / "photos" / "vin-stamped-SAL1A2A40SA606662.jpg"
)
INSUFFICIENT: Json = {"not_covered": ["the engine number"]}


def test_the_next_expert_goes_on_with_what_was_written(new_desk: NewDesk, people: People) -> None:
    case_id = in_annas_hand(people)
    annas = case_opened(new_desk("anna"), case_id)
    annas.keyboard.press("v")
    annas.get_by_role("radio", name="There are doubts").check()
    annas.get_by_label("What to tell the client").fill("The fourth digit leans")
    expect(annas.get_by_text("draft saved at")).to_be_visible()
    annas.keyboard.press("Escape")
    annas.get_by_role("button", name="More about the case").click()
    annas.get_by_role("button", name="Back to the queue").click()
    expect(annas.get_by_text("Nobody holds it")).to_be_visible()

    boriss = case_opened(new_desk("boris"), case_id)
    expect(boriss.get_by_text("Also here: Анна Белова")).to_be_visible()
    expect(annas.get_by_text("Also here: Борис Кузнецов")).to_be_visible()
    boriss.keyboard.press("t")
    expect(boriss.get_by_text("You hold it")).to_be_visible()
    boriss.keyboard.press("v")
    expect(boriss.get_by_text("Анна Белова began this draft.")).to_be_visible()
    expect(boriss.get_by_label("What to tell the client")).to_have_value("The fourth digit leans")
    expect(boriss.get_by_role("radio", name="There are doubts")).to_be_checked()

    annas.goto("about:blank")
    expect(boriss.get_by_text("Also here")).to_have_count(0)
    released(people, "boris", case_id)


def test_what_others_do_leaves_the_photo_as_it_is_looked_at(new_desk: NewDesk, people: People) -> None:
    case_id = in_annas_hand(people)
    desk = new_desk("anna")
    page = case_opened(desk, case_id)
    whole = page.locator(".stage").screenshot()
    for key in ("+", "+", "r"):
        page.keyboard.press(key)
    page.keyboard.press("n")
    page.wait_for_timeout(500)  # until the photo has come to rest
    closer = page.locator(".stage").screenshot()
    assert closer != whole

    people.expert("anna").call("POST", f"/cases/{case_id}/notes", {"text": "Look at the fourth digit"})
    expect(page.get_by_text("Look at the fourth digit")).to_be_visible()
    page.wait_for_timeout(500)
    assert page.locator(".stage").screenshot() == closer
    released(people, "anna", case_id)


def test_a_required_check_holds_the_verdict_until_it_is_answered(new_desk: NewDesk, people: People) -> None:
    check = people.check(shot="seat_belt_tag", required=True)
    client = people.client()
    case_id: str = client.start(VIN_CLAIM)["id"]
    client.upload(case_id, "vin_stamped", stamped_number())
    client.upload(case_id, "seat_belt_tag", jpeg())
    client.submit(case_id)
    people.expert("anna").wait_until(case_id, "queued")
    people.expert("anna").claim(case_id)
    page = case_opened(new_desk("anna"), case_id)

    page.keyboard.press("v")
    page.get_by_role("radio", name="Not enough to tell").check()
    page.get_by_label("What to tell the client").fill("The tag is not readable.")
    page.get_by_label("What could not be checked").fill("The tag")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").get_by_text("a required check is open")).to_be_visible()

    page.keyboard.press("Escape")
    page.keyboard.press("d")
    page.get_by_role("group", name=check).get_by_role("button", name="Cannot tell").click()
    expect(page.locator(".foot")).to_contain_text("Required 1 of 1")
    page.keyboard.press("v")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("goes out in")).to_be_visible()
    client.wait_until(case_id, "answered")


def test_a_case_that_was_just_answered_does_not_come_next(new_desk: NewDesk, people: People) -> None:
    client = people.client()
    first, second = in_annas_hand(people, client=client), in_annas_hand(people, client=client)
    # So that it is what the queue begins with, as long as that is not fetched again.
    people.expert("lead").call("PUT", f"/cases/{first}/priority", {"urgent": True})
    desk = new_desk("anna")
    page = desk.page
    desk.open()
    page.get_by_role("button", name=re.compile(r"^All\b")).click()
    page.locator(f"a[href='/cases/{first}']").click()
    say_that_nothing_can_be_told(page)
    page.keyboard.press("Control+k")
    number = people.expert("anna").case(second)["number"]
    page.locator("input[role=combobox]").fill(number)
    page.get_by_role("option", name=f"Case {number}").click()
    page.wait_for_url(f"**/cases/{second}")
    say_that_nothing_can_be_told(page)

    page.wait_for_url(lambda url: second not in url)
    assert first not in page.url
    for case_id in (first, second):
        client.wait_until(case_id, "answered")


def test_a_senior_is_asked_and_answers(new_desk: NewDesk, people: People) -> None:
    case_id = in_annas_hand(people)
    annas, veras = case_opened(new_desk("anna"), case_id), case_opened(new_desk("vera"), case_id)
    annas.keyboard.press("s")
    annas.get_by_label("What to ask a senior").fill("Is this the maker's typeface?")
    annas.get_by_role("button", name="Ask a senior").click()
    expect(annas.get_by_text("Анна Белова asks since")).to_be_visible()

    veras.get_by_label("What you think").select_option("doubts")
    veras.get_by_label("Your opinion").fill("The 4 is of another set.")
    veras.get_by_role("button", name="Answer").click()
    expect(annas.get_by_text("The 4 is of another set.")).to_be_visible()
    assert people.expert("anna").case(case_id)["state"] == "in_work"
    released(people, "anna", case_id)


def test_a_senior_amends_what_somebody_else_answered(new_desk: NewDesk, people: People) -> None:
    client = people.client()
    case_id = sent_by(client)
    anna = people.expert("anna")
    anna.wait_until(case_id, "queued")
    anna.claim(case_id)
    anna.decide(case_id, "insufficient_data", "Nothing can be made out.", **INSUFFICIENT)
    client.wait_until(case_id, "answered")

    page = case_opened(new_desk("vera"), case_id)
    page.keyboard.press("v")
    expect(page.get_by_role("heading", name="An amendment of the answer")).to_be_visible()
    page.get_by_role("radio", name="Not enough to tell").check()
    page.get_by_label("What to tell the client").fill("Two characters can be made out.")
    page.get_by_label("What could not be checked").fill("The other fifteen")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").get_by_text("it is not said why the answer changes")).to_be_visible()
    page.get_by_label("Why the answer changes").fill("A better photo came.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("goes out in")).to_be_visible()
    page.goto("about:blank")  # leaving sends it

    def amended() -> bool | None:
        return anna.case(case_id)["decisions"][-1]["kind"] == "amendment" or None

    wait_for(amended, "the amendment")
    assert anna.case(case_id)["decisions"][-1]["reason"] == "A better photo came."


def test_the_queue_is_searched_put_off_and_kept_as_a_view(new_desk: NewDesk, people: People) -> None:
    wanted, other = sent_by(people.client(), make="Zaporozhets"), sent_by(people.client(), make="Moskvich")
    for case_id in (wanted, other):
        people.expert("anna").wait_until(case_id, "queued")
    desk = new_desk("anna")
    desk.open()
    page = desk.page
    row, another = (page.locator(f"a[href='/cases/{case_id}']") for case_id in (wanted, other))
    expect(row).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("zaporo")
    expect(another).to_have_count(0)
    expect(row).to_be_visible()
    page.get_by_role("button", name="Keep this view").click()
    page.get_by_label("Name of the view").fill("Old cars")
    page.get_by_label("Name of the view").press("Enter")
    page.reload()
    expect(another).to_be_visible()
    page.get_by_label("Kept views").select_option("Old cars")
    expect(another).to_have_count(0)

    # On another device of hers it is the same, at once; nobody else's queue knows of it.
    other_device, somebody = new_desk("anna"), new_desk("boris")
    for one in (other_device, somebody):
        one.open()
    elsewhere, his = (one.page.locator(f"a[href='/cases/{wanted}']") for one in (other_device, somebody))
    expect(elsewhere).to_be_visible()
    page.locator("h1").focus()
    page.keyboard.press("j")
    page.keyboard.press("b")
    expect(page.get_by_text("Nothing fits.")).to_be_visible()
    expect(elsewhere).to_have_count(0)
    expect(his).to_be_visible()
    other_device.page.get_by_label("Kept views").select_option("Old cars")
    page.get_by_role("button", name="Put off: 1. Show").click()
    expect(row).to_be_visible()
    expect(elsewhere).to_be_visible()
    page.get_by_role("button", name="Drop this view").click()
    expect(other_device.page.get_by_label("Kept views")).to_have_count(0)


def test_what_cannot_be_put_off_stays_and_is_said(new_desk: NewDesk, people: People) -> None:
    case_id = sent_by(people.client(), make="Pobeda")
    people.expert("anna").wait_until(case_id, "queued")
    desk = new_desk("anna")
    page = desk.page
    page.route("**/arrangement/snoozed/*", lambda route: route.abort())
    desk.open()
    page.get_by_label("Find in the queue").fill("pobeda")
    row = page.locator(f"a[href='/cases/{case_id}']")
    expect(page.locator("ol li")).to_have_count(1)
    page.locator("h1").focus()
    page.keyboard.press("j")
    page.keyboard.press("b")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(row).to_be_visible()


def test_a_view_says_how_many_cases_it_has(new_desk: NewDesk, people: People) -> None:
    anna = people.expert("anna")
    case_id = sent_by(people.client())
    anna.wait_until(case_id, "queued")
    desk = new_desk("anna")
    desk.open()
    before = len(anna.get("/queue?view=mine")["items"])
    expect(desk.page.get_by_role("button", name=f"Mine {before}", exact=True)).to_be_visible()
    anna.claim(case_id)
    expect(desk.page.get_by_role("button", name=f"Mine {before + 1}", exact=True)).to_be_visible()
    released(people, "anna", case_id)
