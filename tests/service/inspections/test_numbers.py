"""Numbers of cars are read for anybody: what was repaired, what is wrong, what follows of a VIN."""

from typing import Any


async def test_numbers_are_read_and_plans_told_without_sign_in(cabinet_api: Any) -> None:
    answer = await cabinet_api.post("/api/v1/vin/inspect", json={"text": "1M8GDM9A_KP042788"})
    assert answer.status_code == 200
    answer = await cabinet_api.post("/api/v1/vin/inspect", json={"text": "1m8gdm9axkp042788"})
    reading = answer.json()
    assert (reading["kind"], reading["display"], reading["ok"]) == ("vin", "1M8 GDM9AX KP042788", True)
    assert reading["vin_facts"]["check_digit"] == {
        "found": "X",
        "computed": "X",
        "fits": True,
        "mandatory": True,
        "rule": "mandated",
    }
    assert [one["code"] for one in reading["conclusions"]] == ["placeholder"]
    slipped = await cabinet_api.post("/api/v1/vin/inspect", json={"text": "LB3FX1S115RB136181"})
    offered = {
        "kind": "vin",
        "value": "LB3FX1S15RB136181",
        "display": "LB3 FX1S15 RB136181",
        "reason": "doubled",
    }
    assert (slipped.json()["ok"], slipped.json()["candidates"]) == (False, [offered])
    plans = (await cabinet_api.get("/api/v1/capture-plans")).json()
    assert [plan["kind"] for plan in plans] == ["vin", "frame", "plate"]
    assert "windshield_vin" in plans[0]["one_of"]
    assert "windshield_vin" not in plans[1]["one_of"]


async def test_what_a_vin_says_is_told_with_its_grounds_and_compared_with_what_is_said(
    cabinet_api: Any,
) -> None:
    said = {
        "make": "Лада",
        "model": "Vesta",
        "year": 2003,
        "documents": [
            {"number": "Z94CT41CBCR134064", "year": 2012, "issued": 2013},
            {"number": "Z94CT41CBCR******"},
            {"number": "Z94CT41CBCR134065", "issued": 1999},
        ],
    }
    answer = await cabinet_api.post("/api/v1/vin/inspect", json={"text": "Z94CT41CBCR134064", "said": said})
    assert answer.status_code == 200
    told = answer.json()
    facts = told["vin_facts"]
    assert facts["makes"] == ["Genesis", "Hyundai", "Kia"]
    assert (facts["plant"], facts["descriptor"], facts["serial"]) == (
        "hyundai_st_petersburg",
        "CT41C",
        "134064",
    )
    assert facts["model_years"] == [
        {"year": 2012, "position": 10, "confidence": "likely", "earliest": 2011, "latest": 2013}
    ]
    assert [one["code"] for one in told["conclusions"]] == [
        "maker_shared",
        "plant",
        "check_none",
        "year_likely",
    ]
    assert [(one["code"], one["severity"], one["positions"]) for one in told["doubts"]] == [
        ("other_makes", "contradiction", [1, 2, 3]),
        ("other_year", "contradiction", [10]),
        ("document_other_number", "contradiction", [17]),
        ("document_older", "contradiction", [10]),
    ]
    honest = await cabinet_api.post(
        "/api/v1/vin/inspect", json={"text": "Z94CT41CBCR134064", "said": {"make": "Hyundai", "year": 2013}}
    )
    assert honest.json()["doubts"] == []
    plate = await cabinet_api.post("/api/v1/vin/inspect", json={"text": "А123ВС77", "said": said})
    assert (plate.json()["conclusions"], plate.json()["doubts"]) == ([], [])
    much: dict[str, Any] = {"documents": [{}] * 6}
    assert (
        await cabinet_api.post("/api/v1/vin/inspect", json={"text": "x", "said": much})
    ).status_code == 422
