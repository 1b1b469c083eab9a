"""A company whose people order many cars at once."""

from typing import Any

from tests.service.inspections.conftest import Company, Person, client, company, sign_up, stranger, work

__all__ = ["VINS", "Company", "Person", "client", "company", "listed", "sign_up", "stranger", "work"]

Json = dict[str, Any]
# Genuine in form, of makers that compute no check digit.
VINS = [f"WVWZZZ1JZ3W{n:06}" for n in range(1, 121)]


def listed(company: Company, *rows: Json, **more: Any) -> Json:
    """A list of cars for the company; rows are numbered as in a sheet with a row of names."""
    numbered = [{"row": place, **row} for place, row in enumerate(rows, 2)]
    return {"company_id": str(company.id), "rows": numbered} | more
