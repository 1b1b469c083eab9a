"""What can be wrong with a resumable upload, beside what can be wrong with a photo."""

from http import HTTPStatus

from service_kit.http.problems import Problem


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
    status = HTTPStatus.GONE
    code = "upload_over"
    en = "This upload is over ({state}). If the photo is still needed, begin a new one."
    ru = "Эта отправка завершена ({state}). Если снимок ещё нужен, начните новую."


class TooManyUploads(Problem):
    status = HTTPStatus.CONFLICT
    code = "too_many_uploads"
    en = "You have {most} uploads under way; finish or delete some of them first."
    ru = "У вас уже {most} незавершённых отправок; сначала завершите или удалите часть из них."
