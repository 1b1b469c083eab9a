"""Who leads a shift, is on it, hands it over or gives access: at their desks, and what others see of it."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from deploy.demo.people import Json, wait_for
from tests.browser.desk_gallery import NewDesk, next_code_of, seen, sent_by
from tests.browser.desk_steps import enrolled, in_annas_hand, released
from tests.browser.phone import Phone
from tests.flows.conftest import People


def test_the_lead_sees_what_is_at_risk_and_gives_it_to_somebody(new_desk: NewDesk, people: People) -> None:
    case_id = sent_by(people.client(), make="Atrisk")
    anna = people.expert("anna")
    number = anna.wait_until(case_id, "queued")["number"]
    board = new_desk("lead")
    board.open("/shift")
    page = board.page
    row = page.get_by_role("row").filter(has_text=number)
    expect(row).to_be_visible()  # nobody is on shift, so it will be late

    row.get_by_role("checkbox").check()
    expect(row.get_by_role("checkbox")).to_be_checked()
    wait_for(lambda: anna.get("/queue?view=all")["items"][0]["urgent"] or None, "the first place")
    row.get_by_role("combobox").select_option(label="Борис Кузнецов")
    row.get_by_role("button", name="Give to").click()

    def given() -> bool | None:
        holder = anna.case(case_id)["holder"]
        return (holder is not None and holder["display_name"] == "Борис Кузнецов") or None

    wait_for(given, "Boris to have it")
    # With somebody at it, the case is no longer sure to be late.
    expect(row).to_have_count(0)
    released(people, "boris", case_id)


def test_an_incident_stops_the_clocks_until_the_lead_ends_it(new_desk: NewDesk, people: People) -> None:
    case_id = in_annas_hand(people)
    board = new_desk("lead")
    board.open("/shift")
    page = board.page
    try:
        page.get_by_role("button", name="Declare a platform incident").click()
        page.get_by_label("What happened").fill("The photos do not open.")
        page.get_by_role("button", name="Stop the clocks").click()
        expect(page.get_by_text("The photos do not open.")).to_be_visible()
        anna = people.expert("anna")
        wait_for(lambda: anna.case(case_id)["reckoning"]["due_at"] is None or None, "the pause")
    finally:
        end_incidents(people)
    page.reload()
    expect(page.get_by_role("button", name="Declare a platform incident")).to_be_visible()
    released(people, "anna", case_id)


def end_incidents(people: People) -> None:
    lead = people.expert("lead")
    for incident in lead.get("/incidents")["items"]:
        if incident["ended_at"] is None:
            lead.call("DELETE", f"/incidents/{incident['incident_id']}")


def test_on_shift_a_new_case_is_announced(new_desk: NewDesk, people: People) -> None:
    desk = new_desk("boris")
    desk.page.add_init_script(
        "window.tones = 0; const start = OscillatorNode.prototype.start;"
        "OscillatorNode.prototype.start = function (...of) { tones += 1; return start.apply(this, of); };"
    )
    desk.open()
    desk.page.get_by_role("button", name="Start the shift").click()
    expect(desk.page.get_by_text("On shift since")).to_be_visible()
    case_id = sent_by(people.client())
    expect(desk.page.locator(f"a[href='/cases/{case_id}']")).to_be_visible()
    assert desk.page.evaluate("tones") >= 1

    desk.page.get_by_role("button", name="End the shift").click()
    expect(desk.page.get_by_role("button", name="Start the shift")).to_be_visible()


@pytest.mark.parametrize("login", ["lead", "admin", "auditor"])
def test_who_oversees_has_their_screens_in_the_menu(new_desk: NewDesk, login: str) -> None:
    desk: Phone = new_desk(login)
    desk.open()
    more = desk.page.get_by_role("button", name="More ▾", exact=True)
    for name, path in (("Shift", "/shift"), ("People", "/people"), ("Audit log", "/audit")):
        link = desk.page.get_by_role("link", name=name, exact=True)
        expect(link.or_(more).first).to_be_visible()
        expect(desk.page.locator("h1")).to_be_focused()  # which closes a menu that was open
        if not link.is_visible():
            more.click()
        link.click()
        desk.page.wait_for_url(f"**{path}")
        expect(desk.page.locator("main .loading")).to_have_count(0)
        expect(desk.page.get_by_role("alert")).to_have_count(0)


def test_who_gives_access_shows_a_code_again_and_whose_it_is_is_told(
    new_desk: NewDesk, people: People
) -> None:
    login = f"new-{uuid4().hex[:8]}"
    desk = new_desk("admin")
    page = desk.page
    # As when the last code was shown long ago.
    refusal: Json = {"code": "second_factor_required", "detail": "Please enter the code as well."}
    page.route("**/api/v1/people", lambda route: route.fulfill(status=403, json=refusal), times=1)
    desk.open("/people")
    page.get_by_role("button", name="Add somebody").click()
    page.get_by_label("Name as clients").fill("Olga Nova")
    page.get_by_label("Login").fill(login)
    page.get_by_label("First password").fill("correct horse battery")
    page.get_by_role("button", name="Save").click()
    page.get_by_label("Code of your app").fill(next_code_of(people, "admin"))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row").filter(has_text=login)).to_be_visible()

    newcomers = new_desk(None)
    newcomers.open()
    enrolled(newcomers.page, login)
    person_id = newcomers.call("GET", "/me")["id"]
    people.expert("admin").call("PATCH", f"/people/{person_id}", {"role": "senior"})
    newcomers.page.reload()
    expect(newcomers.page.get_by_text("gave you another role")).to_be_visible()
    newcomers.page.get_by_role("button", name="Seen").click()
    expect(newcomers.page.get_by_text("gave you another role")).to_have_count(0)


def test_without_a_connection_the_board_shows_all_that_was_known_and_as_of_when(
    new_desk: NewDesk, people: People
) -> None:
    case_id = sent_by(people.client())
    number = people.expert("anna").wait_until(case_id, "queued")["number"]
    people.expert("lead").call("PUT", f"/cases/{case_id}/priority", {"urgent": True})
    desk = new_desk("lead")
    desk.open("/shift")
    urgent = desk.page.get_by_label(f"Case {number} before the others")
    expect(urgent).to_be_enabled()
    heads = desk.page.locator("section[aria-labelledby=risk-title] th[scope=col], thead th")
    columns = heads.all_inner_texts()

    desk.context.set_offline(True)

    def noticed() -> bool | None:
        # It may have been between two streams when the line went.
        desk.page.evaluate("dispatchEvent(new Event('offline'))")
        return urgent.is_disabled() or None

    wait_for(noticed, "the desk to notice")
    expect(urgent).to_be_checked()
    expect(desk.page.get_by_label(f"Whom to give case {number} to")).to_be_disabled()
    assert set(columns) <= set(heads.all_inner_texts())  # some tables may have come after one looked
    expect(desk.page.get_by_text("as of ")).to_be_visible()

    desk.context.set_offline(False)
    expect(urgent).to_be_enabled()
    people.expert("lead").call("PUT", f"/cases/{case_id}/priority", {"urgent": False})


def test_an_arrow_key_gives_no_case_away(new_desk: NewDesk, people: People) -> None:
    case_id = sent_by(people.client())
    anna, lead = people.expert("anna"), people.expert("lead")
    number = anna.wait_until(case_id, "queued")["number"]
    lead.call("PUT", f"/cases/{case_id}/priority", {"urgent": True})
    desk = new_desk("lead")
    desk.open("/shift")
    choice = desk.page.get_by_label(
        f"Whom to give case {number} to"
    )  # nobody is on shift, so it will be late
    expect(choice.locator("option").nth(2)).to_be_attached()
    choice.focus()
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("ArrowDown")
    chosen = choice.evaluate("(one) => one.selectedOptions[0].textContent")
    desk.page.wait_for_timeout(500)
    assert anna.case(case_id)["holder"] is None

    desk.page.get_by_role("button", name=re.compile(f"Give to.*{number}")).click()

    def holder() -> str | None:
        held_by = anna.case(case_id)["holder"]
        return held_by and held_by["display_name"]

    assert wait_for(holder, "them") == chosen
    lead.call("PUT", f"/cases/{case_id}/priority", {"urgent": False})


def test_who_ends_the_shift_hands_over_what_is_in_hand(new_desk: NewDesk, people: People) -> None:
    anna, boris = people.expert("anna"), people.expert("boris")
    to_boris, to_queue = (sent_by(people.client(), make=f"Handed{n}") for n in range(2))
    for case_id in (to_boris, to_queue):
        anna.wait_until(case_id, "queued")
        anna.claim(case_id)
    for row in anna.get("/queue?view=mine")["items"]:
        if row["id"] not in (to_boris, to_queue):
            released(people, "anna", row["id"])
    number, other = (anna.case(case_id)["number"] for case_id in (to_boris, to_queue))
    his = new_desk("boris")
    his.open()
    his.page.get_by_role("button", name="Start the shift").click()
    expect(his.page.get_by_role("button", name="End the shift")).to_be_visible()
    desk = new_desk("anna")
    desk.open()
    page = desk.page
    page.get_by_role("button", name="Start the shift").click()
    page.get_by_role("button", name="End the shift").click()
    expect(page.get_by_label(f"Who gets case {number}")).to_have_value("")
    page.get_by_label(f"Who gets case {number}").select_option("Борис Кузнецов")
    page.get_by_label(f"Reason, case {number}").fill("The fourth digit leans: look at it closely")
    expect(page.get_by_label(f"Reason, case {other}")).to_have_value("End of the shift")
    page.get_by_role("button", name="Hand over and end the shift").click()
    expect(page.get_by_role("button", name="Start the shift")).to_be_visible()
    assert (anna.case(to_boris)["holder"]["display_name"], anna.case(to_queue)["holder"]) == (
        "Борис Кузнецов",
        None,
    )

    expect(his.page.get_by_text(f"Case {number} was handed to you")).to_be_visible()
    expect(his.page.get_by_text("The fourth digit leans: look at it closely")).to_be_visible()
    his.page.get_by_role("link", name="Open", exact=True).click()
    his.page.wait_for_url(f"**/cases/{to_boris}")
    expect(his.page.get_by_text("was handed to you")).to_have_count(0)
    seen(his.page)  # before that no key is the case's
    his.page.keyboard.press("n")
    expect(his.page.get_by_text("The fourth digit leans: look at it closely")).to_be_visible()
    his.page.get_by_text("What happened to the case").click()
    expect(his.page.get_by_text("handed over with a note")).to_be_visible()
    released(people, "boris", to_boris)
    boris.call("DELETE", "/shifts/current")


def test_a_receiver_who_left_meanwhile_is_named_and_the_shift_goes_on(
    new_desk: NewDesk, people: People
) -> None:
    anna, boris = people.expert("anna"), people.expert("boris")
    case_id = sent_by(people.client())
    anna.wait_until(case_id, "queued")
    anna.claim(case_id)
    number = anna.case(case_id)["number"]
    boris.call("PUT", "/shifts/current")
    desk = new_desk("lead")
    desk.open("/shift")
    page = desk.page
    page.get_by_role("button", name="hand over the cases of Анна Белова").click()
    page.get_by_label(f"Who gets case {number}").select_option("Борис Кузнецов")
    for field in page.get_by_label("Reason").all():
        field.fill("Anna fell ill")
    boris.call("DELETE", "/shifts/current")
    page.get_by_role("button", name="Hand over", exact=True).click()
    expect(page.get_by_text("Борис Кузнецов is not on shift")).to_be_visible()
    assert anna.case(case_id)["holder"]["display_name"] == "Анна Белова"
    page.get_by_label(f"Who gets case {number}").select_option("back to the queue")
    page.get_by_role("button", name="Hand over", exact=True).click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert anna.case(case_id)["holder"] is None
