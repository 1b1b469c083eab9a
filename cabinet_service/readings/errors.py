"""Why a photo is not looked at now."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class ReaderBusy(Problem):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "reader_busy"
    en = "Many photos are being read right now. Try again in a few seconds, or type the number."
    ru = "Сейчас читается много снимков. Попробуйте через несколько секунд или введите номер вручную."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "5"})
