"""Why a report could not be set, in a code."""

from typing import Final

from service_kit.decoding import FileRefused

UNSETTABLE: Final = "report_unsettable"


class SetTooLong(Exception):
    """It was not set in time: an error of ours, or the machine is busy."""


class ReportRefused(FileRefused):
    """It cannot be set: an error of ours, as all that people may write can be."""
