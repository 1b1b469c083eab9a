"""What one's own records teach of VINs, as bpa tells cabinet: by how they begin, and so of no car."""

from typing import Final, Self

from pydantic import Field

from shared_schemas.base import Contract, UtcDatetime
from shared_schemas.vin.codes import CheckRule, YearPlace
from shared_schemas.vin.learned import PREFIXES, Learned, Rule

BEGINNING: Final = max(PREFIXES)
"""Characters of a VIN that are asked about: the code and a part of the descriptor."""


class VinRule(Contract):
    """What VINs that begin with `prefix` have in common, how many say so, and of what share at least it holds."""

    prefix: str
    check: CheckRule
    check_support: int = Field(ge=0)
    check_confidence: float = Field(ge=0, le=1)
    year: YearPlace
    year_support: int = Field(ge=0)
    year_confidence: float = Field(ge=0, le=1)
    makes: tuple[str, ...] = ()

    @classmethod
    def of(cls, rule: Rule) -> Self:
        return cls(
            prefix=rule.prefix,
            check=rule.check,
            check_support=rule.check_support,
            check_confidence=rule.check_confidence,
            year=rule.year,
            year_support=rule.year_support,
            year_confidence=rule.year_confidence,
            makes=tuple(sorted(rule.makes)),
        )

    def as_rule(self) -> Rule:
        return Rule(
            prefix=self.prefix,
            check=self.check,
            check_support=self.check_support,
            check_confidence=self.check_confidence,
            year=self.year,
            year_support=self.year_support,
            year_confidence=self.year_confidence,
            makes=frozenset(self.makes),
        )


class VinRules(Contract):
    """The rules about one beginning, the closest first. Without `learned_at` nobody knows if there are any."""

    learned_at: UtcDatetime | None = None
    rules: tuple[VinRule, ...] = ()

    @classmethod
    def about(cls, beginning: str, learned: Learned, learned_at: UtcDatetime | None) -> Self:
        found = (learned.rules.get(beginning[:length]) for length in PREFIXES)
        return cls(learned_at=learned_at, rules=tuple(VinRule.of(rule) for rule in found if rule))

    def as_learned(self) -> Learned:
        return Learned({one.prefix: one.as_rule() for one in self.rules})
