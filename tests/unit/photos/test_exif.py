"""EXIF from bytes that may be anything."""

import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cabinet_service.photos.exif import ExifFacts, read_exif

NOTHING = ExifFacts()


def written(details: dict[int, object] | None = None, gps: dict[int, object] | None = None) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8769).update(details or {})
    exif.get_ifd(0x8825).update(gps or {})
    return exif.tobytes().removeprefix(b"Exif\0\0")


def big_endian(*entries: tuple[int, int, int, bytes]) -> bytes:
    """A directory of inline values in Motorola order: (tag, type, count, four bytes)."""
    rows = b"".join(struct.pack(">HHI4s", *entry) for entry in entries)
    return b"MM\0*\0\0\0\x08" + struct.pack(">H", len(entries)) + rows + bytes(4)


def test_both_byte_orders_are_read() -> None:
    assert read_exif(written()).orientation == 6
    assert read_exif(big_endian((0x0112, 3, 1, b"\0\x08\0\0"))).orientation == 8


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_orientation_that_does_not_exist_is_upright(value: int) -> None:
    assert read_exif(big_endian((0x0112, 3, 1, struct.pack(">HH", value, 0)))).orientation == 1


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ({0x9003: "2026:05:04 12:00:00", 0x9011: "+03:00"}, datetime(2026, 5, 4, 9, tzinfo=UTC)),
        ({0x9003: "2026:05:04 12:00:00", 0x9011: "-05:30"}, datetime(2026, 5, 4, 17, 30, tzinfo=UTC)),
        ({0x9003: "2026:05:04 12:00:00", 0x9010: "+00:00"}, datetime(2026, 5, 4, 12, tzinfo=UTC)),
        ({0x9003: "2026:02:31 12:00:00", 0x9011: "+03:00"}, None),
        ({0x9003: "0000:00:00 00:00:00", 0x9011: "+03:00"}, None),
        ({0x9003: "вчера", 0x9011: "+03:00"}, None),
    ],
)
def test_time_needs_its_zone_and_a_real_date(details: dict[int, object], expected: datetime | None) -> None:
    assert read_exif(written(details)).captured_at == expected


def test_a_clock_without_a_zone_is_told_as_it_showed_and_never_moved() -> None:
    for zone in ({}, {0x9011: "+99:00"}, {0x9011: "MSK"}):
        facts = read_exif(written({0x9003: "2026:05:04 12:00:00", **zone}))
        assert (facts.captured_at, facts.zone_is_known) == (datetime(2026, 5, 4, 12, tzinfo=UTC), False)
    assert read_exif(written({0x9003: "2026:05:04 12:00:00", 0x9011: "+03:00"})).zone_is_known


def test_gps_time_stands_in_for_a_camera_without_zone() -> None:
    facts = read_exif(written(gps={7: (9.0, 5.0, 7.5), 29: "2026:05:04"}))
    assert facts.captured_at == datetime(2026, 5, 4, 9, 5, 7, tzinfo=UTC)
    assert not facts.has_location


def test_half_a_position_is_a_location() -> None:
    assert read_exif(written(gps={4: (37.0, 36.0, 56.0)})).has_location


def test_directory_that_points_at_itself_ends() -> None:
    looping = big_endian((0x8769, 4, 1, b"\0\0\0\x08"), (0x8825, 4, 1, b"\0\0\0\x08"))
    assert read_exif(looping) == NOTHING


@pytest.mark.parametrize("raw", [b"", b"II*\0", b"MM\0*\xff\xff\xff\xff", b"garbage" * 10])
def test_no_exif_is_no_facts(raw: bytes) -> None:
    assert read_exif(raw) == NOTHING


@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_an_error(raw: bytes) -> None:
    for header in (b"", b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"):
        assert read_exif(header + raw).orientation in range(1, 9)


@given(st.data())
def test_any_damage_is_read_without_an_error(data: st.DataObject) -> None:
    raw = bytearray(written({0x9003: "2026:05:04 12:00:00", 0x9011: "+03:00"}, {2: (55.0, 45.0, 7.0)}))
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    assert read_exif(bytes(raw)).orientation in range(1, 9)
