"""Why a source is not asked."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class SourceNotAsked(Problem):
    status = HTTPStatus.CONFLICT
    code = "source_not_asked"
    en = "The source {source} is not turned on here."
    ru = "Источник {source} здесь не подключён."


class NumberNotTaken(Problem):
    status = HTTPStatus.CONFLICT
    code = "number_not_taken"
    en = "The source {source} cannot be asked by any number that is known of this car."
    ru = "Источник {source} нельзя спросить ни по одному из известных номеров этой машины."
