"""Cases that nobody had, with what is known of each: the same ones whenever they are made."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from service_kit.search.documents import Document, Name, NameKind, TextField
from service_kit.search.keeping.making import of_car

COUNT: Final = 20_000
SEED: Final = 17
OWNER: Final = "desk"
_START: Final = datetime(2025, 1, 1, tzinfo=UTC)
_DAYS: Final = 690
_SERIALS: Final = 10**6
# As the heads of real numbers: of each make a few, so that many cases share eleven characters and more.
MAKES: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "SKODA": (("Octavia", "Rapid", "Kodiaq", "Superb"), ("XW8AN4NE", "XW8AC2NH", "TMBJG7NE", "XW8LD6NS")),
    "TOYOTA": (("Camry", "Corolla", "Prius", "Highlander"), ("XW7BF4FK", "JTDKB20U", "JTMHV05J", "XW7BN4HK")),
    "LADA": (("Granta", "Vesta", "Priora", "Kalina"), ("XTA21900", "XTA21703", "XTAGFL11", "XTA11193")),
    "KIA": (("Rio", "Ceed", "Sportage", "Sorento"), ("Z94C241B", "XWEHC812", "XWEPH81A", "Z94CB41A")),
    "HYUNDAI": (("Solaris", "Creta", "Tucson", "Elantra"), ("Z94CT41D", "Z94G2811", "TMAJ3812", "Z94K241C")),
    "VOLKSWAGEN": (("Polo", "Passat", "Tiguan", "Golf"), ("XW8ZZZ61", "WVWZZZ3C", "XW8ZZZ5N", "WVWZZZ1K")),
    "MAZDA": (("CX-5", "3", "6", "CX-7"), ("RUMKE891", "JMZBK14L", "JMZGG128", "JMZER893")),
    "NISSAN": (("Qashqai", "X-Trail", "Almera", "Juke"), ("Z8NHSNDJ", "SJNFAAJ1", "Z8NAJL01", "SJNFBAF1")),
    "BMW": (("X5", "320", "520", "X3"), ("X4XKS494", "WBA3B1C5", "WBAFR710", "WBAWX310")),
    "FORD": (("Focus", "Mondeo", "Kuga", "Fiesta"), ("X9FKXXEE", "WF0EXXGB", "Z6FAXXES", "X9FMXXEE")),
}
_TENTH: Final = "ABCDEFGHJKLMNPR"
_YEARS: Final = range(2010, 2025)
# The form in which a text has it, and others in which somebody asks for it.
TOWNS: Final = {
    town: tuple(forms.split())
    for town, forms in {
        "Казань": "Казани Казанью",
        "Самара": "Самаре Самары",
        "Омск": "Омске Омска",
        "Уфа": "Уфе Уфы",
        "Пермь": "Перми Пермью",
        "Тула": "Туле Тулы",
        "Тверь": "Твери Тверью",
        "Сочи": "Сочи",
        "Воронеж": "Воронеже Воронежа",
        "Краснодар": "Краснодаре Краснодара",
        "Иркутск": "Иркутске Иркутска",
        "Калуга": "Калуге Калуги",
        "Рязань": "Рязани Рязанью",
        "Саратов": "Саратове Саратова",
        "Барнаул": "Барнауле Барнаула",
        "Кемерово": "Кемерово",
        "Томск": "Томске Томска",
        "Псков": "Пскове Пскова",
        "Мурманск": "Мурманске Мурманска",
        "Челябинск": "Челябинске Челябинска",
    }.items()
}
COLOURS: Final = {
    "серый": ("серая", "серого", "серую"),
    "чёрный": ("черная", "черного", "чёрную"),
    "белый": ("белая", "белого", "белую"),
    "красный": ("красная", "красного", "красную"),
    "синий": ("синяя", "синего", "синюю"),
    "зелёный": ("зеленая", "зеленого", "зелёную"),
    "бежевый": ("бежевая", "бежевого", "бежевую"),
    "серебристый": ("серебристая", "серебристого", "серебристую"),
}
PARTS: Final = {
    part: tuple(forms.split())
    for part, forms in {
        "стойке": "стойка стойки стойку",
        "лонжероне": "лонжерон лонжерона лонжероном",
        "пороге": "порог порога порогом",
        "капоте": "капот капота капотом",
        "крыле": "крыло крыла крылом",
        "табличке": "табличка таблички табличку",
        "перегородке": "перегородка перегородки перегородку",
        "раме": "рама рамы раму",
        "двери": "дверь дверью дверей",
        "стекле": "стекло стекла стеклом",
        "ремне": "ремень ремня ремнем",
        "крышке": "крышка крышки крышку",
        "площадке": "площадка площадки площадку",
        "балке": "балка балки балку",
        "арке": "арка арки арку",
        "панели": "панель панелью панелей",
    }.items()
}
FLAWS: Final = {
    flaw: tuple(forms.split())
    for flaw, forms in {
        "следы сварки": "сварка сварку сваркой",
        "слой шпаклёвки": "шпаклевка шпаклевку шпаклевкой",
        "пятна ржавчины": "ржавчина ржавчину ржавчиной",
        "глубокие царапины": "царапина царапину царапинами",
        "перебитая цифра": "перебитую перебитой цифру",
        "неровный шрифт": "шрифт шрифта шрифтом",
        "свежая краска": "краску краски краской",
        "срезанная заклёпка": "заклепка заклепку заклепки",
        "наплыв металла": "наплыва наплывы металл",
        "вырезанный участок": "вырезанного участка участки",
        "переклеенная наклейка": "наклейку наклейки наклейкой",
        "сточенный знак": "знака знаки знаком",
        "следы напильника": "напильник напильником напильники",
        "двойной контур": "контура контуры контуром",
        "трещина грунта": "трещины трещину грунт",
        "чужая маркировка": "маркировку маркировки маркировкой",
    }.items()
}
SURNAMES: Final = (
    *("Иванов", "Петров", "Сидоров", "Кузнецов", "Смирнов", "Попов", "Волков"),
    *("Соколов", "Лебедев", "Козлов", "Новиков", "Морозов", "Павлов", "Орлов"),
)
_LETTERS: Final = "ABEKMHOPCTYX"
_REGIONS: Final = ("16", "63", "77", "116", "163", "777", "54", "02", "102", "197")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one generated case."""

    id: UUID
    vin: str
    plate: str
    phone: str
    number: str
    make: str
    model: str
    year: int
    colour: str
    town: str
    part: str
    flaw: str
    expert: str
    at: datetime

    def document(self) -> Document:
        """As a service makes it."""
        car = of_car(self.make, self.model, self.year, vin=self.vin)
        keys = {
            NameKind.NUMBER: self.vin,
            NameKind.PLATE: self.plate,
            NameKind.PHONE: self.phone,
            NameKind.CASE: self.number,
        }
        return Document(
            id=self.id,
            version=1,
            owner=OWNER,
            at=self.at,
            names=frozenset(Name(kind, key) for kind, key in keys.items()),
            texts={
                TextField.ABOUT: f"{car.words}\n{self.colour}",
                TextField.PEOPLE: self.expert,
                TextField.FINDINGS: f"На {self.part}: {self.flaw}, это видно и при дневном свете.",
                TextField.MESSAGES: f"Смотрели в городе {self.town}, цвет {self.colour}. Можно ли брать?",
            },
            facets={"make": frozenset({self.make}), "year": frozenset({str(self.year)})},
        )


