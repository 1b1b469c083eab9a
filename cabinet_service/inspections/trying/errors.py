"""Why no time passes."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class OnlyInSandbox(Problem):
    status = HTTPStatus.CONFLICT
    code = "only_in_sandbox"
    en = "This is possible in the sandbox only: here time passes by itself."
    ru = "Это возможно только в песочнице: здесь время идёт само."


class ClockStands(Problem):
    status = HTTPStatus.CONFLICT
    code = "clock_stands"
    en = "The experts are not at work on this inspection, so it has no clock to move."
    ru = "Эксперты сейчас не работают над этой проверкой, поэтому её часы перевести нельзя."
