"""Why a file is not taken as a logo, in words that help."""

from http import HTTPStatus
from typing import Any, Final

from cabinet_service.companies.logos import refusal
from service_kit.decoding import FileRefused
from service_kit.http.problems import Problem


class LogoUnreadable(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = refusal.UNREADABLE
    en = "The picture cannot be opened: it is damaged, moves, or holds something else. Please save it as PNG."
    ru = "Картинка не открывается: она повреждена, анимирована или содержит что-то ещё. Сохраните её как PNG."


class LogoTypeUnknown(Problem):
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    code = refusal.TYPE_UNKNOWN
    en = "This is no picture that can be a logo, whatever its name says. PNG, JPEG and WebP are taken."
    ru = "Такой файл не может быть логотипом, как бы он ни назывался. Подойдут PNG, JPEG и WebP."


class LogoTooLarge(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = refusal.TOO_LARGE
    en = "The picture has {width} x {height} pixels; at most {most} a side are taken."
    ru = "В картинке {width} × {height} пикселей, а принимаем мы не больше {most} по стороне."


class LogoTooSmall(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = refusal.TOO_SMALL
    en = "The picture has {width} x {height} pixels; with fewer than {least} a side it cannot be printed."
    ru = "В картинке {width} × {height} пикселей; если сторона меньше {least}, её не напечатать."


_BY_CODE: Final[dict[str, type[Problem]]] = {
    one.code: one for one in (LogoUnreadable, LogoTypeUnknown, LogoTooLarge, LogoTooSmall)
}


def problem_of(refused: FileRefused) -> Problem:
    """The refusal as the client is told about it."""
    params: dict[str, Any] = dict(refused.params)
    return _BY_CODE[refused.code](**params)
