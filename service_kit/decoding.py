"""Decoding files of strangers in a process of its own, which may refuse them, crash or hang: both its ends.

`Decoder` is the end that asks. The module that it names decodes, and ends in `decode_questions`.
"""

from collections.abc import Callable
from typing import Any

from service_kit.side_process import BroughtDown, Interrupted, SideProcess, TookTooLong, answer_questions


class FileRefused(Exception):
    """This file is not taken. `code` is stable, `params` are its figures; the words for people are elsewhere."""

    def __init__(self, code: str, **params: int | str) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


class Decoder(SideProcess):
    """Asks the process of a module, one question at a time."""

    def __init__(
        self,
        module: str,
        *,
        seconds: float,
        refused: type[FileRefused],
        undecodable: str,
        too_long: type[Exception] | None = None,
    ) -> None:
        """A file that brings the process down is `refused` as `undecodable`.

        One that takes more than `seconds` is, too; or, where others may have kept the processors busy, it is
        `too_long`.
        """
        super().__init__(module, seconds=seconds)
        self._refused = refused
        self._undecodable = undecodable
        self._too_long = too_long

    async def decoded(self, question: Any) -> Any:
        """What the module's work gives, as JSON has it. Raises `refused`, `too_long`, or Interrupted."""
        try:
            answer = await self.ask(question)
        except BroughtDown as down:
            if self._too_long is not None and isinstance(down, TookTooLong):
                raise self._too_long from None
            raise self._refused(self._undecodable) from down
        if "refused" in answer:
            raise self._refused(answer["refused"], **answer["params"])
        if "error" in answer:
            raise Interrupted(answer["error"])
        return answer["done"]


def decode_questions(
    work: Callable[[Any], Any], *, undecodable: str, memory: int, idle_seconds: float, niceness: int = 0
) -> None:
    """The process: does the `work` on each question, which may raise FileRefused. See `answer_questions`.

    A file for which `memory` is too little is refused as `undecodable`.
    """

    def answer(question: Any) -> dict[str, Any]:
        try:
            return {"done": work(question)}
        except FileRefused as refusal:
            return {"refused": refusal.code, "params": refusal.params}
        except MemoryError:
            return {"refused": undecodable, "params": {}}
        except OSError as error:  # of a disk, not of the file
            return {"error": repr(error)}

    answer_questions(answer, memory=memory, idle_seconds=idle_seconds, niceness=niceness)
