"""What can be wrong with a resumable upload, beside what can be wrong with a photo."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from service_kit.http.problems import Language, Problem, again


class TusVersion(Problem):
    status = HTTPStatus.PRECONDITION_FAILED
    code = "tus_version"
    en = "Uploads follow tus {version}; the request has to say so in `Tus-Resumable`."
    ru = "Отправка идёт по протоколу tus {version}; запрос должен назвать его в `Tus-Resumable`."


class BadUploadHeader(Problem):
    status = HTTPStatus.BAD_REQUEST
    code = "bad_upload_header"
    en = "The header `{header}` is missing or not as the tus protocol has it."
    ru = "Заголовка `{header}` нет, либо он не такой, как требует протокол tus."


class ChecksumNotOffered(Problem):
    status = HTTPStatus.BAD_REQUEST
    code = "checksum_not_offered"
    en = "Checksums by this algorithm are not taken; {offered} are."
    ru = "Контрольные суммы по этому алгоритму не принимаются; подойдут {offered}."


class UploadNotOffered(Problem):
    status = HTTPStatus.BAD_REQUEST
    code = "upload_not_offered"
    en = "The tus extension `{extension}` is not offered here; these are: {offered}."
    ru = "Расширение tus `{extension}` здесь не поддерживается; поддерживаются: {offered}."


class UploadOffset(Problem):
    """Somebody else was faster, or the last answer got lost: ask where to go on from."""

    status = HTTPStatus.CONFLICT
    code = "upload_offset"
    en = "We hold {held} bytes of this upload; go on from there."
    ru = "У нас уже {held} байт этого файла; продолжайте с этого места."


class UploadChecksum(Problem):
    status = 460  # of the checksum extension
    code = "upload_checksum"
    en = "The bytes changed on their way; nothing of this part was kept. Please send it again."
    ru = "По пути данные исказились, эта часть не принята. Отправьте её ещё раз."


class UploadOverrun(Problem):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "upload_overrun"
    en = "More bytes came than the {size} that were announced; nothing of this part was kept."
    ru = "Пришло больше {size} байт, которые были объявлены; эта часть не принята."


class UploadOver(Problem):
    """`problem` is the one that an upload was refused with, as `GET /uploads/{id}` shows it."""

    status = HTTPStatus.GONE
    code = "upload_over"
    en = "This upload is over. If the photo is still needed, begin a new one."
    ru = "Эта отправка завершена. Если снимок ещё нужен, начните новую."

    def text(self, language: Language) -> str:
        kept = self.params["problem"]
        general = super().text(language)
        return general if kept is None else f"{reason(kept, language)} {general}"


def reason(kept: Mapping[str, Any], language: Language) -> str:
    """Why the photo was refused, in words: those of the problem that is kept of it."""
    refusal = again(kept["code"], kept["params"]) or PhotoNotTaken()
    return refusal.text(language)


class PhotoNotTaken(Problem):
    """Stands for a refusal that there are no words for any more."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "photo_not_taken"
    en = "This photo was not taken. Please take it again."
    ru = "Этот снимок не принят. Снимите ещё раз."


class TooManyUploads(Problem):
    status = HTTPStatus.CONFLICT
    code = "too_many_uploads"
    en = "You have {most} uploads under way; finish or delete some of them first."
    ru = "У вас уже {most} незавершённых отправок; сначала завершите или удалите часть из них."
