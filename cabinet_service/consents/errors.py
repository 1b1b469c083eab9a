"""What can go wrong with consents."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class ConsentRequired(Problem):
    status = HTTPStatus.CONFLICT
    code = "consent_required"
    en = "This cannot be sent without your consent ({document}, version {version}). Your draft is kept as it is."
    ru = "Чтобы отправить, нужно ваше согласие ({document}, версия {version}). Черновик сохранён как есть."


class ConsentOutdated(Problem):
    status = HTTPStatus.CONFLICT
    code = "consent_outdated"
    en = "The text has changed meanwhile: version {version} of {document} is in force. Please read it."
    ru = "Текст тем временем изменился: действует версия {version} документа {document}. Прочитайте её."


class ConsentNotGiven(Problem):
    status = HTTPStatus.CONFLICT
    code = "consent_not_given"
    en = "There is no consent to withdraw ({document})."
    ru = "Отзывать нечего: согласия ({document}) нет."
