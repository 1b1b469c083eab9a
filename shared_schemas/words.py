"""The closed vocabularies that both services share (`docs/domain.md` explains each word)."""

from enum import StrEnum


class IdentifierKind(StrEnum):
    """How a vehicle is named: a 17-character VIN, a Japanese frame or other body number, or a plate."""

    VIN = "vin"
    FRAME = "frame"
    PLATE = "plate"


class Shot(StrEnum):
    """One asked-for photo of a capture plan."""

    VIN_STAMPED = "vin_stamped"
    VIN_PLATE = "vin_plate"
    DOOR_STICKER = "door_sticker"
    WINDSHIELD_VIN = "windshield_vin"
    ENGINE_NUMBER = "engine_number"
    GLASS_MARKS = "glass_marks"
    SEAT_BELT_TAG = "seat_belt_tag"
    ODOMETER = "odometer"
    FRONT = "front"
    REAR = "rear"
    DOCUMENTS = "documents"
    OTHER = "other"


class ShotAnswer(StrEnum):
    """What a client says of a shot in place of a photo, or beside one of where the thing should be."""

    NOT_FOUND = "not_found"
    UNREADABLE = "unreadable"
    NOT_ALLOWED = "not_allowed"


class Original(StrEnum):
    """Whether the untouched file of a photo is there. While it is `awaited` a small copy stands for it."""

    AWAITED = "awaited"
    HELD = "held"


class CapturedAtSource(StrEnum):
    """Whose word it is when a photo was taken. `exif`: the camera's, with its zone. `exif_local`: the camera's
    without a zone: what its clock showed, and no instant. `device`: the time of the file on the client's device.
    """

    EXIF = "exif"
    EXIF_LOCAL = "exif_local"
    DEVICE = "device"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What a decision says of the car."""

    CLEAN = "clean"
    DOUBTS = "doubts"
    FORGERY_SIGNS = "forgery_signs"
    INSUFFICIENT_DATA = "insufficient_data"


class Deal(StrEnum):
    """What the client did once they had the answer. `price_changed`: they bought it for less."""

    BOUGHT = "bought"
    NOT_BOUGHT = "not_bought"
    PRICE_CHANGED = "price_changed"
    THINKING = "thinking"


class AnswerProved(StrEnum):
    """What the answer proved to be, as the client says: right, by whose word, or wrong."""

    BY_REGISTRATION = "by_registration"
    BY_POLICE = "by_police"
    BY_SERVICE = "by_service"
    WRONG = "wrong"
    UNKNOWN = "unknown"


class InspectionState(StrEnum):
    """States of an inspection. The case has the same ones from `queued` on; `domain.md` draws them."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    QUEUED = "queued"
    IN_WORK = "in_work"
    WAITING_CLIENT = "waiting_client"
    SECOND_OPINION = "second_opinion"
    ANSWERED = "answered"
    DISPUTED = "disputed"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    UNPROCESSABLE = "unprocessable"
    EXPIRED = "expired"


class DeclineReason(StrEnum):
    """Why a client cannot fulfil an info task. Promised as it is: what came later is a DeclineDetail."""

    NO_ACCESS = "no_access"
    NOT_FOUND = "not_found"
    CAR_GONE = "car_gone"
    OTHER = "other"


class DeclineDetail(StrEnum):
    """Which of the reasons `other` is, where the client said more than the promised ones can."""

    UNREADABLE = "unreadable"
