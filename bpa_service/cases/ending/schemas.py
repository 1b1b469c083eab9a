"""Giving up as the API speaks of it."""

from service_kit.http.schemas import ApiInput, LongText, ShortText


class Unprocessable(ApiInput):
    """`reason` is a word for programs, e.g. `not_a_vehicle`; `note` is for the client."""

    reason: ShortText
    note: LongText | None = None
