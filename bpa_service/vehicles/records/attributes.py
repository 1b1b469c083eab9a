"""What else a record may say of a vehicle: each attribute has a name, a type and a meaning, and a limit.

Values are kept as text in one spelling per type, so that a store needs one column for all: a number without
trailing zeros and with a dot, `true` or `false`, a day as 2014-12-18, words as the source has them.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class AttributeType(StrEnum):
    """How the text of a value is to be read."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Attribute:
    """`unit` is that of a number: cc, kW, hp, kg, g/km, cm."""

    type: AttributeType
    means: str
    unit: str = ""


_T, _N, _F, _D = AttributeType.TEXT, AttributeType.NUMBER, AttributeType.FLAG, AttributeType.DAY

ATTRIBUTES: Final[dict[str, Attribute]] = {
    # What the vehicle is.
    "variant": Attribute(_T, "trim, version or sub-model"),
    "vehicle_type": Attribute(_T, "car, van, motorcycle …, in the source's words"),
    "category": Attribute(_T, "M1, N1, B … of the type approval or the licence"),
    "body_type": Attribute(_T, "saloon, estate …"),
    "fuel": Attribute(_T, "petrol, diesel, electric …"),
    "transmission": Attribute(_T, "manual, automatic …"),
    "drive": Attribute(_T, "front, rear, all"),
    "steering": Attribute(_T, "side of the steering wheel"),
    "interior_colour": Attribute(_T, "colour of the seats"),
    "second_colour": Attribute(_T, "second colour of the body"),
    "engine_model": Attribute(_T, "the maker's code of the engine"),
    "engine_cc": Attribute(_N, "displacement", "cc"),
    "power_hp": Attribute(_N, "power", "hp"),
    "power_kw": Attribute(_N, "power", "kW"),
    "cylinders": Attribute(_N, "number of cylinders"),
    "doors": Attribute(_N, "number of doors"),
    "seats": Attribute(_N, "number of seats"),
    "mass_kg": Attribute(_N, "unladen mass", "kg"),
    "gross_mass_kg": Attribute(_N, "most permitted mass", "kg"),
    "co2": Attribute(_N, "emission of CO2", "g/km"),
    "emission_class": Attribute(_T, "Euro 5 …"),
    "type_approval": Attribute(_T, "number of the type approval"),
    "first_registered": Attribute(_D, "first registration anywhere"),
    "first_registered_here": Attribute(_D, "first registration in the source's country"),
    "built_on": Attribute(_D, "day of manufacture"),
    "built_from": Attribute(_D, "first day of a range of manufacture"),
    "built_to": Attribute(_D, "last day of a range of manufacture"),
    # What happened.
    "subject": Attribute(_T, "which test, auction, claim …, in the source's words"),
    "result": Attribute(_T, "how it came out, in the source's words"),
    "number": Attribute(_T, "number of the card, claim, contract, campaign …"),
    "valid_to": Attribute(_D, "day until which it holds"),
    "owner_type": Attribute(_T, "natural or legal person"),
    "owners": Attribute(_N, "number of owners so far"),
    "organisation": Attribute(_T, "company or office in it; never a person"),
    "condition": Attribute(_N, "condition, from 0 (worst) to 1 (best), whatever the source's scale"),
    "condition_scale": Attribute(_T, "the scale that the source's grade was on"),
    "damage": Attribute(_T, "what is damaged, in words"),
    "second_damage": Attribute(_T, "what else is damaged"),
    "estimate": Attribute(_N, "what it is estimated to be worth, in `currency`"),
    "repair_cost": Attribute(_N, "what repairing it is estimated to cost, in `currency`"),
    "defect": Attribute(_T, "what is wrong with it"),
    "remedy": Attribute(_T, "what is to be done about it"),
    "affected": Attribute(_N, "number of vehicles of a recall"),
    "seller": Attribute(_T, "a seller's pseudonym or company"),
    "title": Attribute(_T, "kind of title of ownership"),
    "runs": Attribute(_T, "whether it runs and drives, in the source's words"),
    "keys": Attribute(_F, "whether there are keys"),
    "insured": Attribute(_F, "whether it is insured as required"),
    "exported": Attribute(_F, "whether it left the country"),
    "taxi": Attribute(_F, "whether it was a taxi"),
    "open_recall": Attribute(_F, "whether a recall is open for it"),
    "mileage_judgement": Attribute(
        _T, "what the source thinks of the mileages: logical, illogical, declined, never_registered"
    ),
    "mileage_judgement_code": Attribute(_T, "the source's code for that"),
    "mileage_last_year": Attribute(_N, "year of the last mileage registered"),
}
