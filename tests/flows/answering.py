"""An answer, and the clock that it stops."""

from deploy.demo.people import Client, Expert, Json


def answer(expert: Expert, case_id: str, verdict: str = "forgery_signs") -> None:
    """Find something on the first photo and decide."""
    evidence = expert.case(case_id)["evidence"]
    place: Json = {
        "evidence_id": evidence[0]["evidence_id"],
        "region": {"x": 0.1, "y": 0.2, "width": 0.3, "height": 0.4},
    }
    expert.find(case_id, "The last digits stand lower.", severity="anomaly", places=[place])
    found = [finding["finding_id"] for finding in expert.case(case_id)["findings"]]
    expert.decide(case_id, verdict, "Signs of alteration.", finding_ids=found)


def clock_of(client: Client, inspection_id: str) -> Json:
    return client.get(f"/inspections/{inspection_id}/clock")
