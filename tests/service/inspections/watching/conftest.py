"""Cars to watch."""

from typing import Any

import pytest

from cabinet_service.api_ports import ApiPorts
from tests.service.inspections.conftest import Bpa, Case, Person, Submitted
from tests.service.inspections.watching.watched import Answered, Files


@pytest.fixture
def files(cabinet_ports: ApiPorts) -> Files:
    return Files(cabinet_ports)


@pytest.fixture
def answered(client: Person, bpa: Bpa, submitted: Submitted) -> Answered:
    async def answer(person: Person = client, **body: Any) -> Case:
        case = Case(bpa, await submitted(person, **body))
        await case.queue()
        await case.claim()
        await case.decide()
        return case

    return answer
