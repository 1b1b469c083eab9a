"""What can go wrong with templates and checks."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class UnknownVariable(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "unknown_variable"
    en = "“{names}” cannot be filled in. A template may use {known}."
    ru = "Подставить «{names}» нельзя. В шаблоне можно использовать {known}."


class PlaybookFull(Problem):
    status = HTTPStatus.CONFLICT
    code = "playbook_full"
    en = "There are {limit} of them already, and that is the most. Remove one first."
    ru = "Их уже {limit}, больше нельзя. Сначала уберите лишнее."
