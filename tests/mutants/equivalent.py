"""Mutants that no test can tell from the original, and why. They do not count."""

from typing import Final

_ALWAYS: Final = "_changed\n- case {0} if actor is not None:\n+ case {0} if True:"

EQUIVALENT: Final[dict[str, dict[str, str]]] = {
    "bpa_service/cases/core/domain.py": dict.fromkeys(
        ("RULES[amend] with queued", "RULES[amend] with in_work"),
        "what was never answered is refused an amendment for that, with the same refusal",
    )
    | dict.fromkeys(
        map(_ALWAYS.format, ("Act.CLAIM | Act.HEARTBEAT", "Act.ASK_SECOND_OPINION")),
        "who comes without an actor has been refused before; it tells the type checker so",
    )
    | {
        "Refused.__init__\n- super().__init__(refusal)\n+ pass": (
            "an exception has the arguments that it is made with before it is initialised"
        ),
    },
    "bpa_service/sla/domain.py": {
        "due_hours\n- if clock.stopped_at is not None:\n+ if False:": (
            "nothing pauses a stopped clock, so nothing is written; it saves the walk through every night since"
        ),
    },
}
