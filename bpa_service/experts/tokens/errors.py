"""Why a token is not made."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class TooManyTokens(Problem):
    status = HTTPStatus.CONFLICT
    code = "too_many_tokens"
    en = "You have {most} tokens that work, and can have no more. Please end one that is not needed."
    ru = "У вас уже {most} действующих токенов, больше нельзя. Отзовите тот, который не нужен."
