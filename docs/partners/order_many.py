"""Order the cars of a CSV file as one job, each with a link for whoever stands at it: python order_many.py FILE.

The file has the columns reference and vin. Printed are reference, number, state and link, a line for each car.
"""

import csv
import os
import sys
import time
from pathlib import Path
from typing import Any

import httpx


def order(
    api: httpx.Client, company_id: str, cars: list[dict[str, str]], *, key: str
) -> list[dict[str, Any]]:
    """Order them; what became of each row, once the job is done."""
    rows = [
        {"row": row, "reference": car["reference"], "identifier": car["vin"]}
        for row, car in enumerate(cars, 1)
    ]
    body = {"company_id": company_id, "label": "From the yard", "rows": rows}
    begun = api.post("/api/v1/bulk-jobs", json=body, headers={"Idempotency-Key": key}).raise_for_status()
    job = f"/api/v1/bulk-jobs/{begun.json()['id']}"
    while True:
        answer = api.get(job).raise_for_status()
        if answer.json()["state"] == "done":
            break
        time.sleep(float(answer.headers.get("Retry-After", 1)))
    done: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = api.get(f"{job}/rows", params={"cursor": cursor} if cursor else {}).raise_for_status().json()
        done += page["items"]
        if (cursor := page["next_cursor"]) is None:
            return done


def link(api: httpx.Client, inspection_id: str) -> str:
    """A link by which whoever stands at the car photographs it, without an account."""
    path = f"/api/v1/inspections/{inspection_id}/yard-links"
    body = {"may_submit": True, "days": 3}
    given = api.post(path, json=body, headers={"Idempotency-Key": f"link-{inspection_id}"})
    return given.raise_for_status().json()["url"]


if __name__ == "__main__":
    with (
        Path(sys.argv[1]).open(newline="", encoding="utf-8") as file,
        httpx.Client(
            base_url=os.environ["AUTODETECTIVE_URL"],
            headers={"Authorization": f"Bearer {os.environ['AUTODETECTIVE_KEY']}"},
            timeout=60,
        ) as api,
    ):
        cars: list[dict[str, str]] = list(csv.DictReader(file))
        for row in order(api, os.environ["COMPANY"], cars, key=os.environ["ORDER"]):
            reference = cars[int(row["row"]) - 1]["reference"]
            made = row["inspection_id"]
            print(reference, row["state"], link(api, made) if made else "", sep=",")
