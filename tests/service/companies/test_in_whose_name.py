"""A draft is ordered in one's own name or a company's, as whoever began it says until it is sent."""

from tests.service.companies.conftest import Firm
from tests.service.companies.orders import Photo, ready, send
from tests.service.inspections.conftest import Json, Person, SignUp


def name_of(inspection: Json) -> tuple[str | None, str | None]:
    return inspection["company_id"], inspection["branch_id"]


async def test_a_draft_changes_its_name_until_it_is_sent(firm: Firm, client: Person, photo: Photo) -> None:
    await firm.join(client)
    draft = await ready(client, photo)
    path = f"/inspections/{draft['id']}"
    assert (await firm.boss.get(path)).status_code == 404

    # An agent orders for their own branch, whether they name it or not.
    taken = await client.patch(path, {"company_id": firm.id})
    assert (taken.status_code, name_of(taken.json())) == (200, (firm.id, firm.north))
    assert name_of((await firm.boss.get(path)).json()) == (firm.id, firm.north)

    # What does not speak of it leaves it as it is; null takes it back.
    said = await client.patch(path, {"worry": "The rivets look new"})
    assert name_of(said.json()) == (firm.id, firm.north)
    own = await client.patch(path, {"company_id": None, "branch_id": None})
    assert name_of(own.json()) == (None, None)
    assert (await firm.boss.get(path)).status_code == 404

    assert (await client.patch(path, {"company_id": firm.id, "branch_id": firm.north})).status_code == 200
    sent = await send(client, draft)
    assert (sent.status_code, name_of(sent.json())) == (200, (firm.id, firm.north))
    assert len((await firm.boss.get(path)).json()["evidence"]) == 1
    late = await client.patch(path, {"company_id": None})
    assert (late.status_code, late.json()["code"]) == (409, "inspection_already_submitted")


async def test_no_name_is_taken_that_is_not_ones_own_to_order_in(
    firm: Firm, client: Person, sign_up: SignUp, photo: Photo
) -> None:
    await firm.join(client)
    draft = await ready(client, photo, company_id=firm.id)
    path = f"/inspections/{draft['id']}"
    elsewhere = await client.patch(path, {"company_id": firm.id, "branch_id": firm.south})
    assert elsewhere.status_code == 404
    nobody = await sign_up("nobody@example.com")
    own = await ready(nobody, photo)
    assert (await nobody.patch(f"/inspections/{own['id']}", {"company_id": firm.id})).status_code == 404

    # An administrator sees the draft of a colleague, and says neither for them.
    for body in ({"company_id": None}, {"company_id": firm.id, "branch_id": firm.south}):
        refused = await firm.boss.patch(path, body)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert name_of(await client.inspection(draft["id"])) == (firm.id, firm.north)

    # Nothing is ordered for a branch that was closed.
    assert (
        await firm.boss.patch(f"{firm.path}/branches/{firm.south}", {"is_closed": True})
    ).status_code == 200
    of_boss = await ready(firm.boss, photo)
    closed = await firm.boss.patch(
        f"/inspections/{of_boss['id']}", {"company_id": firm.id, "branch_id": firm.south}
    )
    assert (closed.status_code, closed.json()["code"]) == (409, "branch_closed")
    whole = await firm.boss.patch(f"/inspections/{of_boss['id']}", {"company_id": firm.id})
    assert name_of(whole.json()) == (firm.id, None)
