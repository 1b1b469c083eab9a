"""Why a history is not ordered."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class NumberUnfit(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "number_unfit"
    en = "Nothing can be looked up by this number: it is not whole, or something in it is wrong."
    ru = "По этому номеру искать нечего: он неполный или с ошибкой."
