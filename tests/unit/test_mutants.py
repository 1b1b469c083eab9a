"""What `make mutants` puts into the rules: faults in tables and in functions, and nothing where no rule is."""

from typing import Any, Final

from tests.mutants import source, tables
from tests.mutants.mutant import Mutant

MODULE: Final = """
from enum import StrEnum
from typing import Final

class Light(StrEnum):
    RED = "red"
    AMBER = "amber"
    GREEN = "green"

GOES: Final = frozenset({Light.GREEN})
NEXT: Final = {Light.RED: Light.GREEN, Light.GREEN: Light.AMBER}
_MADE_OF: Final = frozenset({Light.RED})

def may_go(light: Light | None, waited: int) -> bool:
    return light in GOES or waited > 60
"""


def loaded(mutant: Mutant | None = None) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": "lights"}
    exec(mutant.source if mutant else MODULE, namespace)
    if mutant:
        mutant.change(namespace)
    return namespace


def test_a_table_loses_and_gains_each_entry_and_leads_elsewhere() -> None:
    made = {mutant.says: loaded(mutant) for mutant in tables.mutants(MODULE, loaded())}

    assert {says: {*map(str, namespace["GOES"])} for says, namespace in made.items() if "GOES" in says} == {
        "GOES with red": {"red", "green"},
        "GOES with amber": {"amber", "green"},
        "GOES without green": set[str](),
    }
    assert {says for says in made if "NEXT" in says} == {
        "NEXT with amber",
        "NEXT without red",
        "NEXT without green",
        "NEXT red to amber",
        "NEXT green to green",
    }
    assert made["NEXT red to amber"]["NEXT"] == {"red": "amber", "green": "amber"}
    assert not [says for says in made if "_MADE_OF" in says]


def test_a_function_gets_a_fault_at_a_time_and_says_which() -> None:
    namespace = loaded()
    made = [*source.mutants(MODULE, namespace, tables.lines_of(MODULE, namespace))]

    changes = {
        mutant.says.rpartition("+ return ")[2] for mutant in made if mutant.says.startswith("may_go\n")
    }
    assert changes == {
        "None",
        "(light in GOES and waited > 60)",
        "(light in GOES)",
        "(waited > 60)",
        "(light not in GOES) or waited > 60",
        "light in GOES or (waited >= 60)",
        "light in GOES or (waited <= 60)",
        "light in GOES or waited > 61",
    }
    others = {mutant.says.rpartition("+ ")[2] for mutant in made if not mutant.says.startswith("may_go\n")}
    assert others == {
        "_MADE_OF: Final = frozenset({Light.AMBER})",
        "_MADE_OF: Final = frozenset({*()})",
    }
    at_the_edge = next(mutant for mutant in made if ">= 60" in mutant.says)
    assert loaded(at_the_edge)["may_go"](None, 60)
    assert not namespace["may_go"](None, 60)
