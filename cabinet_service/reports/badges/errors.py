"""Why a badge is not made."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class BadgeNotPossible(Problem):
    status = HTTPStatus.CONFLICT
    code = "badge_not_possible"
    en = (
        "A badge tells of a car that was checked by its VIN or frame number, where no signs of altered markings "
        "were seen and no dispute is under way. This answer is not such a one."
    )
    ru = (
        "Значок рассказывает о машине, которую проверили по VIN или номеру кузова, если признаков изменения "
        "маркировки не увидели и спора нет. Этот ответ не такой."
    )
