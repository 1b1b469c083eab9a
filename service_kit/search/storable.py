"""What a text must not hold to be kept or asked for in any engine."""


def is_storable(text: str) -> bool:
    """Whether it is a text of Unicode: without half a character, and without NUL, which PostgreSQL refuses."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
