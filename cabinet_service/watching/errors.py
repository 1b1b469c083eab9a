"""Why a car is not watched."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class TooManyWatched(Problem):
    status = HTTPStatus.CONFLICT
    code = "too_many_watched"
    en = "You watch {most} cars, and can watch no more. Please stop watching one that you no longer need."
    ru = "Вы уже следите за {most} машинами, больше нельзя. Перестаньте следить за той, которая не нужна."


class CarNotNamed(Problem):
    status = HTTPStatus.CONFLICT
    code = "car_not_named"
    en = "This car cannot be watched: no records can be looked up by its number."
    ru = "За этой машиной нельзя следить: по её номеру записи не найти."
