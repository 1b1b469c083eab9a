"""One attempt at a message, the same for every engine."""

import asyncio

from service_kit.bus import Delivery, Handler


async def attempt(handler: Handler, delivery: Delivery) -> BaseException | None:
    """Call the handler; returns what it raised, if anything.

    A cancellation of the caller comes through. One that the handler brought upon itself, by awaiting something
    that was cancelled, is an error like any other: it must not end the consumer.
    """
    try:
        await handler(delivery)
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        return error
    except Exception as error:  # noqa: BLE001 - a handler may raise anything
        return error
    return None


def reason_of(error: BaseException) -> str:
    """`error` with its notes, as one text that every engine can store: bounded, no NUL, no lone surrogates."""
    notes = "".join(f" {note}" for note in getattr(error, "__notes__", ()))
    text = f"{type(error).__name__}: {error}{notes}"[:2000].replace("\0", "\\0")
    return text.encode("utf-8", "backslashreplace").decode()
