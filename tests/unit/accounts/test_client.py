from uuid import uuid4

from cabinet_service.accounts.domain import Client, Membership, Role, VisibleInspections

COMPANY, OTHER_COMPANY = uuid4(), uuid4()
NORTH, SOUTH = uuid4(), uuid4()
ADMIN = Membership(COMPANY, None, Role.PARTNER_ADMIN)
AGENT = Membership(COMPANY, NORTH, Role.PARTNER_AGENT)


def client(*memberships: Membership) -> Client:
    return Client(uuid4(), None, "ru", memberships)


def test_everyone_acts_for_themself() -> None:
    assert client().may_act_for(None, None)
    assert client(ADMIN).may_act_for(None, None)


def test_a_branch_without_a_company_is_nobody() -> None:
    assert not client(AGENT).may_act_for(None, NORTH)


def test_an_agent_acts_for_the_own_branch_only() -> None:
    assert client(AGENT).may_act_for(COMPANY, NORTH)
    assert not client(AGENT).may_act_for(COMPANY, SOUTH)
    assert not client(AGENT).may_act_for(COMPANY, None)


def test_an_admin_acts_for_the_company_and_its_branches() -> None:
    assert client(ADMIN).may_act_for(COMPANY, None)
    assert client(ADMIN).may_act_for(COMPANY, SOUTH)


def test_nobody_acts_for_a_company_they_are_not_in() -> None:
    assert not client().may_act_for(COMPANY, None)
    assert not client(ADMIN).may_act_for(OTHER_COMPANY, None)


def test_what_a_client_sees_follows_from_their_roles() -> None:
    both = client(ADMIN, Membership(OTHER_COMPANY, SOUTH, Role.PARTNER_AGENT))
    assert both.visible_inspections == VisibleInspections(
        account_id=both.account_id,
        member_of=(COMPANY, OTHER_COMPANY),
        companies=(COMPANY,),
        branches=(SOUTH,),
    )
    assert both.is_admin_of(COMPANY)
    assert not both.is_admin_of(OTHER_COMPANY)


def test_a_private_client_sees_their_own_only() -> None:
    alone = client()
    assert alone.visible_inspections == VisibleInspections(alone.account_id, (), (), ())
