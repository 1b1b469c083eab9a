"""What a company's board shows, among 100,000 checks of it: pages, filters, a search and the counts."""

import asyncio
from collections.abc import Sequence
from typing import Final

from bench import pictures, rows
from bench.harness import Figure, of_rounds
from bench.load import Job, asking, request
from bench.queue import BARE_ROWS
from bench.stage import Sample, Stage, in_turns

CHECKS: Final = 100_000
ASKED: Final = 100
PAGE: Final = 50
COMPANY: Final = "11111111-1111-4111-8111-111111111111"
BRANCH: Final = "22222222-2222-4222-8222-222222222222"
# A tenth of the cars are of one branch; the other person has ordered one in two thousand.
_COMPANY: Final = f"""
INSERT INTO companies (id, name, created_at) VALUES ('{COMPANY}', 'Motors', now());
INSERT INTO branches (id, company_id, name, created_at) VALUES ('{BRANCH}', '{COMPANY}', 'North', now());
INSERT INTO memberships (account_id, company_id, role, created_at)
SELECT id, '{COMPANY}', 'partner_admin', now() FROM accounts;
"""
_NEW_ID: Final = "md5('board' || n)::uuid"
_ASKED: Final = {
    "what waits": "?phase=photos",
    "what is answered": "?phase=answered",
    "of a branch": f"?phase=answered&branch_id={BRANCH}",
    "of who has few": "?phase=answered&account_id={few}",
    "a whole number": "?phase=answered&q=WVWZZZ1JZ3W012345",
    "what a third begins with": "?phase=answered&q=WVW",
    "the counts": "/counts?",
}


def run() -> list[Figure]:
    with Stage() as stage:
        client, other = stage.client(), stage.client()
        draft = client.start({"identifier": "WVWZZZ1JZ3W386752", "make": "VW"})
        client.upload(draft["id"], "vin_stamped", pictures.small())
        stage.stop_background()
        few: str = other.get("/me")["account"]["id"]
        stage.sql("cabinet", _COMPANY + _checks(draft["id"], few))
        stage.sql("bare", BARE_ROWS)
        token = client.headers["Authorization"]
        rounds = asyncio.run(_measured(stage, token, few))
    return [figure for name, samples in rounds.items() for figure in _figures(name, samples)]


def _checks(draft_id: str, few: str) -> str:
    series = f"generate_series(1, {CHECKS})"
    inspections = {
        "id": _NEW_ID,
        "number": "'B-' || n",
        "account_id": f"CASE WHEN n % 2000 = 3 THEN '{few}'::uuid ELSE kept.account_id END",
        "company_id": f"'{COMPANY}'",
        "branch_id": f"CASE WHEN n % 10 = 3 THEN '{BRANCH}'::uuid END",
        "state": "CASE n % 200 WHEN 0 THEN 'draft' WHEN 1 THEN 'in_work' WHEN 2 THEN 'expired'"
        " ELSE 'answered' END",
        "identifier": "(ARRAY['WVWZZZ1JZ3W', 'XTA210990Y2', 'SAL1A2A40SA'])[1 + n % 3]"
        " || lpad(n::text, 6, '0')",
        "created_at": "kept.created_at - n * interval '1 minute'",
        "submitted_at": "kept.created_at - n * interval '1 minute'",
    }
    evidence = {"id": "md5('board' || kept.id || n)::uuid", "inspection_id": _NEW_ID}
    return (
        rows.copies("inspections", f"kept.id = '{draft_id}'", series, inspections)
        + rows.copies("evidence", f"kept.inspection_id = '{draft_id}'", series, evidence)
        + "VACUUM ANALYZE;"
    )


async def _measured(stage: Stage, token: str, few: str) -> dict[str, list[tuple[Sample, Sample]]]:
    bare: Sequence[Job] = [asking(request("GET", f"/queue?limit={PAGE}"), expect=200)] * ASKED
    found: dict[str, list[tuple[Sample, Sample]]] = {}
    for name, wanted in _ASKED.items():
        path = f"/api/v1/companies/{COMPANY}/board{wanted.format(few=few)}"
        path += "" if path.endswith("?") else f"&limit={PAGE}"
        one = asking(request("GET", path, headers={"Authorization": token}), expect=200)
        jobs = [one] * ASKED
        found[name] = await in_turns(
            stage, bare=lambda _: bare, product=lambda _, jobs=jobs: jobs, connections=4
        )
    return found


def _figures(name: str, rounds: Sequence[tuple[Sample, Sample]]) -> list[Figure]:
    return [
        of_rounds(
            f"board, {name}, p99",
            "ms",
            [(bare.load.p99_milliseconds, product.load.p99_milliseconds) for bare, product in rounds],
            at_most=10.0,
        ),
        of_rounds(
            f"board, {name}, CPU",
            "ms",
            [(bare.cpu_milliseconds, product.cpu_milliseconds) for bare, product in rounds],
        ),
    ]
