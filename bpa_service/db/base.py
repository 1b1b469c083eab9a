"""The declarative base of all tables of bpa."""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from service_kit.tables import COLUMN_TYPES, NAMES


class Base(DeclarativeBase):
    """Times are timestamptz, words are text; constraints have names that migrations can refer to."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = COLUMN_TYPES
