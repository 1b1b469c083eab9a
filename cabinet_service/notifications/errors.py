"""What can go wrong with notifications."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class NoSuchChannel(Problem):
    status = HTTPStatus.CONFLICT
    code = "no_such_channel"
    en = "Nothing can be sent to you this way."
    ru = "Так до вас ничего не дойдёт."
