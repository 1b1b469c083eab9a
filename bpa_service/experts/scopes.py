"""What an expert's transactions may see and change: settings that the policies of bpa's tables read.

`app.scope` is `desk`; `app.expert_id` and `app.role` say who it is.
"""

from bpa_service.experts.domain import Expert
from service_kit.db import Scope


def of(expert: Expert) -> Scope:
    """The scope of somebody signed in."""
    return Scope((("app.scope", "desk"), ("app.expert_id", str(expert.id)), ("app.role", expert.role.value)))
