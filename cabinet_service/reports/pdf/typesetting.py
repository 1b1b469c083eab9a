"""Setting reports in type, in a process of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final
from uuid import UUID

from cabinet_service.reports.pdf.laying_out import Paper
from cabinet_service.reports.pdf.refusal import UNSETTABLE, ReportRefused, SetTooLong
from service_kit.decoding import Decoder
from shared_schemas.report.presented import Presented, Short

# Named, not imported: the compiler and Pillow are for that process alone.
MODULE: Final = "cabinet_service.reports.pdf.typesetting_process"
TIME_LIMIT_SECONDS: Final = 60.0


class Typesetter:
    """Sets one report at a time."""

    def __init__(self, *, seconds: float = TIME_LIMIT_SECONDS) -> None:
        self.process: Final = Decoder(
            MODULE, seconds=seconds, refused=ReportRefused, undecodable=UNSETTABLE, too_long=SetTooLong
        )

    async def typeset(
        self, report: Presented | Short, previews: Mapping[UUID, Path], paper: Paper, *, target: Path
    ) -> int:
        """Write the report as a PDF to `target`, in the form that the paper names; how many bytes it has.

        A photo without a preview has its place, which says that it is gone. Raises ReportRefused,
        SetTooLong or Interrupted.
        """
        question = {
            "report": report.model_dump(mode="json"),
            "previews": {str(evidence_id): str(path) for evidence_id, path in previews.items()},
            "paper": paper.model_dump(mode="json"),
            "target": str(target),
        }
        made = await self.process.decoded(question)
        return int(made["size"])

    async def close(self) -> None:
        """End the process if it runs."""
        await self.process.close()
