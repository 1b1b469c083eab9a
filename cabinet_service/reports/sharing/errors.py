"""Why a link is not made, and why it shows nothing.

That a link has ended, and how, learns only who has it: nobody comes upon 192 bits by trying.
"""

from http import HTTPStatus

from service_kit.http.problems import Problem


class TooManyShares(Problem):
    status = HTTPStatus.CONFLICT
    code = "too_many_shares"
    en = (
        "This inspection has {most} links that work, and can have no more. Please end one that is not needed."
    )
    ru = "У этой проверки уже {most} действующих ссылок, больше нельзя. Закройте ту, которая не нужна."


class ShareUnknown(Problem):
    status = HTTPStatus.NOT_FOUND
    code = "share_unknown"
    en = "There is no such link. Most likely a part of it was lost on the way: please ask for it again."
    ru = "Такой ссылки нет. Скорее всего, её часть потерялась по дороге: попросите прислать её ещё раз."


class ShareExpired(Problem):
    status = HTTPStatus.GONE
    code = "share_expired"
    en = "This link is out of date. Whoever gave it to you can make a new one."
    ru = "Срок этой ссылки вышел. Тот, кто её дал, может сделать новую."


class ShareRevoked(Problem):
    status = HTTPStatus.GONE
    code = "share_revoked"
    en = "This link was ended by whoever gave it out."
    ru = "Эту ссылку закрыл тот, кто её дал."


class ShareErased(Problem):
    status = HTTPStatus.GONE
    code = "share_erased"
    en = "What this link showed was erased at its owner's wish."
    ru = "То, что показывала эта ссылка, удалено по желанию владельца."


class ShareCodeRequired(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "share_code_required"
    en = "This link asks for a code. Whoever gave it to you knows it."
    ru = "Эта ссылка открывается по коду. Его знает тот, кто дал ссылку."


class ShareCodeWrong(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "share_code_wrong"
    en = "That code does not fit. Tries left before a pause: {tries_left}."
    ru = "Код не подошёл. Попыток до паузы: {tries_left}."


class ShareCodeLocked(Problem):
    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "share_code_locked"
    en = "The code was wrong too often. It can be entered again in {minutes} min."
    ru = "Код слишком часто вводили неверно. Ввести его снова можно через {minutes} мин."
