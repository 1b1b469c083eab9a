"""What can go wrong with chats in MAX."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class MaxNotOffered(Problem):
    status = HTTPStatus.CONFLICT
    code = "max_not_offered"
    en = "There is no bot in MAX here."
    ru = "Бота в MAX здесь нет."
