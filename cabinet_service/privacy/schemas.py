"""Bodies of the API of one's own data."""

from datetime import datetime

from service_kit.http.schemas import ApiOutput


class ErasureOut(ApiOutput):
    """One is signed out everywhere; the rest is erased within minutes, in both services."""

    requested_at: datetime
