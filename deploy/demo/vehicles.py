"""A history for the demo's car: files as four sources deliver them. All that is said in them is made up.

Its mileage falls once, a register gives it another colour, and for two years nobody says anything of it.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

AS_OF: Final = "2026-10-01"
_PLATE: Final = "А123ВС77"
_CARDS: Final = (
    ("2014-05-20", "60112"),
    ("2016-06-02", "98455"),
    ("2018-05-11", "141230"),
    ("2021-07-30", "68870"),
    ("2023-08-14", "93405"),
)
_OWNERS: Final = (("2013-03-12", "2016-09-01"), ("2016-09-05", "2018-11-20"), ("2019-06-03", None))
_AUCTIONS: Final = (
    "YEAR,MAKE,MODEL,TRIM,BODY,TRANSMISSION,VIN,STATE,CONDITION,ODOMETER,COLOR,INTERIOR,SELLER,MMR,SELLINGPRICE,"
    "SALEDATE\n"
    "2011,Land Rover,Discovery,HSE,SUV,automatic,{vin},nj,38,11204,silver,black,seller 1,30500,31000,"
    "Tue Nov 13 2012 10:00:00 GMT-0500 (EST)\n"
)
_OPERATIONS: Final = (
    "resource_id,person,reg_address,code,name,reg_date,office_id,office_name,make,model,year,color,kind,body,"
    "purpose,fuel,capacity,own_weight,total_weight,number,vin\n"
    "1,P,,315,ПЕРЕРЕЄСТРАЦІЯ ПРИ ЗМІНІ ВЛАСНИКА,2019-02-04,8041,ТСЦ 8041,LAND ROVER,DISCOVERY,2011,ЧЕРВОНИЙ,"
    "ЛЕГКОВИЙ,УНІВЕРСАЛ,ЗАГАЛЬНИЙ,ДИЗЕЛЬНЕ ПАЛИВО,2993,2583,3240,AA1234BB,{vin}\n"
)
_WANTED: Final = (
    "revision_id,id,brand,color,number,body_number,chassis_number,engine_number,ovd,kind,status,theft_date,"
    "insert_date\n"
    "1,1,BMW - X5,ЧОРНИЙ,AA4321BB,WBAFE41080L000001,,,ОВД,ЛЕГКОВИЙ,stolen,2020-02-04T00:00:00,"
    "2020-02-05T00:00:00\n"
)


def written(folder: Path, vin: str) -> Mapping[str, Path]:
    """The files, by the source that each is of."""
    contents = {
        "gibdd": json.dumps(_of_the_register(vin), ensure_ascii=False),
        "us_auctions": _AUCTIONS.format(vin=vin),
        "opencars_operations": _OPERATIONS.format(vin=vin),
        "opencars_wanted": _WANTED,
    }
    paths = {source: folder / f"{source}{'.json' if source == 'gibdd' else '.csv'}" for source in contents}
    for source, path in paths.items():
        path.write_text(contents[source], encoding="utf-8")
    return paths


def dropped(folder: Path, vin: str) -> None:
    """Put the files where bpa's worker looks for them, each in the folder of its source."""
    with TemporaryDirectory(dir=folder, prefix=".") as own:
        for source, path in written(Path(own), vin).items():
            (folder / source).mkdir(exist_ok=True)
            path.replace(folder / source / f"{AS_OF}{path.suffix}")


def _of_the_register(vin: str) -> list[dict[str, Any]]:
    vehicle = {
        "vin": vin,
        "bodyNumber": vin,
        "engineNumber": "306DT0123456",
        "model": "LAND ROVER DISCOVERY",
        "year": "2011",
        "color": "СЕРЕБРИСТЫЙ",
        "category": "В",
        "engineVolume": "2993",
        "powerHp": "245",
    }
    owners = [{"from": since, "to": until, "simplePersonType": "Natural"} for since, until in _OWNERS]
    cards = [
        {
            "dcNumber": f"00000000000{place}",
            "dcDate": day,
            "odometerValue": km,
            "brand": "LAND ROVER",
            "vin": vin,
        }
        for place, (day, km) in enumerate(_CARDS)
    ]
    accident = {
        "AccidentDateTime": "22.03.2017 08:45",
        "AccidentNumber": "000000001",
        "AccidentType": "Столкновение",
        "VehicleMark": "LAND ROVER",
        "VehicleModel": "Discovery",
        "VehicleYear": "2011",
        "VehicleDamageState": "Повреждено",
        "RegionName": "Московская область",
    }
    about = {"vin": vin, "status": 200}
    return [
        {
            **about,
            "regnum": _PLATE,
            "RequestResult": {"vehicle": vehicle, "ownershipPeriods": {"ownershipPeriod": owners}},
        },
        {**about, "RequestResult": {"diagnosticCards": cards}},
        {**about, "RequestResult": {"Accidents": [accident]}},
    ]
