"""Why a spreadsheet is not read, or a job not taken. What is wrong with one row is told with the row."""

from http import HTTPStatus
from typing import Any, Final

from cabinet_service.bulk.sheets import table
from service_kit.decoding import FileRefused
from service_kit.http.problems import Problem


class BulkTooManyRows(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "bulk_too_many_rows"
    en = "One job takes up to {most} cars. Please send the others in another one."
    ru = "За один раз принимаем до {most} машин. Остальные отправьте отдельно."


class BulkNothingToOrder(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "bulk_nothing_to_order"
    en = "There is no car in it that can be ordered: see what is told of each row."
    ru = "Здесь нет ни одной машины, которую можно заказать: причина указана у каждой строки."


class SheetUnreadable(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = table.UNREADABLE
    en = "The file is damaged. Open it once more, save it as XLSX or CSV and try again."
    ru = "Файл повреждён. Откройте его, сохраните заново как XLSX или CSV и попробуйте ещё раз."


class SheetEmpty(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = table.EMPTY
    en = "There is nothing in it: every cell is blank."
    ru = "Здесь пусто: ни одна ячейка не заполнена."


class SheetTooManyRows(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = table.TOO_MANY_ROWS
    en = "One job takes up to {most} cars, and there are more rows. Please divide the file."
    ru = "За один раз принимаем до {most} машин, а строк больше. Разделите файл на части."


class SheetTooManyColumns(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = table.TOO_MANY_COLUMNS
    en = "There are more than {most} columns. Please leave only those that tell of the cars."
    ru = "Столбцов больше {most}. Оставьте только те, где данные о машинах."


class SheetTooLarge(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = table.TOO_LARGE
    en = "There is too much text in it for a list of cars. Please leave only the columns that tell of them."
    ru = "Для списка машин здесь слишком много текста. Оставьте только столбцы с данными о машинах."


class SheetHostile(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = table.HOSTILE
    en = "The file is made as no spreadsheet is. Copy the cells into a new file, or paste them here."
    ru = "Файл устроен не так, как устроены таблицы. Скопируйте ячейки в новый файл или вставьте их сюда."


class SheetOldFormat(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = table.OLD_FORMAT
    en = "This is a workbook of Excel 2003 or older, or one with a password. Save it as XLSX without a password."
    ru = "Это книга Excel 2003 или старше либо файл с паролем. Сохраните её как XLSX без пароля."


class SheetNoTable(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = table.NO_TABLE
    en = "This is no table. XLSX and CSV files can be read, and cells that are pasted."
    ru = "Это не таблица. Подойдут файлы XLSX и CSV или ячейки, вставленные из буфера."


class SheetUnknown(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = table.NO_SUCH_SHEET
    en = "The workbook has no visible sheet of that name."
    ru = "В книге нет видимого листа с таким названием."


_OF_SHEETS: Final[tuple[type[Problem], ...]] = (
    *(SheetUnreadable, SheetEmpty, SheetTooManyRows, SheetTooManyColumns, SheetTooLarge),
    *(SheetHostile, SheetOldFormat, SheetNoTable, SheetUnknown),
)
_BY_CODE: Final = {problem.code: problem for problem in _OF_SHEETS}


def problem_of(refusal: FileRefused) -> Problem:
    """The refusal of a file as the client is told of it."""
    figures: dict[str, Any] = refusal.params
    return _BY_CODE[refusal.code](**figures)
