"""What can be in the way of a report."""

from http import HTTPStatus
from typing import Final

from service_kit.http.problems import Problem

RETRY_AFTER: Final = {"Retry-After": "5"}


class ReportNotReady(Problem):
    status = HTTPStatus.NOT_FOUND
    code = "report_not_ready"
    en = "The report is being made. Please ask again in a moment."
    ru = "Отчёт ещё готовится. Попробуйте через мгновение."
