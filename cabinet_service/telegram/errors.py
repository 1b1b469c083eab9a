"""What can go wrong with chats."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class TelegramNotOffered(Problem):
    status = HTTPStatus.CONFLICT
    code = "telegram_not_offered"
    en = "There is no Telegram bot here."
    ru = "Бота в Telegram здесь нет."
