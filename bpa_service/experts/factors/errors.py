"""What can go wrong with second factors."""

from http import HTTPStatus
from typing import Final

from service_kit.http.problems import Problem

# By what a second factor can be shown where a code is asked for.
METHODS: Final = ("totp", "recovery_code")


class CodeRequired(Problem):
    """Of somebody signed in; not a 401, or a browser would take their session for ended."""

    status = HTTPStatus.FORBIDDEN
    code = "second_factor_required"
    en = "Please enter the code of your authenticator app as well."
    ru = "Введите ещё и код из приложения-аутентификатора."


class SecondFactorRequired(CodeRequired):
    """Of somebody who signs in."""

    status = HTTPStatus.UNAUTHORIZED


class CodeWrong(Problem):
    """Of somebody signed in."""

    status = HTTPStatus.FORBIDDEN
    code = "second_factor_wrong"
    en = "This code is wrong, or was used already. Please wait for the next one."
    ru = "Код неверный или уже использован. Дождитесь следующего."


class SecondFactorWrong(CodeWrong):
    """Of somebody who signs in."""

    status = HTTPStatus.UNAUTHORIZED


class EnrolmentRequired(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "second_factor_enrolment_required"
    en = "Before anything else, please set up an authenticator app for your sign-in."
    ru = "Сначала подключите приложение-аутентификатор для входа."


class NoEnrolment(Problem):
    status = HTTPStatus.CONFLICT
    code = "no_second_factor_enrolment"
    en = "No authenticator app is being set up. Please start again."
    ru = "Приложение-аутентификатор сейчас не подключается. Начните заново."


class OwnSecondFactors(Problem):
    status = HTTPStatus.CONFLICT
    code = "own_second_factors"
    en = "Nobody resets their own second factors: another administrator has to."
    ru = "Свой второй фактор не сбрасывают: это делает другой администратор."
