import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet_service.accounts.domain import Contact, ContactKind, NotAContact, parse_contact


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("ivan@example.com", "ivan@example.com"),
        ("  Ivan.Petrov@Example.COM ", "ivan.petrov@example.com"),
        ("info@ПОЧТА.рф", "info@почта.рф"),
        ("a+tag@mail.ru", "a+tag@mail.ru"),
    ],
)
def test_an_address_is_the_same_however_it_is_typed(typed: str, value: str) -> None:
    assert parse_contact(typed) == Contact(ContactKind.EMAIL, value)


@pytest.mark.parametrize(
    "typed",
    [
        "+7 921 123-45-67",
        "8 (921) 123-45-67",
        "89211234567",
        "9211234567",
        "+7.921.123.45.67",
        " 8 921 1234567 ",
    ],
)
def test_a_number_is_the_same_however_it_is_typed(typed: str) -> None:
    assert parse_contact(typed) == Contact(ContactKind.PHONE, "+79211234567")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ivan",
        "@",
        "ivan@",
        "@example.com",
        "ivan@localhost",
        "ivan@example",
        "Ivan <ivan@example.com>",
        "ivan@example.com, anna@example.com",
        "ivan@example.com\r\nBcc: all@example.com",
        "иван@почта.рф",
        "112",
        "8 (495) 123-45-67",  # a fixed line takes no message
        "8 809 123 45 67",  # premium
        "+7 921 123-45-67 ext. 5",
        "1-800-FLOWERS",
        "+7 921 123-45-67; +7 921 123-45-68",
        "7" * 300,
        "a" * 250 + "@example.com",
    ],
)
def test_what_is_no_contact_is_refused(typed: str) -> None:
    with pytest.raises(NotAContact):
        parse_contact(typed)


@given(st.one_of(st.text(), st.emails(), st.text(alphabet="+0123456789 ()-@.aя\0\r\n", max_size=40)))
def test_any_text_is_a_contact_or_refused_and_a_contact_is_its_own_normal_form(typed: str) -> None:
    try:
        contact = parse_contact(typed)
    except NotAContact:
        return
    assert parse_contact(contact.value) == contact
    assert len(contact.value) <= 254
    assert contact.value.isprintable()


def test_mobile_numbers_of_every_country_are_understood() -> None:
    kind = phonenumbers.PhoneNumberType.MOBILE
    examples = [
        phonenumbers.example_number_for_type(region, kind) for region in phonenumbers.SUPPORTED_REGIONS
    ]
    numbers = [number for number in examples if number is not None]
    assert len(numbers) > 200
    for number in numbers:
        written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        stored = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        assert parse_contact(written) == Contact(ContactKind.PHONE, stored)


@given(st.emails())
def test_a_masked_address_shows_the_domain_and_one_letter_at_most(typed: str) -> None:
    try:
        contact = parse_contact(typed)
    except NotAContact:
        return
    local, _, domain = contact.value.rpartition("@")
    shown = contact.masked.removesuffix(f"***@{domain}")
    assert contact.masked == f"{shown}***@{domain}"
    assert len(shown) <= 1
    assert shown != local


def test_a_masked_number_shows_two_digits_at_its_end() -> None:
    assert parse_contact("+7 921 123-45-67").masked == "+7***67"
