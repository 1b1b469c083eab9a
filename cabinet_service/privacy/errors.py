"""What can go wrong with taking one's data along."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class ExportNotReady(Problem):
    status = HTTPStatus.CONFLICT
    code = "export_not_ready"
    en = "There is no file. While it is being made, please try again in a minute."
    ru = "Файла нет. Если он ещё готовится, попробуйте через минуту."


class ExportExpired(Problem):
    status = HTTPStatus.GONE
    code = "export_expired"
    en = "This file was kept for {days} days. You can ask for a new one."
    ru = "Этот файл хранился {days} дней. Можно запросить новый."
