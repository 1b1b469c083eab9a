"""What real sources do to an importer, trap by trap, each on a small file of its own.

The table is the documentation: what a source writes, and what becomes of it.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from bpa_service.vehicles.mappings import catalogue
from tests.support.vehicle_files import Outcome, outcome_of, written

VIN = "XTA21144094700001"


class Trap(NamedTuple):
    """`told` are fields of the records, one after another; `rejects` and `marks` are those of the file."""

    says: str
    mapping: str
    content: str | bytes | dict[str, Any] | list[Any]
    told: list[dict[str, Any]]
    rejects: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()


def gibdd(result: Any, **more: Any) -> dict[str, Any]:
    return {"RequestResult": result, "vin": VIN, "status": 200} | more


def table(header: str, *rows: str) -> str:
    return "\n".join((header, *rows)) + "\n"


SALES = "YEAR,MAKE,MODEL,TRIM,BODY,TRANSMISSION,VIN,STATE,CONDITION,ODOMETER,COLOR,INTERIOR,SELLER,MMR,SELLINGPRICE,SALEDATE"
RECALLS = (
    "Launch Date,Recalls Number,Make,Recalls Model Information,Concern,Defect,Remedy,Vehicle Numbers,Manufacturer Ref,"
    "Model,VIN Start,VIN End,Build Start,Build End"
)
SALE = "2013,Toyota,Camry,LE,Sedan,,4t4bf1fk5dr275482,ca,{grade},{miles},red,—,s,13200,13500,Thu Dec 18 2014 23:30:00 GMT-0800 (PST)"
OWNED = {"from": "2022-03-05", "to": "null", "lastOperation": 2, "simplePersonType": "Natural"}
EVENT = {"opa_date": "20/06/2019", "opa_type": "X"}

TRAPS: Final = [
    Trap("avtocod: every field may be null", "avtocod", {"tech_data": {"year": None}, "mileages": {"items": None}}, [], ("nothing_in_it",)),
    Trap(
        "avtocod: a number that begins with a Cyrillic letter is kept as it is",
        "avtocod",
        {"identifiers": {"vehicle": {"vin": VIN}}, "repairs": {"history": {"items": [{"number": {"claim": "ХAY1E37S50167"}, "date": {"calculation": "2010-12-17"}}]}}},
        [{"kind": "damage", "attributes": {"number": "ХAY1E37S50167"}, "vin": VIN}],
    ),
    Trap(
        "avtocod: a time without a zone is no moment",
        "avtocod",
        {"identifiers": {"vehicle": {"vin": VIN}}, "ads": {"history": {"items": [{"date": {"publish": "2019-01-14 11:57:00"}}]}}},
        [{"precision": "time", "at": None}],
    ),
    Trap("avtocod: an answer that is an error", "avtocod", {"state": "fail", "event": {"name": "…"}}, [], ("source_error",)),
    Trap("gibdd: an error within HTTP 200", "gibdd", gibdd({"error": "Сервис недоступен", "records": []}), [], ("source_error",)),
    Trap("gibdd: an error by its status", "gibdd", gibdd({"status": "ERROR"}, status=500), [], ("source_error",)),
    Trap(
        'gibdd: "null" is no date, a code comes as a number, the last period is open',
        "gibdd",
        gibdd({"ownershipPeriods": {"ownershipPeriod": [OWNED]}}),
        [{"kind": "ownership", "ended": None, "codes": ("gibdd.operation:02",)}],
    ),
    Trap(
        "gibdd: two offsets, and a day that stays",
        "gibdd",
        gibdd({"records": [{"ogrkod": o, "dateogr": f"26.07.2016T00:00:00.000+0{o + 2}:00", "tsVIN": VIN} for o in (1, 2)]}),
        [{"began": "2016-07-26"}, {"began": "2016-07-26"}],
    ),
    Trap(
        "gibdd: one code with two meanings",
        "gibdd",
        gibdd({"ownershipPeriods": {"ownershipPeriod": [OWNED | {"lastOperation": "47"}]}}),
        [{"codes": ("gibdd.operation:47",)}],
        marks=frozenset({"code_ambiguous"}),
    ),
    Trap(
        "gibdd: a placeholder that answers with strangers' restrictions",
        "gibdd",
        gibdd({"records": [{"ogrkod": 1, "tsVIN": "11111111111111111"}] * 2}, vin="11111111111111111"),
        [],
        ("identifier_placeholder", "identifier_placeholder"),
    ),
    Trap(
        "gibdd: a VIN in Cyrillic letters",
        "gibdd",
        gibdd({"Accidents": [{"AccidentDateTime": "30.05.2015 18:15", "VehicleYear": "нет данных"}]}, vin="ХТА11193070000001"),
        [{"vin": "XTA11193070000001", "year": None}],
        marks=frozenset({"vin_letters_repaired"}),
    ),
    Trap(
        "gibdd: an odometer that falls within one card, earlier cards in no order",
        "gibdd",
        gibdd({"diagnosticCards": [{"dcDate": "2022-03-04", "odometerValue": "179919", "previousDcs": [{"dcDate": "2021-01-15", "odometerValue": "201532"}, {"dcDate": "2021-06-01", "odometerValue": "0"}]}]}),
        [
            {"began": "2022-03-04", "mileage_km": 179_919},
            {"began": "2021-01-15", "mileage_km": 201_532},
            {"began": "2021-06-01", "mileage_km": None, "mileage_quality": "not_read"},
        ],
        marks=frozenset({"mileage_sentinel"}),
    ),
    Trap(
        "histovec: an event dated twice, in UTC on the day before",
        "histovec",
        {"v": {"vin": "VF1B********44818", "new_historique": [EVENT], "historique": [{"opa_date": "2019-06-19T22:05:24.213Z"}]}},
        [{"kind": "description"}, {"kind": "registration", "began": "2019-06-20"}],
        marks=frozenset({"vin_masked"}),
    ),
    Trap(
        "histovec: 01/01/1900 and 0 mean unknown",
        "histovec",
        {"v": {"vin": "VF1B********44818", "date_emission_CI": "01/01/1900", "CTEC_CO2": 0, "nb_titulaires": 2}},
        [{"began": None, "attributes": {"owners": "2"}}],
        marks=frozenset({"vin_masked"}),
    ),
    Trap(
        "recalls_uk: CP1252, prose and several VINs in a cell, spaces at the end",
        "recalls_uk",
        table(
            RECALLS,
            "26/06/2006,R/1,CITROËN ,C4,x,y,z,1,A,C4,Built out of sequence.,Various,,",
            "26/06/98,R/2,SUZUKI,GSX,x,y,z,1,A,GSX,JSAFTD82V00100030  JSAFTD83V00100027,VF7******AZ030421,01/08/2007,",
        ).encode("cp1252"),
        [
            {"make": "CITROËN", "vin_from": "", "vin_to": ""},
            {"began": "1998-06-26", "vin_from": "", "vin_to": "VF7******AZ030421"},
        ],
        marks=frozenset({"vin_is_prose", "vin_several"}),
    ),
    Trap(
        "dvsa: pipes, miles, and 0 for what was not read",
        "dvsa_mot_bulk",
        table(
            "test_id|vehicle_id|test_date|test_class_id|test_type|test_result|test_mileage|postcode_area|make|model|colour|"
            "fuel_type|cylinder_capacity|first_use_date",
            "1|7|2023-01-02|4|NT|PRS|179357|NW|TOYOTA|PRIUS +|WHITE|HY|1798|2016-06-17",
            "2|7|2024-01-02|4|NT|F|0|NW|TOYOTA|PRIUS +|WHITE|HY|1798|2016-06-17",
        ),
        [
            {"source_vehicle": "7", "mileage_km": 288_647, "mileage_unit": "mi", "outcome": "passed_after_repair"},
            {"source_vehicle": "7", "mileage_km": None, "mileage_quality": "not_read", "outcome": "failed"},
        ],
        marks=frozenset({"mileage_sentinel"}),
    ),
    Trap(
        "dvsa: a plate changes while the vehicle stays",
        "dvsa_mot_api",
        [{"registration": "NEW1", "vehicleId": "v", "motTests": [{"completedDate": "2013.11.03 09:33:08", "registrationAtTimeOfTest": "OLD1", "motTestNumber": "1"}]}],
        [{"plate": "NEW1", "source_vehicle": "v"}, {"plate": "OLD1", "source_vehicle": "v"}],
    ),
    Trap(
        "dvsa: a test that was deleted is taken back",
        "dvsa_cvs",
        [{"testResultId": "1", "vin": VIN, "deletionFlag": True}, {"testResultId": "2", "vin": VIN, "testStatus": "submitted"}],
        [{"action": "withdraw", "key": "inspection:1"}, {"action": "state", "key": "inspection:2"}],
    ),
    *(
        Trap(
            f"rdw: {text} is an answer of its own",
            "rdw",
            [{"kenteken": "0001TJ", "voertuigsoort": "x", "inrichting": "Niet geregistreerd", "tellerstandoordeel": text}],
            [{"attributes": {"vehicle_type": "x", "mileage_judgement": judgement}}],
        )
        for text, judgement in (("Logisch", "logical"), ("Onlogisch", "illogical"), ("Geen oordeel", "declined"), ("Niet geregistreerd", "never_registered"))
    ),
    Trap(
        "rdw: no disclosure and not applicable are no values; the date stands there twice",
        "rdw",
        [{"kenteken": "VXJ99N", "voertuigsoort": "Bedrijfsauto", "eerste_kleur": "N.v.t.", "type": "V", "datum_tenaamstelling": "20230725", "datum_tenaamstelling_dt": "2023-07-25T00:00:00.000", "lengte": "0"}],
        [{"colour": "", "began": "2023-07-25"}],
    ),
    Trap(
        "us_auctions: BOM, small letters, two scales, an odometer of 1, a day of the place",
        "us_auctions",
        "\ufeff" + table(SALES, SALE.format(grade=38, miles=38882), SALE.format(grade=5, miles=1), SALE.format(grade="", miles=999999)),
        [
            {"vin": "4T4BF1FK5DR275482", "began": "2014-12-18", "mileage_km": 62575},
            {"mileage_km": None, "mileage_value": 1.0, "mileage_quality": "sentinel"},
            {"mileage_km": None, "mileage_quality": "sentinel"},
        ],
        marks=frozenset({"mileage_sentinel"}),
    ),
    Trap(
        "ua_adverts: masks of two scripts, mileage in words, and none",
        "ua_adverts",
        table(
            "brand\tmodel\tyear\tvin_masked\tmileage_text\tprice_usd",
            "hyundai\tsanta_fe\t2013\tKMHSU81XxDUxxxx57\t222 тыс. км\t17600",
            "vaz\t2111\t2006\tXTA21114х60хххх75\tбез пробега\t2200",
            "toyota\tcamry\t2007\t\t230 тыс. км\t7900",
        ),
        [
            {"vin": "", "vin_pattern": "KMHSU81X*DU****57", "mileage_km": 222_000, "model": "santa fe"},
            {"vin_pattern": "XTA21114*60****75", "mileage_km": None, "mileage_quality": "sentinel"},
        ],
        ("identifier_missing",),
        frozenset({"vin_masked"}),
    ),
    Trap(
        "jp_stock: frames with suffix letters, cut, and a VIN among them",
        "jp_stock",
        table("make,model,chassis,year,kms", "Toyota,Prius,ZVW41W-3353272,2015,110000", "Toyota,Yaris,KXHA51D03320,2019,1", f"Lada,x,{VIN},2009,5"),
        [{"frame": "ZVW41W-3353272"}, {"frame": "KXHA51D03320"}, {"vin": VIN, "frame": ""}],
        marks=frozenset({"frame_unusual"}),
    ),
    Trap(
        "opencars: scripts mixed in a word; what is removed is taken back",
        "opencars_wanted",
        table(
            "revision_id;id;brand;color;number;body_number;chassis_number;engine_number;ovd;kind;status;theft_date;insert_date",
            "1;10;BAЗ - 2107;;АА1234ВВ;;;;ОВД;ЛЕГКОВИЙ;stolen;2019-05-06;",
            "2;10;BAЗ - 2107;;АА1234ВВ;;;;ОВД;ЛЕГКОВИЙ;removed;2019-05-06;",
        ),
        [{"make": "ВАЗ - 2107", "plate": "AA1234BB", "action": "state"}, {"action": "withdraw", "key": "wanted:10"}],
        marks=frozenset({"name_letters_repaired"}),
    ),
    Trap(
        "ru_lots: a VIN glued to its label, three vehicles in a title, a person's name, and no number at all",
        "ru_lots",
        table(
            "Полуприцеп Renders, VINYA5B3Z1N639B94500, 1996г.в. Тягач International, VIN 3HSCEAMR93N054641",
            "ИВАНОВ И.И.: автомобиль UAZ Piskup, 2020 г.в., ХТТ236320М1000318",
            "BAIC X35, 2023 года, 136 лс, 180000 км, АКПП",
        ),
        [
            {"vin": "YA5B3Z1N639B94500", "item": 1, "make": ""},
            {"vin": "3HSCEAMR93N054641", "item": 2},
            {"vin": "XTT236320M1000318", "make": "UAZ", "year": 2020, "text": "автомобиль UAZ Piskup, 2020 г.в., ХТТ236320М1000318"},
        ],
        ("identifier_missing",),
        frozenset({"vin_letters_repaired"}),
    ),
]  # fmt: skip


@pytest.mark.parametrize("trap", TRAPS, ids=[trap.says for trap in TRAPS])
def test_trap(tmp_path: Path, trap: Trap) -> None:
    content = trap.content if isinstance(trap.content, str | bytes) else json.dumps(trap.content)

    outcome = outcome_of(written(tmp_path, content), trap.mapping)

    assert outcome.refused is None
    assert [told_as(one, told) for one, told in zip(outcome.records, trap.told, strict=True)] == trap.told
    assert tuple(outcome.reasons) == trap.rejects
    assert set(outcome.tally.marks) == trap.marks


def told_as(record: object, told: dict[str, Any]) -> dict[str, Any]:
    """The fields of a record that are told, days as texts."""
    found = {name: getattr(record, name) for name in told}
    return {
        name: str(value) if name in {"began", "ended"} and value else value for name, value in found.items()
    }


@pytest.mark.parametrize(
    "piece", ["VIN", "1 ", "рег. номер: ", "марка ", "автомобиль ", "ZAQ", "1.", "2011 ", " ", ":"]
)
def test_no_title_of_a_lot_takes_more_than_its_length(tmp_path: Path, piece: str) -> None:
    title = piece * (600_000 // len(piece.encode()))  # would take hours where time grows with its square

    outcome = outcome_of(written(tmp_path, f"{title}\nLada, VIN {VIN}\n"), "ru_lots")

    assert [record.vin for record in outcome.records] == [VIN]


def copart(tmp_path: Path, cells: Mapping[str, str], leave_out: tuple[str, ...] = ()) -> Outcome:
    header = [name for name in catalogue.mapping("copart").file.header if name not in leave_out]
    names = ["Copart Select" if leave_out and name == "Wholesale" else name for name in header]
    row = [{"Lot number": "1", "VIN": VIN, "Year": "2019"}.get(name, "") for name in header]
    row = [cells.get(name, cell) for name, cell in zip(header, row, strict=True)]
    lines = [",".join(f'"{cell}"' for cell in line) for line in (names, row)]
    return outcome_of(written(tmp_path, "\n".join(lines) + "\n"), "copart")


def test_copart_with_columns_of_other_years(tmp_path: Path) -> None:
    older = copart(tmp_path, {}, ("Trim", "Seller Name", "AutoGrade", "Announcements"))
    newer = copart(tmp_path, {})

    assert older.fits["file.csv"].version == "55 columns"
    assert older.fits["file.csv"].renamed == (("Wholesale", "Copart Select"),)
    assert newer.fits["file.csv"].version == "59 columns"
    assert [one.row_hash for one in older.records] == [one.row_hash for one in newer.records]


def test_copart_without_a_sale_and_with_a_model_that_is_cut(tmp_path: Path) -> None:
    cells = {
        "Odometer": "1.0",
        "Odometer Brand": "N",
        "Model Group": "GRAND CHER",
        "Model Detail": "GRAND CHEROKEE LAREDO",
    }

    record = copart(tmp_path, cells).records[0]

    assert (record.began, record.mileage_km, record.mileage_quality) == (None, None, "not_actual")
    assert record.model == "GRAND CHER"
    assert record.attributes["variant"] == "GRAND CHEROKEE LAREDO"
    assert set(record.marks) == {"mileage_sentinel", "model_cut_by_source"}
