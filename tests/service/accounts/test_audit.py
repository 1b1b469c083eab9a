"""What the audit log tells of accounts and companies."""

from typing import Any

import httpx
from sqlalchemy import select

from cabinet_service.accounts.domain import Role
from cabinet_service.api_ports import ApiPorts
from cabinet_service.audit.models import AuditEntry
from service_kit import audit_chain
from tests.service.accounts.conftest import Ask
from tests.service.accounts.signing_in import sign_in, wrong
from tests.support.clients import found_company, join


async def entries(ports: ApiPorts) -> list[AuditEntry]:
    """The whole log, the oldest first; it is an unbroken chain."""
    async with ports.backbone.database.reading() as session:
        await audit_chain.verify(session, AuditEntry)
        return list(await session.scalars(select(AuditEntry).order_by(AuditEntry.position)))


def told(entry: AuditEntry) -> tuple[str, str, dict[str, Any]]:
    return entry.act, entry.actor_name, entry.details


async def test_signing_in_and_out_is_on_the_log(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, ask: Ask
) -> None:
    challenge_id, code = await ask()
    answer = (await sign_in(cabinet_api, challenge_id, code)).json()
    token = {"Authorization": f"Bearer {answer['token']}"}
    [session] = (await cabinet_api.get("/api/v1/auth/sessions", headers=token)).json()
    await cabinet_api.delete("/api/v1/auth/sessions/current", headers=token)

    signed_in, signed_out = await entries(cabinet_ports)
    assert told(signed_in) == ("signed_in", "client", {"challenge_id": challenge_id})
    assert told(signed_out) == ("signed_out", "client", {"session_id": session["id"]})
    account_id = answer["account"]["id"]
    for entry in (signed_in, signed_out):
        assert (str(entry.actor_id), str(entry.subject_id)) == (account_id, account_id)


async def test_a_copied_refresh_token_is_on_the_log(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, ask: Ask
) -> None:
    first = (await sign_in(cabinet_api, *await ask())).json()
    used = first
    for _ in range(2):
        body = {"refresh_token": used["refresh_token"]}
        used = (await cabinet_api.post("/api/v1/auth/tokens", json=body)).json()
    copied = await cabinet_api.post("/api/v1/auth/tokens", json={"refresh_token": first["refresh_token"]})

    assert copied.status_code == 401
    _, reused = await entries(cabinet_ports)
    assert told(reused)[:2] == ("refresh_token_reused", "system")
    assert str(reused.subject_id) == first["account"]["id"]


async def test_a_refused_sign_in_is_on_the_log_with_whom_it_was_tried_on(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, ask: Ask
) -> None:
    unknown, code = await ask()
    await sign_in(cabinet_api, unknown, wrong(code))
    known = (await sign_in(cabinet_api, unknown, code)).json()["account"]["id"]
    await sign_in(cabinet_api, unknown, code)

    tried_on_nobody, _, used_again = await entries(cabinet_ports)
    assert told(tried_on_nobody) == (
        "sign_in_refused",
        "system",
        {"challenge_id": unknown, "reason": "code_wrong"},
    )
    assert tried_on_nobody.subject_id is None
    assert told(used_again) == (
        "sign_in_refused",
        "system",
        {"challenge_id": unknown, "reason": "code_used"},
    )
    assert str(used_again.subject_id) == known


async def test_who_was_let_into_a_company_is_on_the_log(cabinet_ports: ApiPorts) -> None:
    firm = await found_company(cabinet_ports)
    await join(cabinet_ports, firm, "anna@example.com", Role.PARTNER_AGENT, branch_id=firm.first_branch)

    made, agreed, joined = await entries(cabinet_ports)
    branches = [str(firm.first_branch), str(firm.second_branch)]
    assert told(made) == ("company_made", "operator", {"branch_ids": branches})
    assert made.subject_id == firm.company_id
    assert agreed.act == "company_agreed"
    assert told(joined) == (
        "member_set",
        "operator",
        {"company_id": str(firm.company_id), "branch_id": branches[0], "role": "partner_agent"},
    )


async def test_the_log_knows_nobody_by_name_or_contact(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, ask: Ask
) -> None:
    challenge_id, code = await ask("anna@example.com")
    await sign_in(cabinet_api, challenge_id, wrong(code))
    token = (await sign_in(cabinet_api, challenge_id, code)).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    await cabinet_api.patch("/api/v1/me", json={"display_name": "Anna"}, headers=headers)
    await cabinet_api.delete("/api/v1/auth/sessions/current", headers=headers)

    for entry in await entries(cabinet_ports):
        assert "anna" not in f"{entry.actor_name} {entry.details}".lower()
