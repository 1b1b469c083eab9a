"""Why nobody is reminded."""

from http import HTTPStatus

from service_kit.http.problems import Language, Problem


class NobodyToRemind(Problem):
    status = HTTPStatus.CONFLICT
    code = "nobody_to_remind"
    en = "This check waits for nobody at the car: there is nobody to remind."
    ru = "Эта проверка не ждёт никого у машины: напоминать некому."


class RemindedLately(Problem):
    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "reminded_lately"
    en = "A reminder of this car went out within the last hour. The next one can go in {minutes} min."
    ru = "Об этой машине уже напоминали в последний час. Следующий раз можно через {minutes} мин."

    def __init__(self, *, retry_after: int) -> None:
        """`retry_after` is in seconds."""
        super().__init__(headers={"Retry-After": str(retry_after)}, retry_after=retry_after)

    def text(self, language: Language) -> str:
        minutes = -(-int(self.params["retry_after"]) // 60)
        return (self.ru if language == "ru" else self.en).format(minutes=minutes)
