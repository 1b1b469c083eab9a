"""Why a photo of a case is not kept as an exemplar."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class NotFoundGenuine(Problem):
    status = HTTPStatus.CONFLICT
    code = "case_not_clean"
    en = "Only photos of a car that was answered as genuine are kept as exemplars."
    ru = "Образцом можно оставить только снимок машины, по которой ответили «подлинная»."


class NoMarking(Problem):
    status = HTTPStatus.CONFLICT
    code = "photo_shows_no_marking"
    en = "Only photos of a marking are kept as exemplars: others may show people, papers or number plates."
    ru = "Образцом можно оставить только снимок маркировки: на других бывают люди, документы и госномера."
