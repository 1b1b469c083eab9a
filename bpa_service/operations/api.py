"""The route of the page of operations."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from bpa_service.experts.dependencies import OnlyBriefly
from bpa_service.experts.domain import LEADERS, Expert
from bpa_service.operations.figures import Operations
from bpa_service.operations.schemas import OperationsOut
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1", route_class=CheckedRoute, tags=["operations"])

# No session is held while the other service and the engines are asked.
Leader = Annotated[Expert, Depends(OnlyBriefly(*LEADERS))]


async def _of_the_app(request: Request) -> Operations:
    operations: Operations = request.app.state.operations
    return operations


@router.get("/operations")
async def get_operations(
    _expert: Leader, operations: Annotated[Operations, Depends(_of_the_app)]
) -> OperationsOut:
    """Whether clients get their answers and everything behind it works: each figure with what follows from it.

    The same figures as `/metrics` tells and alerts ring for, read at most every five seconds, and the answers of
    today and of the last seven days at most every minute.
    """
    return OperationsOut.of(await operations.look())
