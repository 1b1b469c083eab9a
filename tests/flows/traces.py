"""The settings of a stack whose traces are all recorded, and whose logs have both forms."""

from typing import Final

from deploy.embedded.processes import free_port

PORT: Final = free_port()
_TRACES: Final = {"OTLP_URL": f"http://127.0.0.1:{PORT}", "TRACE_RATIO": "1"}
SETTINGS: Final = {
    "OTEL_BSP_SCHEDULE_DELAY": "200",  # milliseconds from a span's end until it is sent
    # One service writes its logs for machines and the other for people.
    "CABINET_LOG_FORMAT": "json",
    "BPA_LOG_FORMAT": "console",
} | {f"{service}_{name}": value for service in ("CABINET", "BPA") for name, value in _TRACES.items()}