def cases(count: int = COUNT) -> Sequence[Facts]:
    """The same ones whenever they are asked for."""
    chance = random.Random(SEED)
    made: list[Facts] = []
    for number in range(count):
        make = chance.choice(sorted(MAKES))
        models, heads = MAKES[make]
        made.append(
            Facts(
                id=UUID(int=(number << 64) | chance.getrandbits(60)),
                vin=f"{chance.choice(heads)}{chance.randrange(10)}{chance.choice(_TENTH)}"
                f"{chance.choice('012')}{chance.randrange(_SERIALS):06d}",
                plate=_plate(chance),
                phone=f"79{chance.randrange(10**9):09d}",
                number=f"A{number + 1:07d}",
                make=make,
                model=chance.choice(models),
                year=chance.choice(_YEARS),
                colour=chance.choice(sorted(COLOURS)),
                town=chance.choice(sorted(TOWNS)),
                part=chance.choice(sorted(PARTS)),
                flaw=chance.choice(sorted(FLAWS)),
                expert=f"{chance.choice(SURNAMES)} {chance.choice('АБВГДЕИКЛМ')}.",
                at=_START + timedelta(days=chance.randrange(_DAYS), seconds=number),
            )
        )
    return made


def _plate(chance: random.Random) -> str:
    letters = "".join(chance.choices(_LETTERS, k=3))
    return f"{letters[0]}{chance.randrange(1, 1000):03d}{letters[1:]}{chance.choice(_REGIONS)}"
