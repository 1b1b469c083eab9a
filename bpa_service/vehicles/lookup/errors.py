"""What may be wrong with looking a vehicle up."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class NoNumberOfAVehicle(Problem):
    """It is none of its kind, hides characters, or belongs to no car: what is found by it is of others."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "no_number_of_a_vehicle"
    en = "No vehicle can be looked up by this number: it is incomplete, malformed, or belongs to no car."
    ru = "По этому номеру ТС не найти: он неполный, составлен неверно или не принадлежит ни одной машине."
