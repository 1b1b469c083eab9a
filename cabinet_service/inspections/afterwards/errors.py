"""Why something cannot be said of an answer."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class RatingSettled(Problem):
    status = HTTPStatus.CONFLICT
    code = "rating_settled"
    en = "You rated this answer more than a week ago; the rating stays as it is."
    ru = "Вы оценили этот ответ больше недели назад, оценка остаётся такой, какая есть."
