"""Why a photo is not taken or not given out, in words that help."""

from http import HTTPStatus
from typing import Any, Final

from cabinet_service.photos.refusal import PhotoRefused
from service_kit.http.problems import Problem


class PhotoEmpty(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "photo_empty"
    en = "The file is empty. Most likely the upload broke off before it began: please send it again."
    ru = "Файл пустой. Скорее всего, отправка сорвалась в самом начале: отправьте его ещё раз."


class PhotoTooLarge(Problem):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "photo_too_large"
    en = "The file has {size} bytes; at most {most} are taken. Please take the photo at a lower resolution."
    ru = "В файле {size} байт, а принимаем мы не больше {most}. Сделайте снимок в меньшем разрешении."


class PhotoTypeUnknown(Problem):
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    code = "photo_type_unknown"
    en = "This is not a photo that we can read, whatever its name says. JPEG, PNG, WebP and HEIC are taken."
    ru = "Это не снимок, который мы умеем читать, как бы файл ни назывался. Подойдут JPEG, PNG, WebP и HEIC."


class PhotoTruncated(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "photo_truncated"
    en = (
        "A part of the file is missing, as after a broken download. Please send the photo again or retake it."
    )
    ru = "Части файла не хватает, как после прерванной загрузки. Отправьте снимок ещё раз или переснимите."


class PhotoTooSmall(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "photo_too_small"
    en = "The picture has {width} x {height} pixels; nothing can be read from fewer than {least} a side."
    ru = "В снимке {width} × {height} пикселей; если сторона меньше {least}, на нём ничего не разобрать."


class PhotoTooManyPixels(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "photo_too_many_pixels"
    en = (
        "The picture has {width} x {height} pixels. At most {most_pixels} of this kind, and {most_edge} a side, "
        "are taken: please send it at a lower resolution."
    )
    ru = (
        "В снимке {width} × {height} пикселей. Для такого файла предел — {most_pixels} всего и {most_edge} "
        "по стороне: отправьте его в меньшем разрешении."
    )


class PhotoAnimated(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "photo_animated"
    en = "This is an animation. Please send a photo of one moment."
    ru = "Это анимация. Пришлите обычный снимок."


class PhotoPolyglot(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "photo_polyglot"
    en = "The file holds something beside the picture ({found}), so it is not taken. Please retake the photo."
    ru = "Кроме снимка, в файле есть что-то ещё ({found}), поэтому мы его не принимаем. Переснимите, пожалуйста."


class PhotoUndecodable(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "photo_undecodable"
    en = "The picture cannot be decoded: the file is damaged. Please retake the photo."
    ru = "Снимок не открывается: файл повреждён. Переснимите, пожалуйста."


_REFUSALS: Final[dict[str, type[Problem]]] = {
    problem.code: problem
    for problem in (
        PhotoEmpty,
        PhotoTooLarge,
        PhotoTypeUnknown,
        PhotoTruncated,
        PhotoTooSmall,
        PhotoTooManyPixels,
        PhotoAnimated,
        PhotoPolyglot,
        PhotoUndecodable,
    )
}


def problem_of(refusal: PhotoRefused) -> Problem:
    """The refusal as the client is told about it."""
    params: dict[str, Any] = dict(refusal.params)
    return _REFUSALS[refusal.code](**params)


class Sha256Mismatch(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "sha256_mismatch"
    en = "What arrived is not what you sent: its SHA-256 is {received}. Please send the photo again."
    ru = "Пришло не то, что вы отправили: SHA-256 полученного — {received}. Отправьте снимок ещё раз."


class TooManyPhotos(Problem):
    status = HTTPStatus.CONFLICT
    code = "too_many_photos"
    en = "There are {most} photos already, and an inspection takes no more. Nothing that you sent is lost."
    ru = "Здесь уже {most} снимков, больше одна проверка не вмещает. Всё, что вы отправили, сохранено."


class StorageFull(Problem):
    status = HTTPStatus.INSUFFICIENT_STORAGE
    code = "storage_full"
    en = "We have no room for the photo right now and are told about it. Please send it again in a few minutes."
    ru = "Сейчас у нас нет места для снимка, мы уже об этом знаем. Отправьте его ещё раз через несколько минут."


class PreviewNotReady(Problem):
    status = HTTPStatus.NOT_FOUND
    code = "preview_not_ready"
    en = "The preview is being made. Please ask again in a moment."
    ru = "Уменьшенная копия ещё готовится. Попробуйте через мгновение."


class PreviewFailed(Problem):
    status = HTTPStatus.NOT_FOUND
    code = "preview_failed"
    en = "There is no preview, because this photo cannot be opened. The original is kept as it was sent."
    ru = "Уменьшенной копии нет: этот снимок не открывается. Оригинал хранится таким, каким вы его прислали."


class OriginalAwaited(Problem):
    status = HTTPStatus.NOT_FOUND
    code = "original_awaited"
    en = "Only a copy of the photo has come so far. The original is on its way."
    ru = "Пока пришла только уменьшенная копия снимка. Оригинал ещё в пути."


class OriginalNotReady(Problem):
    status = HTTPStatus.NOT_FOUND
    code = "original_not_ready"
    en = "The photo is still being checked; until then it is given to nobody. Please ask again in a moment."
    ru = "Снимок ещё проверяется, до этого мы его никому не отдаём. Попробуйте через мгновение."


class OriginalWithheld(Problem):
    status = HTTPStatus.NOT_FOUND
    code = "original_withheld"
    en = "This photo cannot be opened, so it is given to nobody. Please retake it."
    ru = "Этот снимок не открывается, поэтому мы его никому не отдаём. Переснимите, пожалуйста."


class LinkRefused(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "link_refused"
    en = "This link has expired or was changed. Ask for a new one."
    ru = "Ссылка устарела или изменена. Запросите новую."
