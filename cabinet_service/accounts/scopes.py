"""What a client's transactions may see: settings that the policies of cabinet's tables read.

`app.scope` is `client`; `app.account_id` names them; the others are arrays of ids in PostgreSQL's text form: the
companies that they are a member of, those that they see all of, the branches that they see all of, the companies
that they administer, and those whose webhooks they manage.

Of whoever has a link `app.scope` is `link`, with `app.link_id` and the one `app.inspection_id`.
"""

from collections.abc import Sequence
from uuid import UUID

from cabinet_service.accounts.domain import Client, HeldLink
from service_kit.db import Scope


def of_account(account_id: UUID) -> Scope:
    """The scope of a client as long as nothing is known of them but their account: what is their own."""
    return of(Client(account_id, None, "ru"))


def of(client: Client) -> Scope:
    """The scope of a signed-in client, or of whoever has a link of theirs."""
    if client.link is not None:
        return _of_link(client.link)
    visible = client.visible_inspections
    return Scope(
        (
            ("app.scope", "client"),
            ("app.account_id", str(client.account_id)),
            ("app.member_of", _array(visible.member_of)),
            ("app.companies", _array(visible.companies)),
            ("app.branches", _array(visible.branches)),
            ("app.administered", _array(client.administered)),
            ("app.webhooks_of", _array(client.webhooks_of)),
        )
    )


def _of_link(link: HeldLink) -> Scope:
    return Scope(
        (
            ("app.scope", "link"),
            ("app.link_id", str(link.id)),
            ("app.inspection_id", str(link.inspection_id)),
        )
    )


def _array(ids: Sequence[UUID]) -> str:
    return "{" + ",".join(map(str, ids)) + "}"
