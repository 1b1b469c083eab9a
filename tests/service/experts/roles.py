"""Which roles may do what with experts and the rest of the desk, and what the API offers."""

from typing import Final

from fastapi import FastAPI
from fastapi.routing import APIRoute

from bpa_service.experts.domain import Role
from service_kit.http.access import routes_of

SIGN_OUT: Final = ("DELETE", "/api/v1/auth/sessions/current")
PUBLIC: Final = {
    ("POST", "/api/v1/auth/sessions"),
    ("POST", "/api/v1/auth/tokens"),
    ("POST", "/api/v1/auth/passkey-challenges"),
    ("POST", "/api/v1/auth/passkey-sessions"),
    ("GET", "/api/v1/notifications/push-key"),
    ("POST", "/api/v1/notifications/deliveries/{delivery_id}/shown"),
}
EVERYBODY: Final = frozenset(Role)
OVERSEERS: Final = frozenset({Role.SHIFT_LEAD, Role.BPA_ADMIN, Role.AUDITOR})
LEADERS: Final = frozenset({Role.SHIFT_LEAD, Role.BPA_ADMIN})
ADMINS: Final = frozenset({Role.BPA_ADMIN})
KEEPERS: Final = frozenset({Role.SENIOR, Role.BPA_ADMIN})
WORKERS: Final = frozenset({Role.EXPERT, Role.SENIOR})
# Of the slices that are no case's; tests/service/cases has those.
TABLE: Final = {
    SIGN_OUT: EVERYBODY,
    ("GET", "/api/v1/auth/sessions"): EVERYBODY,
    ("DELETE", "/api/v1/auth/sessions"): EVERYBODY,
    ("DELETE", "/api/v1/auth/sessions/{session_id}"): EVERYBODY,
    ("GET", "/api/v1/me"): EVERYBODY,
    ("GET", "/api/v1/me/second-factors"): EVERYBODY,
    ("POST", "/api/v1/me/totp"): EVERYBODY,
    ("POST", "/api/v1/me/totp/confirmation"): EVERYBODY,
    ("POST", "/api/v1/me/recovery-codes"): EVERYBODY,
    ("POST", "/api/v1/me/confirmation"): EVERYBODY,
    ("GET", "/api/v1/me/tokens"): EVERYBODY,
    ("POST", "/api/v1/me/tokens"): EVERYBODY,
    ("DELETE", "/api/v1/me/tokens/{token_id}"): EVERYBODY,
    ("GET", "/api/v1/me/notices"): EVERYBODY,
    ("DELETE", "/api/v1/me/notices/{notice_id}"): EVERYBODY,
    ("POST", "/api/v1/me/passkey-challenges"): EVERYBODY,
    ("POST", "/api/v1/me/passkeys"): EVERYBODY,
    ("GET", "/api/v1/me/passkeys"): EVERYBODY,
    ("PATCH", "/api/v1/me/passkeys/{passkey_id}"): EVERYBODY,
    ("DELETE", "/api/v1/me/passkeys/{passkey_id}"): EVERYBODY,
    ("GET", "/api/v1/people"): OVERSEERS,
    ("POST", "/api/v1/people"): ADMINS,
    ("PATCH", "/api/v1/people/{person_id}"): ADMINS,
    ("DELETE", "/api/v1/people/{person_id}/second-factors"): ADMINS,
    ("GET", "/api/v1/audit"): OVERSEERS,
    ("GET", "/api/v1/templates"): EVERYBODY,
    ("POST", "/api/v1/templates"): KEEPERS,
    ("PUT", "/api/v1/templates/{template_id}"): KEEPERS,
    ("DELETE", "/api/v1/templates/{template_id}"): KEEPERS,
    ("GET", "/api/v1/checks"): EVERYBODY,
    ("POST", "/api/v1/checks"): KEEPERS,
    ("PUT", "/api/v1/checks/{check_id}"): KEEPERS,
    ("DELETE", "/api/v1/checks/{check_id}"): KEEPERS,
    ("GET", "/api/v1/shifts/current"): WORKERS,
    ("PUT", "/api/v1/shifts/current"): WORKERS,
    ("GET", "/api/v1/shifts/holding"): frozenset(Role),
    ("DELETE", "/api/v1/shifts/current"): WORKERS,
    ("GET", "/api/v1/notifications"): EVERYBODY,
    ("POST", "/api/v1/notifications/seen"): EVERYBODY,
    ("GET", "/api/v1/notifications/choices"): EVERYBODY,
    ("PUT", "/api/v1/notifications/choices"): EVERYBODY,
    ("GET", "/api/v1/notifications/devices"): EVERYBODY,
    ("DELETE", "/api/v1/notifications/devices/{device_id}"): EVERYBODY,
    ("POST", "/api/v1/notifications/devices/{device_id}/test"): EVERYBODY,
    ("PUT", "/api/v1/notifications/push"): EVERYBODY,
    ("POST", "/api/v1/notifications/push/end"): EVERYBODY,
    ("GET", "/api/v1/me/telegram"): EVERYBODY,
    ("POST", "/api/v1/me/telegram"): EVERYBODY,
    ("DELETE", "/api/v1/me/telegram/{chat_id}"): EVERYBODY,
    ("GET", "/api/v1/presence"): EVERYBODY,
    ("GET", "/api/v1/shift-board"): OVERSEERS,
    ("GET", "/api/v1/operations"): LEADERS,
    ("GET", "/api/v1/sources"): OVERSEERS,
    ("POST", "/api/v1/sources/{source}/files"): ADMINS,
    ("GET", "/api/v1/imports"): OVERSEERS,
    ("GET", "/api/v1/imports/{import_id}"): OVERSEERS,
    ("GET", "/api/v1/imports/{import_id}/rejects.csv"): OVERSEERS,
    ("PUT", "/api/v1/imports/{import_id}/undoing"): ADMINS,
    ("DELETE", "/api/v1/imports/{import_id}"): ADMINS,
    ("GET", "/api/v1/me/statistics"): EVERYBODY,
}


def public_api(app: FastAPI) -> dict[tuple[str, str], APIRoute]:
    return {
        (method, route.path): route
        for route in routes_of(app)
        if route.path.startswith("/api/v1")
        for method in route.methods or ()
    }
