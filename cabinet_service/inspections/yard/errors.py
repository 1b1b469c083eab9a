"""Why a link is not given, and why it opens nothing.

What became of a link learns only who has it: nobody comes upon 192 bits by trying. Each is a 401, as of a sign-in
that has ended: whatever the request was, it is not refused for good but for want of a link that works.
"""

from http import HTTPStatus

from service_kit.http.problems import Problem


class TooManyYardLinks(Problem):
    status = HTTPStatus.CONFLICT
    code = "too_many_yard_links"
    en = "This car has {most} links that work, and can have no more. Please end one that is not needed."
    ru = "У этой машины уже {most} действующих ссылок, больше нельзя. Закройте ту, которая не нужна."


class YardLinkUnknown(Problem):
    status = HTTPStatus.UNAUTHORIZED
    code = "yard_link_unknown"
    en = "There is no such link. Most likely a part of it was lost on the way: please ask for it again."
    ru = "Такой ссылки нет. Скорее всего, её часть потерялась по дороге: попросите прислать её ещё раз."


class YardLinkExpired(Problem):
    status = HTTPStatus.UNAUTHORIZED
    code = "yard_link_expired"
    en = "This link is out of date. Whoever gave it to you can give a new one."
    ru = "Срок этой ссылки вышел. Тот, кто её дал, может дать новую."


class YardLinkRevoked(Problem):
    status = HTTPStatus.UNAUTHORIZED
    code = "yard_link_revoked"
    en = "This link was ended by whoever gave it."
    ru = "Эту ссылку закрыл тот, кто её дал."


class YardLinkOver(Problem):
    status = HTTPStatus.UNAUTHORIZED
    code = "yard_link_over"
    en = "Nothing more is needed at this car: the check is over."
    ru = "По этой машине больше ничего не нужно: проверка завершена."
