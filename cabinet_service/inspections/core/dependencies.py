"""What the routes of inspections ask for beside their body."""

from typing import Annotated

from fastapi import Depends

from cabinet_service.accounts.dependencies import CurrentClient
from cabinet_service.inspections.core.acting import ClientActing
from service_kit.http.edge import Now, WriteSession


async def _acting(client: CurrentClient, session: WriteSession, now: Now) -> ClientActing:
    return ClientActing(session=session, now=now, client=client)


CurrentAct = Annotated[ClientActing, Depends(_acting, scope="function")]
"""An act of who sent the request, in its transaction."""
