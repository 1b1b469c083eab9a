"""What can go wrong with chats."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class SignInLinkOver(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "sign_in_link_over"
    en = "This link was used, or its five minutes are over. Send the bot /signin again."
    ru = "Эта ссылка уже сработала, или её пять минут прошли. Отправьте боту /signin ещё раз."
