"""FastAPI dependencies of whatever takes a picture into the reference base."""

from typing import Annotated

from fastapi import Depends, Request

from bpa_service.exemplars.picture_process import PictureProcess
from bpa_service.experts.dependencies import OnlyBriefly
from bpa_service.experts.domain import CURATORS, Expert

UploadingCurator = Annotated[Expert, Depends(OnlyBriefly(*CURATORS))]
"""A curator; no database session is held while the picture comes in."""


async def _process_of_the_app(request: Request) -> PictureProcess:
    process: PictureProcess = request.app.state.pictures
    return process


PicturesOfApp = Annotated[PictureProcess, Depends(_process_of_the_app)]
