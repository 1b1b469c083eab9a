"""What can go wrong with people and sign-ins."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class WrongCredentials(Problem):
    status = HTTPStatus.UNAUTHORIZED
    code = "wrong_credentials"
    en = "The login or the password is wrong."
    ru = "Неверный логин или пароль."


class AccountInactive(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "account_inactive"
    en = "This account was switched off. Please turn to your administrator."
    ru = "Эта учётная запись отключена. Обратитесь к администратору."


class LoginTaken(Problem):
    status = HTTPStatus.CONFLICT
    code = "login_taken"
    en = "Somebody else has the login {login}."
    ru = "Логин {login} уже занят."


class OwnAccess(Problem):
    status = HTTPStatus.CONFLICT
    code = "own_access"
    en = "Nobody changes their own role or switches themself off: another administrator has to."
    ru = "Свою роль не меняют и себя не отключают: это делает другой администратор."
