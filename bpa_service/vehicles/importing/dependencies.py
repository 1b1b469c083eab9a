"""Who may look at imports, and who may have files imported."""

from typing import Annotated

from fastapi import Depends

from bpa_service.experts.dependencies import OnlyBriefly, only
from bpa_service.experts.domain import OVERSEERS, Expert, Role

Importing = Annotated[Expert, Depends(only(Role.BPA_ADMIN))]
Sending = Annotated[Expert, Depends(OnlyBriefly(Role.BPA_ADMIN))]
"""The same; no database session is held while the file comes in."""

Downloading = Annotated[Expert, Depends(OnlyBriefly(*OVERSEERS))]
"""An overseer; no database session is held while something goes out."""
