"""Every inspection that the key sees, page by page, the youngest first: python list_pages.py."""

import os
from collections.abc import Iterator
from typing import Any

import httpx


def inspections(api: httpx.Client) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        asked = {"limit": 50} | ({"cursor": cursor} if cursor else {})
        page = api.get("/api/v1/inspections", params=asked).raise_for_status().json()
        yield from page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return


if __name__ == "__main__":
    with httpx.Client(
        base_url=os.environ["AUTODETECTIVE_URL"],
        headers={"Authorization": f"Bearer {os.environ['AUTODETECTIVE_KEY']}"},
    ) as api:
        for one in inspections(api):
            print(one["number"], one["state"])
