"""A POST that is safe to repeat: the same Idempotency-Key and body give the same answer, and make one thing."""

import time

import httpx


def post(api: httpx.Client, path: str, body: object, *, key: str, tries: int = 8) -> httpx.Response:
    """Try until it is answered. Raises httpx.HTTPStatusError for what another try does not change."""
    for number in range(tries):
        try:
            answer = api.post(path, json=body, headers={"Idempotency-Key": key})
        except httpx.TransportError:
            wait = float(2**number)  # it may have arrived: the same key finds that out
        else:
            if answer.status_code != 429 and answer.status_code < 500:
                return answer.raise_for_status()
            wait = float(answer.headers.get("Retry-After", 2**number))
        time.sleep(wait)
    raise TimeoutError(f"{path} was not answered")
