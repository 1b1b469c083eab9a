"""What the cookies of a sign-in are called, and so who may set them."""

from fastapi import Response

from service_kit.http.credentials import Cookies


def names(origin: str) -> tuple[str, str, str]:
    cookies = Cookies.named("someone", origin)
    return cookies.access, cookies.refresh, cookies.device


def test_over_https_no_other_host_can_set_them() -> None:
    assert names("https://cars.example") == (
        "__Host-someone",
        "__Secure-someone_refresh",
        "__Secure-someone_device_",
    )
    assert names("http://localhost:8001") == ("someone", "someone_refresh", "someone_device_")


def test_they_are_as_browsers_ask_of_such_names() -> None:
    """`__Host-`: Secure, for every path, of no domain; `__Secure-`: Secure. Others are dropped."""
    response = Response()
    Cookies.named("someone", "https://cars.example").clear(response)
    sent = [value.decode() for name, value in response.raw_headers if name == b"set-cookie"]
    assert len(sent) == 2
    for cookie in sent:
        attributes = [part.strip().lower() for part in cookie.split(";")[1:]]
        assert {"secure", "httponly"} <= set(attributes)
        assert not [part for part in attributes if part.startswith("domain")]
        assert not cookie.startswith("__Host-") or "path=/" in attributes
