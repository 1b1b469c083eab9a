"""The Helm chart: Kubernetes takes what comes out, it may do no more than it has to, its settings are there."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import kubernetes_validate
import pytest
import yaml
from helm_python import Chart, HelmError, lint

from bpa_service.settings import Settings as BpaSettings
from cabinet_service.settings import Settings as CabinetSettings

CHART: Final = str(Path(__file__).parents[2] / "deploy" / "helm")
SETTINGS: Final = {"cabinet": CabinetSettings, "bpa": BpaSettings}
RELEASES: Final = ("1.29", "1.35")
"""Of Kubernetes: the oldest that the chart takes, and a new one."""
WARNING: Final = 2
BARE: Final[dict[str, Any]] = {"trustedProxies": "10.1.0.0/16"}
ELSEWHERE: Final[dict[str, Any]] = {
    "services": {"cabinet": {"storage": {"existingClaim": "photos"}}},
    "ingress": {"enabled": False},
    "networkPolicies": {"enabled": False},
}
ALL_SAID: Final[dict[str, Any]] = {
    "image": {"registry": "registry.example/team", "tag": "1.2.3", "pullSecrets": [{"name": "pull"}]},
    "environment": "development",
    "trustedProxies": "10.1.0.0/16,2001:db8::/32",
    "traces": {"url": "http://collector.monitoring:4318", "ratio": 0.25},
    "services": {
        "bpa": {"settings": {"OPEN_HOURS": "08:00-22:00 Europe/Moscow"}},
        "cabinet": {"erasuresClaim": "ledger"},
    },
    "scaleBy": {
        "cabinet-worker": [
            {
                "type": "External",
                "external": {"metric": {"name": "waiting"}, "target": {"type": "Value", "value": "50"}},
            }
        ]
    },
    "ingress": {"className": "nginx", "annotations": {"bpa": {"a/b": "c"}}, "tlsSecret": ""},
    "podAnnotations": {"a/b": "c"},
    "nodeSelector": {"kind": "small"},
    "tolerations": [{"key": "cars", "operator": "Exists"}],
}
IN_BUCKET: Final[dict[str, Any]] = BARE | {
    "services": {"cabinet": {"settings": {"FILES_URL": "s3://photos", "FILES_KEY_ID": "key"}}}
}
WAYS: Final = {
    "as it is": BARE,
    "storage, TLS and policies elsewhere": ELSEWHERE,
    "all said": ALL_SAID,
    "photos in a bucket": IN_BUCKET,
}
PODS: Final = ("Deployment", "Job")

Object = dict[str, Any]


def rendered(values: dict[str, Any]) -> list[Object]:
    with Chart.load(CHART) as chart:
        texts = chart.render(copy.deepcopy(values), name="cars", namespace="autodetective")
    return [one for text in texts.values() for one in yaml.safe_load_all(text) if one]


@pytest.fixture(params=WAYS.values(), ids=list(WAYS))
def objects(request: pytest.FixtureRequest) -> list[Object]:
    return rendered(request.param)


def pods_in(objects: list[Object]) -> Iterator[tuple[str, str, Object]]:
    for one in objects:
        if one["kind"] in PODS:
            template = one["spec"]["template"]
            labels = template["metadata"]["labels"]
            yield labels["autodetective/service"], labels["autodetective/process"], template["spec"]


def test_helm_has_nothing_against_it() -> None:
    assert [said for said in lint(CHART, BARE)["messages"] if said["severity"] >= WARNING] == []


@pytest.mark.parametrize("release", RELEASES)
def test_kubernetes_takes_every_object(objects: list[Object], release: str) -> None:
    for one in objects:
        kubernetes_validate.validate(one, release, strict=True)


def test_each_process_of_each_service_is_there(objects: list[Object]) -> None:
    processes = ("api", "consumer", "migrate", "relay", "worker")
    expected = [(service, process) for service in ("bpa", "cabinet") for process in processes]
    assert sorted((service, process) for service, process, _ in pods_in(objects)) == expected


def test_a_pod_may_do_no_more_than_it_has_to(objects: list[Object]) -> None:
    for service, process, spec in pods_in(objects):
        [container] = spec["containers"]
        assert spec["securityContext"]["runAsNonRoot"]
        assert spec["automountServiceAccountToken"] is False
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert "memory" in container["resources"]["limits"]
        volumes = str(spec["volumes"])
        assert ("-owner" in volumes) == (process == "migrate")
        assert ("report-key" in volumes) == ((service, process) == ("cabinet", "worker"))


def test_a_pod_is_told_settings_that_there_are(objects: list[Object]) -> None:
    for service, _, spec in pods_in(objects):
        told = {one["name"] for one in spec["containers"][0]["env"]} - {"TMPDIR"}
        known = {f"{service}_{name}".upper() for name in SETTINGS[service].model_fields}
        assert told - {f"{service}_SECRETS_DIR".upper()} <= known


@pytest.mark.parametrize(("values", "services"), [(BARE, {"bpa", "cabinet"}), (IN_BUCKET, {"bpa"})])
def test_what_lies_in_a_bucket_needs_no_claim(values: dict[str, Any], services: set[str]) -> None:
    objects = rendered(values)
    claims = {one["metadata"]["name"] for one in objects if one["kind"] == "PersistentVolumeClaim"}
    assert claims == {f"cars-{service}-data" for service in services}
    mounted = {service for service, _, spec in pods_in(objects) if "-data" in str(spec["volumes"])}
    assert mounted == services


@pytest.mark.parametrize(
    "wrong",
    [
        {"services": {"cabinet": {"host": ""}}},
        {"services": {"bpa": {"processes": {"api": {"replicas": 0}}}}},
        {"services": {"third": {}}},
        {"services": {"bpa": {"processes": {"bot": {"replicas": 1}}}}},
        {"services": {"bpa": {"settings": {"BPA_OPEN_HOURS": "x"}}}},
        {"services": {"bpa": {"settings": {"BUDGET_SECONDS": 1200}}}},
        {"services": {"cabinet": {"reportKeySecret": ""}}},
        {"environment": "staging"},
        {"trustedProxies": ""},
    ],
    ids=str,
)
def test_values_that_cannot_work_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(HelmError):
        rendered(BARE | wrong)
