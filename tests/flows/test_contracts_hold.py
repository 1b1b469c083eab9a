"""The running services against their own OpenAPI documents: generated requests, good and bad, never end in a 5xx,
and every answer is one that the document promises."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import checks as generic
from schemathesis.specs.openapi import checks as openapi_checks

from api_contracts import generate
from deploy.demo.people import Client, Expert
from deploy.embedded.stack import Stack
from tests.flows.conftest import Desk

pytestmark = pytest.mark.busless
TURN: Final = 2  # whatever it did to the shared stack, nobody has to live with it
GENERIC: Final[Any] = generic  # the types of schemathesis are partly unknown
OPENAPI: Final[Any] = openapi_checks
CHECKS: Final[list[Any]] = [
    GENERIC.not_a_server_error,
    OPENAPI.status_code_conformance,
    OPENAPI.content_type_conformance,
    OPENAPI.response_schema_conformance,
]
# An endless stream, and the one act that ends the session with which the others are called.
LEFT_OUT: Final = r"/stream$|/auth/sessions/current$"
FEW: Final = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.large_base_example],
)


SERIALIZER: Final[Any] = schemathesis.serializer
SERIALIZER.alias("application/offset+octet-stream", "application/octet-stream")


@pytest.fixture(scope="module")
def client(stack: Stack) -> Iterator[Client]:
    with ExitStack() as opened:
        client = opened.enter_context(Client(stack.cabinet.url))
        client.sign_in("fuzzer@example.com")
        yield client


@pytest.fixture(scope="module")
def expert(desk: Desk) -> Expert:
    return desk.expert("anna")


def contract(service: str) -> Any:
    """The committed document: it is what was promised, and `make check` holds it to the code."""
    document = Path(generate.__file__).parent / "openapi" / service / "v1.json"
    openapi: Any = schemathesis.openapi  # its types are partly unknown
    return openapi.from_path(document).exclude(path_regex=LEFT_OUT)


cabinet, bpa = contract("cabinet"), contract("bpa")


@cabinet.parametrize()
@FEW
def test_cabinet_keeps_its_contract(case: Any, stack: Stack, client: Client) -> None:
    headers = {"Authorization": client.headers["Authorization"]}
    case.call_and_validate(base_url=stack.cabinet.url, headers=headers, checks=CHECKS, timeout=30)


@bpa.parametrize()
@FEW
def test_bpa_keeps_its_contract(case: Any, stack: Stack, expert: Expert) -> None:
    headers = {"Authorization": expert.headers["Authorization"]}
    case.call_and_validate(base_url=stack.bpa.url, headers=headers, checks=CHECKS, timeout=30)
