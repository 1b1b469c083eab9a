"""Alert rules and the dashboard: they name figures that there are, and whoever is woken finds what to do."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from bpa_service.operations import domain
from bpa_service.operations.domain import Alert

CHECKOUT: Final = Path(__file__).parents[2]
RULES: Final = CHECKOUT / "deploy" / "prometheus"
DASHBOARD: Final = CHECKOUT / "deploy" / "grafana" / "autodetective.json"
RUNBOOKS: Final = CHECKOUT / "docs" / "runbooks.md"
PACKAGES: Final = ("service_kit", "bpa_service", "cabinet_service")
BESIDE: Final = {
    "AnswersLate": [f"and autodetective_answers_lately >= {domain.FEWEST_ANSWERS}"],
    "NobodyTakesCases": ["and on() autodetective_open == 1"],
    "NobodyOnShift": ["and on() autodetective_experts_on_shift == 0", "and on() autodetective_open == 1"],
    "ProcessSilent": ["or autodetective_process_connected == 0"],
    "SearchBehind": ["or autodetective_search_live == 0"],
}
"""What a rule asks besides its figure; the unit tests of the page's lines try each."""
NAME: Final = re.compile(r"autodetective_\w+")


def rules() -> list[dict[str, Any]]:
    found = yaml.safe_load((RULES / "alerts.yml").read_text())
    return [rule for group in found["groups"] for rule in group["rules"]]


def exposed(name: str) -> bool:
    """Whether some collector makes this figure: it writes the name whole, or what its common beginning lacks."""
    rest = name.removeprefix("autodetective_")
    parts = {rest, rest.removeprefix("enquiries_")}
    return any(f'"{part}"' in text or f'"{name}"' in text for text in collectors() for part in parts)


def collectors() -> list[str]:
    files = (path for package in PACKAGES for path in (CHECKOUT / package).rglob("metrics.py"))
    return [path.read_text() for path in files]


def test_every_figure_is_one_that_is_told() -> None:
    asked = [rule["expr"] for rule in rules()]
    asked += [
        target["expr"] for panel in json.loads(DASHBOARD.read_text())["panels"] for target in panel["targets"]
    ]
    named = {name for text in asked for name in NAME.findall(text)}
    assert len(named) > 10
    assert {name for name in named if not exposed(name)} == set()


def test_each_alert_has_its_runbook_and_each_runbook_its_alert() -> None:
    sections = re.findall(r"^## (\S+)$", RUNBOOKS.read_text(), re.MULTILINE)
    assert sections == [rule["labels"]["runbook"] for rule in rules()]
    assert {rule["labels"]["severity"] for rule in rules()} == {"page", "ticket"}


@pytest.mark.parametrize("alert", domain.ALERTS, ids=lambda alert: alert.name)
def test_the_page_of_operations_judges_as_the_rules_do(alert: Alert) -> None:
    [rule] = [rule for rule in rules() if rule["alert"] == alert.name]
    judged, *beside = re.split(r" (?=and |or )", rule["expr"])
    assert judged == f"{alert.figure} {alert.comparison} {alert.limit:g}"
    assert beside == BESIDE.get(alert.name, [])
    assert rule["labels"] == {"severity": "page" if alert.pages else "ticket", "runbook": alert.runbook}
    if alert.looks is not None:
        [steps] = [
            panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
            for panel in json.loads(DASHBOARD.read_text())["panels"]
            if panel["targets"][0]["expr"] == alert.figure
        ]
        drawn = [step["value"] for step in steps if step["value"] is not None]
        assert sorted(drawn) == sorted((alert.limit, alert.looks))


def test_what_rings_is_on_the_page_unless_it_is_of_the_other_service() -> None:
    of_the_page = {alert.name for alert in domain.ALERTS} | {"ServiceAway"}
    assert {rule["alert"] for rule in rules()} - of_the_page == {"ReportFilesLag"}
    [gone] = [rule for rule in rules() if rule["alert"] == domain.PROCESS_SILENT.name]
    assert gone["for"] == f"{domain.GONE_FOR.total_seconds() / 60:g}m"


@pytest.mark.skipif(shutil.which("promtool") is None, reason="no promtool: apt install prometheus")
@pytest.mark.parametrize(
    "command",
    [
        ("check", "rules", "alerts.yml"),
        ("test", "rules", "alerts_test.yml"),
        ("check", "config", "--syntax-only", "prometheus.yml"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_prometheus_takes_them_and_they_fire_when_they_should(command: tuple[str, ...]) -> None:
    done = subprocess.run(("promtool", *command), cwd=RULES, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
