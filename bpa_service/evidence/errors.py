"""What can go wrong with evidence."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class EvidenceAway(Problem):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "evidence_unavailable"
    en = "The photos are out of reach for a moment: the service that keeps them does not answer. Try again."
    ru = "Фотографии временно недоступны: не отвечает сервис, который их хранит. Попробуйте ещё раз."
