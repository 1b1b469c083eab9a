"""The rules for a request."""

from typing import Annotated

from fastapi import Depends, Request

from bpa_service.vehicles.learning.current import CurrentRules
from shared_schemas.vin.learned import Learned


async def _rules_of_the_app(request: Request) -> CurrentRules:
    rules: CurrentRules = request.app.state.learned
    return rules


RulesOfApp = Annotated[CurrentRules, Depends(_rules_of_the_app)]


async def _of_the_app(rules: RulesOfApp) -> Learned:
    return rules.current()


LearnedOfApp = Annotated[Learned, Depends(_of_the_app)]
"""What one's own records teach of VINs, as this process knows it."""
