"""A branch comes to its limit in the middle of a list: what is beyond says why, and goes on once it may."""

from collections.abc import Callable
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

from deploy.demo.people import Client, Refused, wait_for
from tests.flows.conftest import People

LIMIT: Final = 2
CARS: Final = [{"row": place, "identifier": f"SAL1A2A40SA6080{place:02}"} for place in range(2, 7)]


def refused(send: Callable[[], object]) -> dict[str, Any]:
    with pytest.raises(Refused) as refusal:
        send()
    assert refusal.value.status == 409
    return refusal.value.problem


def made_of(admin: Client, order: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The rows of the job once all of them are done."""
    job = admin.call("POST", "/bulk-jobs", order, key=key)
    path = f"/bulk-jobs/{job['id']}"
    wait_for(lambda: True if admin.get(path)["state"] == "done" else None, "the list to be made", 60)
    return admin.get(f"{path}/rows")["items"]


def test_what_is_beyond_the_limit_of_a_branch_goes_on_once_it_is_raised(
    people: People, photo: Callable[[], bytes]
) -> None:
    admin = people.client()
    agreement = {"version": admin.get("/company-terms")["version"], "language": "en"}
    new = {"name": "Yard", "branches": ["North"], "agreement": agreement}
    company = admin.call("POST", "/companies", new)
    [branch] = company["branches"]
    path = f"/companies/{company['id']}"
    admin.call("PATCH", f"{path}/branches/{branch['id']}", {"monthly_limit": LIMIT})

    order = {"company_id": company["id"], "branch_id": branch["id"], "rows": CARS}
    key = uuid4().hex
    rows = made_of(admin, order, key)
    ids = [row["inspection_id"] for row in rows]
    assert [row["state"] for row in rows] == ["made"] * len(CARS), (
        "a car that waits for photos counts for nothing"
    )
    for one in ids:
        admin.upload(one, "vin_stamped", photo())

    link = admin.call("POST", f"/inspections/{ids[-1]}/yard-links", {"may_submit": True})
    visitor = {"Authorization": f"Bearer yard_{link['url'].split('#')[1]}"}
    done = f"{admin.base_url}/yard/done"
    keys = {one: uuid4().hex for one in ids}
    for one in ids[:LIMIT]:
        assert admin.submit(one, key=keys[one])["state"] == "submitted"
    for one in ids[LIMIT:]:
        problem = refused(lambda one=one: admin.submit(one, key=keys[one]))
        assert problem["code"] == "company_limit_reached"
        assert problem["params"] == {"name": "North", "limit": LIMIT, "branch_id": branch["id"]}
    assert httpx.put(done, headers=visitor, timeout=60).raise_for_status().json()["is_sent"] is False
    for one in ids[LIMIT:]:
        kept = admin.inspection(one)
        assert (kept["state"], len(kept["evidence"]), kept["missing"]) == ("draft", 1, [])

    # The list, sent once more or anew, makes no car a second time.
    assert [row["inspection_id"] for row in made_of(admin, order, key)] == ids
    again = made_of(admin, order, uuid4().hex)
    assert [(row["state"], row["inspection_id"]) for row in again] == [("existing", one) for one in ids]

    admin.call("PATCH", f"{path}/branches/{branch['id']}", {"monthly_limit": len(CARS)})
    assert httpx.put(done, headers=visitor, timeout=60).raise_for_status().json()["is_sent"] is True
    for one in ids[:-1]:  # those that were sent, too: with their keys they are sent once
        assert admin.submit(one, key=keys[one])["id"] == one
    sent = [admin.inspection(one) for one in ids]
    assert {one["state"] for one in sent} <= {"submitted", "queued"}
    assert all(len(one["evidence"]) == 1 for one in sent)
    listed = admin.get(f"/inspections?company_id={company['id']}")["items"]
    assert sorted(one["id"] for one in listed) == sorted(ids)
    [used] = [
        one
        for one in admin.get(f"{path}/allowance?branch_id={branch['id']}")["allowances"]
        if one["branch_id"]
    ]
    assert (used["used"], used["left"]) == (len(CARS), 0)
