"""Which roles may do what with exemplars."""

from typing import Final

from bpa_service.experts.domain import Role

EVERYBODY: Final = frozenset(Role)
CURATORS: Final = frozenset({Role.SENIOR, Role.BPA_ADMIN})
EXEMPLAR: Final = "/api/v1/exemplars/{exemplar_id}"
TABLE: Final = {
    ("GET", "/api/v1/exemplars"): EVERYBODY,
    ("POST", "/api/v1/exemplars"): CURATORS,
    ("GET", EXEMPLAR): EVERYBODY,
    ("GET", f"{EXEMPLAR}/picture"): EVERYBODY,
    ("PATCH", EXEMPLAR): CURATORS,
    ("DELETE", EXEMPLAR): CURATORS,
    ("POST", "/api/v1/cases/{case_id}/evidence/{evidence_id}/exemplar"): CURATORS,
}
