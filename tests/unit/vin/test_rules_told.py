"""Rules of VINs between the services: what arrives is what was learned."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from shared_schemas.rest.vin_rules import BEGINNING, VinRules
from shared_schemas.vin import ALPHABET
from shared_schemas.vin.codes import CheckRule, YearPlace
from shared_schemas.vin.learned import PREFIXES, Learned, Rule

BEGINNINGS = st.text(st.sampled_from(sorted(ALPHABET)), min_size=BEGINNING, max_size=BEGINNING)
RULES = st.builds(
    Rule,
    st.just(""),
    st.sampled_from(CheckRule),
    st.integers(0, 10**6),
    st.floats(0, 1),
    st.sampled_from(YearPlace),
    st.integers(0, 10**6),
    st.floats(0, 1),
    st.frozensets(st.text(max_size=8), max_size=3),
)


@given(BEGINNINGS, BEGINNINGS, st.lists(RULES, min_size=3, max_size=3), st.sets(st.sampled_from(PREFIXES)))
def test_a_vin_is_read_alike_on_both_sides(
    beginning: str, other: str, rules: list[Rule], known: set[int]
) -> None:
    named = [
        Rule(beginning[:length], *(getattr(rule, name) for name in Rule.__slots__ if name != "prefix"))
        for length, rule in zip(PREFIXES, rules, strict=True)
        if length in known
    ]
    learned = Learned({other: Rule(other), **{rule.prefix: rule for rule in named}})
    vin = f"{beginning}0000000001"

    told = VinRules.about(beginning, learned, datetime.now(UTC)).model_dump_json()
    arrived = VinRules.model_validate_json(told).as_learned()

    assert arrived.rule_of(vin) == learned.rule_of(vin)
    assert arrived.known_of(vin) == learned.known_of(vin)
