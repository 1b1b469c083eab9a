"""What can go wrong with consents."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class ConsentRequired(Problem):
    status = HTTPStatus.CONFLICT
    code = "consent_required"
    en = "This cannot be sent without your consent to the documents in force. Your draft is kept as it is."
    ru = "Чтобы отправить, нужно ваше согласие с действующими документами. Черновик сохранён как есть."


class ConsentOutdated(Problem):
    status = HTTPStatus.CONFLICT
    code = "consent_outdated"
    en = "The text has changed meanwhile: version {version} is in force. Please read it."
    ru = "Текст тем временем изменился: действует версия {version}. Прочитайте её."


class ConsentNotGiven(Problem):
    status = HTTPStatus.CONFLICT
    code = "consent_not_given"
    en = "There is no consent to withdraw."
    ru = "Отзывать нечего: согласия нет."
