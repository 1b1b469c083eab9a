import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet_service.accounts.domain import Contact, ContactKind, MixedLetters, NotAContact, parse_contact


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("ivan@example.com", "ivan@example.com"),
        ("  Ivan.Petrov@Example.COM ", "ivan.petrov@example.com"),
        ("info@ПОЧТА.рф", "info@почта.рф"),
        ("a+tag@mail.ru", "a+tag@mail.ru"),
        ("mailto:ivan@example.com", "ivan@example.com"),
        ("MAILTO:ivan@example.com?subject=VIN", "ivan@example.com"),
        ("ivan@example.com\u200b", "ivan@example.com"),
        ("\u2068ivan@example.com\u2069", "ivan@example.com"),
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
        "\u202a+7\u00a0921\u00a0123-45-67\u202c",
        "+7 921 123\u201145\u201167",
        "tel:+7-921-123-45-67",
        "+79211234567\u200b",
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


@pytest.mark.parametrize(
    "typed",
    [
        "ivan@gmail.\u0441om",  # Cyrillic с
        "ivan@gm\u0430il.com",  # Cyrillic а
        "ivan@\u0441\u043e\u0441\u043e.com",  # Cyrillic altogether, and read as Latin
        "ivan@\u0443\u0430.ru",
    ],
)
def test_a_domain_that_looks_like_another_is_refused(typed: str) -> None:
    with pytest.raises(MixedLetters):
        parse_contact(typed)


@pytest.mark.parametrize(
    "typed", ["ivan@почта.рф", "ivan@пример.com", "ivan@xn--e1afmkfd.com", "i@bücher.de"]
)
def test_domains_of_one_alphabet_are_what_they_seem(typed: str) -> None:
    assert parse_contact(typed).kind is ContactKind.EMAIL


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
