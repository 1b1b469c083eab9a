"""What can go wrong with evidence."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class EvidenceNotReady(Problem):
    status = HTTPStatus.NOT_FOUND
    code = "evidence_not_ready"
    en = "The photo is still being checked; until then it is given to nobody. Please ask again in a moment."
    ru = "Снимок ещё проверяется, до этого его никому не отдают. Попробуйте через мгновение."


class OriginalAwaited(Problem):
    status = HTTPStatus.NOT_FOUND
    code = "original_awaited"
    en = (
        "Only a copy of the photo has come so far; the original is on its way. You are told when it is there."
    )
    ru = "Пока пришла только уменьшенная копия снимка, оригинал ещё в пути. Мы сообщим, когда он придёт."


class EvidenceWithheld(Problem):
    status = HTTPStatus.NOT_FOUND
    code = "evidence_withheld"
    en = "This photo cannot be opened, so it is given to nobody. The client has to take it again."
    ru = "Этот снимок не открывается, поэтому его никому не отдают. Клиенту нужно его переснять."


class EvidenceAway(Problem):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "evidence_unavailable"
    en = "The photos are out of reach for a moment: the service that keeps them does not answer. Try again."
    ru = "Фотографии временно недоступны: не отвечает сервис, который их хранит. Попробуйте ещё раз."
