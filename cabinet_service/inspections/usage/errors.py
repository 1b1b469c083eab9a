"""Why there is no register."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class MonthNotUnderstood(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "month_not_understood"
    en = "A month is written as 2026-11."
    ru = "Месяц пишется так: 2026-11."


class RegisterTooLong(Problem):
    status = HTTPStatus.CONFLICT
    code = "register_too_long"
    en = "That month has more than {most} checks. Please take the register branch by branch."
    ru = "В этом месяце больше {most} проверок. Скачайте реестр по филиалам."
