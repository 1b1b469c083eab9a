"""Why an exemplar is not taken, or not changed."""

from http import HTTPStatus
from typing import Any, Final

from bpa_service.exemplars.picture_process import PictureRefused
from service_kit.http.problems import Problem


class ExemplarKnown(Problem):
    status = HTTPStatus.CONFLICT
    code = "exemplar_known"
    en = "This very picture is in the reference base already."
    ru = "Именно этот снимок уже есть среди образцов."


class ExemplarRetired(Problem):
    status = HTTPStatus.CONFLICT
    code = "exemplar_retired"
    en = "The exemplar was retired. It stays for the findings that point to it, and is not changed any more."
    ru = "Образец снят с учёта. Он остаётся для находок, которые на него ссылаются, и больше не меняется."


class PictureEmpty(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "picture_empty"
    en = "The file is empty. Please choose it again."
    ru = "Файл пустой. Выберите его ещё раз."


class PictureTooLarge(Problem):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "picture_too_large"
    en = "The file has more than {most} bytes. Please send the picture at a lower resolution."
    ru = "В файле больше {most} байт. Отправьте снимок в меньшем разрешении."


class PictureTypeUnknown(Problem):
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    code = "picture_type_unknown"
    en = "This is no picture that is taken here, whatever its name says. JPEG, PNG and WebP are."
    ru = "Такой файл не подойдёт, как бы он ни назывался. Подойдут JPEG, PNG и WebP."


class PictureTooManyPixels(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "picture_too_many_pixels"
    en = (
        "The picture has {width} x {height} pixels, and {most_pixels} altogether are the most that are taken."
    )
    ru = "В снимке {width} × {height} пикселей, а всего их может быть не больше {most_pixels}."


class PictureUndecodable(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "picture_undecodable"
    en = "The picture cannot be decoded: the file is damaged, or a part of it is missing."
    ru = "Снимок не открывается: файл повреждён, или части его не хватает."


_REFUSALS: Final[dict[str, type[Problem]]] = {
    problem.code: problem
    for problem in (
        PictureEmpty,
        PictureTooLarge,
        PictureTypeUnknown,
        PictureTooManyPixels,
        PictureUndecodable,
    )
}


def problem_of(refusal: PictureRefused) -> Problem:
    """The refusal as whoever sent the picture is told of it."""
    params: dict[str, Any] = dict(refusal.params)
    return _REFUSALS[refusal.code](**params)
