"""The logo of whoever ordered a report: on its page, behind links, on its PDF, and no part of what it says."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from cabinet_service.reports.pdf.laying_out import Logo, Paper
from cabinet_service.reports.pdf.typesetting import Typesetter
from tests.factories.photos import png
from tests.service.inspections.conftest import Bpa, Case, Company, Json, Person, Submitted
from tests.service.inspections.report_files.conftest import Desk, fetched, verified


class Watching(Typesetter):
    """Notes the logos that it is given."""

    def __init__(self, typesetter: Typesetter) -> None:
        self.process = typesetter.process  # type: ignore[misc] - one process is enough
        self.logos: list[tuple[Logo | None, bytes]] = []

    async def typeset(self, report: Any, previews: Any, paper: Paper, *, target: Path) -> int:
        self.logos.append((paper.logo, Path(paper.logo.file).read_bytes() if paper.logo else b""))
        return await super().typeset(report, previews, paper, target=target)


@pytest.fixture
def watching(typesetter: Typesetter) -> Watching:
    return Watching(typesetter)


@pytest.fixture
async def ordered(bpa: Bpa, submitted: Submitted, company: Company) -> Case:
    """An inspection that an agent sent in the company's name, and an expert works on."""
    body = {"company_id": str(company.id), "branch_id": str(company.branches[0])}
    case = Case(bpa, await submitted(company.agents[0], **body))
    await case.queue()
    await case.claim()
    return case


async def give(company: Company, width: int = 300) -> None:
    headers = {"Content-Type": "application/octet-stream"}
    path = f"/companies/{company.id}/logo"
    answer = await company.admin.send("PUT", path, content=png(width, 100), headers=headers)
    assert answer.status_code == 200, answer.text


async def page(person: Person, case: Case) -> Json:
    return (await person.get(f"{case.path}/reports/1")).json()


async def test_it_is_shown_on_what_the_company_ordered_as_it_is_now(
    company: Company, ordered: Case, desk: Desk, watching: Watching, cabinet_api: httpx.AsyncClient
) -> None:
    agent = company.agents[0]
    await give(company)
    await desk.answer(ordered)
    await desk.work(typesetter=watching)
    [(logo, content)] = watching.logos
    assert logo is not None
    name = (await agent.get(f"/companies/{company.id}")).json()["name"]
    assert (logo.width, logo.height, logo.name) == (300, 100, name)
    assert content.startswith(b"\x89PNG")
    told = await page(agent, ordered)
    shared = (await agent.post(f"{ordered.path}/shares", {})).json()
    token = shared["url"].partition("#")[2]
    opened = (await cabinet_api.get(f"/api/v1/shared/{token}")).json()
    assert told["logo"] == opened["logo"]
    assert (told["logo"]["width"], told["logo"]["alt"]) == (300, name)

    pdf = (await fetched(agent, ordered)).content
    await give(company, width=200)
    changed = await page(agent, ordered)
    assert changed["logo"]["width"] == 200
    assert changed["sha256"] == told["sha256"], "it is no part of what the report says"
    assert (await fetched(agent, ordered)).content == pdf, "what was made stays as it is"
    assert (await verified(cabinet_api, pdf))["state"] == "genuine"
    assert (await company.admin.delete(f"/companies/{company.id}/logo")).status_code == 204
    assert (await page(agent, ordered))["logo"] is None
    assert (await verified(cabinet_api, pdf))["state"] == "genuine"


async def test_what_somebody_ordered_for_themselves_has_none(
    company: Company, client: Person, case: Case, desk: Desk, watching: Watching
) -> None:
    await give(company)
    await desk.answer(case)
    await desk.work(typesetter=watching)
    assert watching.logos == [(None, b"")]
    assert (await page(client, case))["logo"] is None
