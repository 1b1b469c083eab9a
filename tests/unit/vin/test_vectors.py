"""The twin in TypeScript reads what is typed as the engine does: this is what it is held to."""

import json

from shared_schemas.vin.codes import CheckRule
from shared_schemas.vin.curated import CURATED
from tests.unit.vin import vectors


def test_the_vectors_are_what_the_engine_says() -> None:
    assert vectors.FILE.read_text(encoding="ascii") == vectors.written(), "python -m tests.unit.vin.vectors"


def test_each_plant_that_computes_a_check_digit_is_among_them() -> None:
    told = {vector["value"][:3] for vector in json.loads(vectors.written()) if vector["digit"]}
    assert told >= {code for row in CURATED if row.check is CheckRule.COMPUTED for code in row.codes.split()}
