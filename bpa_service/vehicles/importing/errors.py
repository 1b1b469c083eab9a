"""Why a file is not taken, or an import not undone."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class NoPlaceForRecords(Problem):
    status = HTTPStatus.CONFLICT
    code = "no_place_for_records"
    en = "Vehicle records are not kept here: that takes BPA_CLICKHOUSE_URL and BPA_IMPORTS_DIR."
    ru = "Здесь не хранят записи об автомобилях: нужно задать BPA_CLICKHOUSE_URL и BPA_IMPORTS_DIR."


class FileEmpty(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "import_file_empty"
    en = "The file is empty. Please choose it again."
    ru = "Файл пустой. Выберите его ещё раз."


class FileTooLarge(Problem):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "import_file_too_large"
    en = "The file has more than {most} bytes. Pack it (ZIP or GZIP), or put it into the drop folder."
    ru = "В файле больше {most} байт. Сожмите его (ZIP или GZIP) или положите в папку для импорта."


class StorageFull(Problem):
    status = HTTPStatus.INSUFFICIENT_STORAGE
    code = "storage_full"
    en = "There is no room for the file at the moment. Nothing of it was kept; please try again later."
    ru = "Для файла сейчас нет места. Ничего из него не сохранено; попробуйте позже."


class AsOfInFuture(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "as_of_in_future"
    en = "The file cannot say how things stood on a day that is still to come."
    ru = "Файл не может говорить о дне, который ещё не наступил."


class ImportFileKnown(Problem):
    """`import_id` names the run."""

    status = HTTPStatus.CONFLICT
    code = "import_file_known"
    en = "This very file, as of this day, waits already or was imported."
    ru = "Именно этот файл на эту дату уже ждёт своей очереди или импортирован."


class ImportLineFull(Problem):
    status = HTTPStatus.CONFLICT
    code = "import_line_full"
    en = "{limit} files of this source wait already, and that is the most. Send this one when they are fewer."
    ru = "У этого источника в очереди уже {limit} файлов, больше нельзя. Отправьте этот, когда их станет меньше."


class ImportNotWaiting(Problem):
    status = HTTPStatus.CONFLICT
    code = "import_not_waiting"
    en = "The import has begun or is over. Once it is there, it can be undone."
    ru = "Импорт уже начался или закончен. Когда он завершится, его можно отменить."


class ImportNotPublished(Problem):
    status = HTTPStatus.CONFLICT
    code = "import_not_published"
    en = "There is nothing to undo: the import brought nothing, or was undone before."
    ru = "Отменять нечего: импорт ничего не добавил или уже отменён."


class ImportNotNewest(Problem):
    status = HTTPStatus.CONFLICT
    code = "import_not_newest"
    en = "A later import of the source builds on this one. Undo that first."
    ru = "На этом импорте основан более поздний. Сначала отмените его."


class SourceBusy(Problem):
    """`import_id` names the run that has the source, `who` began it, `since` is an instant in UTC."""

    status = HTTPStatus.CONFLICT
    code = "source_busy"
    en = "Another file of this source is being imported or undone: “{file}”, {who}, since {since}. Please wait."
    ru = "Другой файл этого источника сейчас импортируется или отменяется: «{file}», {who}, с {since}. Подождите."
