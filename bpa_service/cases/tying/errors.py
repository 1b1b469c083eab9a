"""Why two cases are not tied."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class TiedToItself(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "tied_to_itself"
    en = "A case is tied to another one, not to itself."
    ru = "Дело связывают с другим делом, а не с ним самим."


class TooManyTies(Problem):
    """`most` is how many others a case can be tied to."""

    status = HTTPStatus.CONFLICT
    code = "too_many_ties"
    en = "A case is tied to {most} others at most."
    ru = "Дело связывают не больше чем с {most} другими."
