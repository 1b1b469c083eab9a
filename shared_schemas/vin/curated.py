"""The codes that we looked into ourselves, each row with whence it is known.

"Published" cars are VINs whose make or year somebody published beside them: insolvency notices, adverts, recalls,
answers of the road police. "The lists" are vininfo's, Wikipedia's and OpenCars'. North America and China are
ordered by law to have the year at 10 and a check digit at 9, and need no word about it here.
"""

from typing import Final

from shared_schemas.vin.codes import CheckRule, Plant, Row, YearPlace

_AT_10, _AT_11, _NOWHERE = YearPlace.AT_10, YearPlace.AT_11, YearPlace.NOWHERE
_COMPUTED, _NONE = CheckRule.COMPUTED, CheckRule.NONE

_VW = "the lists; 16 published cars of the group agree in the year"
_HYUNDAI = "the lists; 17 published cars of the group agree in the year"
_MERCEDES = "the lists; the steering side stands at 10 in Europe: 2 of 9 published cars contradict a year"
_US = "the lists; 49 CFR 565 orders the year at 10, 8,621 published sales agree in position 7"
_BOOKS = "the lists"

_KIA_HYUNDAI = ("Hyundai", "Kia", "Genesis")
_CHERY = ("Chery", "Omoda", "Jaecoo", "Exeed", "Jetour", "Tenet", "Vortex", "Kaiyi", "Xcite")
_GREAT_WALL = ("Haval", "Great Wall", "Tank", "Wey", "Ora", "Poer")
_GEELY = ("Geely", "Belgee", "Knewstar", "Livan", "Zeekr", "Lynk & Co", "Proton", "Emgrand", "Englon")
_GM_OF_RUSSIA = ("Opel", "Chevrolet", "Cadillac", "Hummer", "Saab")
_MERCEDES_MAKES = ("Mercedes-Benz", "Maybach", "smart")
_TOYOTA_MAKES = ("Toyota", "Lexus", "Scion", "Daihatsu", "Suzuki", "Subaru")
_CHRYSLER_MAKES = ("Chrysler", "Jeep", "Dodge", "RAM", "Fiat", "Lancia", "Plymouth", "Eagle", "Volkswagen")

_RUSSIA: Final = (
    # AvtoVAZ and what it shares
    Row(
        "XTA",
        ("Lada",),
        "answers of the road police; 6 published cars agree in the year, none has a check digit",
        Plant.AVTOVAZ,
        _AT_10,
        _NONE,
    ),
    Row(
        "X9L",
        ("Chevrolet", "Lada", "Opel"),
        "2 published cars, sold under both makes; the plant's history",
        Plant.GM_AVTOVAZ,
        _AT_10,
        since=2002,
    ),
    Row("Y9L Y7C", ("Lada", "Bogdan", "Hyundai"), "2 published cars", Plant.BOGDAN, _AT_10),
    # GAZ, UAZ, KamAZ, MAZ
    Row(
        "X96",
        ("GAZ", "Mercedes-Benz", "Chevrolet"),
        "10 published GAZ, 9 without a check digit; vininfo knows the "
        "Mercedes-Benz vans that the plant assembled",
        Plant.GAZ,
    ),
    Row("XTH", ("GAZ",), "1 published car", Plant.GAZ),
    Row("XTT", ("UAZ",), "the lists; 3 published cars agree in the year", Plant.UAZ, _AT_10),
    Row("XTC", ("KamAZ",), "7 published lorries, 5 without a check digit", Plant.KAMAZ),
    Row("Y3M", ("MAZ",), "3 published lorries", Plant.MAZ),
    Row("XTB", ("Moskvich", "AZLK"), "OpenCars, and the registers of the Soviet Union", Plant.AZLK),
    Row("XTK", ("Izh", "Lada", "Kia"), "published cars", Plant.IZHAVTO),
    # Hyundai and Kia
    Row(
        "Z94",
        _KIA_HYUNDAI,
        "2 published Hyundai, 4 Kia, their years agree; none of 6 has a check digit",
        Plant.HYUNDAI_ST_PETERSBURG,
        _AT_10,
        _NONE,
        since=2010,
    ),
    Row(
        "XWE",
        _KIA_HYUNDAI,
        "7 published Kia, their years agree; none has a check digit",
        Plant.AVTOTOR,
        _AT_10,
        _NONE,
    ),
    Row("XWK", ("Kia",), "1 published car", Plant.IZHAVTO),
    Row(
        "X7M",
        ("Hyundai", "TagAZ", "Vortex", "SsangYong", "Chery"),
        "Wikipedia and OpenCars; the plant's models",
        Plant.TAGAZ,
    ),
    # Avtotor and GM
    Row(
        "X4X",
        ("BMW", "Kia", "Cadillac", "Hummer", "Chevrolet"),
        "3 published BMW, with a check digit and 0 at 10; the plant assembled the others",
        Plant.AVTOTOR,
        check=_COMPUTED,
    ),
    Row(
        "XWF",
        _GM_OF_RUSSIA,
        "2 published Cadillac, 2 Opel, 2 with the year; none has a check digit",
        Plant.AVTOTOR,
        _AT_10,
        _NONE,
    ),
    Row("XUU", _GM_OF_RUSSIA, "1 published Chevrolet; the lists say Avtotor", Plant.AVTOTOR),
    Row(
        "XUF",
        _GM_OF_RUSSIA,
        "2 published Opel, 1 Cadillac; the lists say GM Russia",
        Plant.GM_ST_PETERSBURG,
        since=2006,
    ),
    # The others of Russia, by plant
    Row(
        "XW8",
        ("Volkswagen", "Škoda", "Audi", "SEAT"),
        "4 published Škoda, 3 Volkswagen, their years agree; some models have a check digit",
        Plant.VOLKSWAGEN_KALUGA,
        _AT_10,
        since=2007,
    ),
    Row(
        "X9F",
        ("Ford",),
        "5 published cars; Ford's key: the year at 11. None has a check digit",
        Plant.FORD_VSEVOLOZHSK,
        _AT_11,
        _NONE,
        since=2002,
    ),
    Row(
        "Z6F",
        ("Ford",),
        "5 published cars; the same key. None has a check digit",
        Plant.FORD_SOLLERS,
        _AT_11,
        _NONE,
        since=2011,
    ),
    Row("XU3", ("Fiat", "Sollers"), "1 published car", Plant.SOLLERS_YELABUGA),
    Row("Z88", ("Fiat", "SsangYong"), "1 published car", Plant.SOLLERS_CHELNY),
    Row(
        "Z8U",
        ("SsangYong", "Toyota", "Mazda"),
        "2 published SsangYong; the plant's models",
        Plant.SOLLERS_VLADIVOSTOK,
        since=2009,
    ),
    Row("RUM", ("Mazda",), "1 published car", Plant.MAZDA_SOLLERS, since=2012),
    Row(
        "X7L", ("Renault", "Nissan", "Dacia", "Lada"), "the lists; 3 published Renault", Plant.RENAULT_MOSCOW
    ),
    Row(
        "Z8N",
        ("Nissan", "Datsun", "Infiniti"),
        "2 of 6 published cars contradict a year; none has a check digit",
        Plant.NISSAN_RUSSIA,
        _NOWHERE,
        _NONE,
        since=2009,
    ),
    Row(
        "Z8T",
        ("Mitsubishi", "Peugeot", "Citroën", "Opel"),
        "4 published Mitsubishi without a check digit; the plant's models",
        Plant.PSMA,
        check=_NONE,
        since=2010,
    ),
    Row(
        "XW7",
        ("Toyota", "Lexus"),
        "2 published cars, with a check digit and 0 at 10",
        Plant.TOYOTA_ST_PETERSBURG,
        check=_COMPUTED,
        since=2007,
    ),
    Row(
        "XZG",
        _GREAT_WALL,
        "1 published Haval, with a check digit",
        Plant.HAVAL_TULA,
        check=_COMPUTED,
        since=2019,
    ),
    Row("X9P", ("Volvo", "Renault"), "1 published lorry, with a check digit", Plant.VOLVO_KALUGA),
    Row("Z0W", ("MAN",), "1 published lorry", Plant.MAN_ST_PETERSBURG),
    Row(
        "Z9M",
        ("Mercedes-Benz", "Fuso", "Mitsubishi", "KamAZ"),
        "1 published lorry; the plant's makes",
        Plant.MERCEDES_TRUCKS_CHELNY,
    ),
    # Block E: given to Russia since 2022
    Row(
        "EDX EDE EC3",
        _CHERY,
        "4 published cars, of most only the group is known; all have a check digit",
        Plant.RUSSIA,
        check=_COMPUTED,
        since=2021,
        disputed=True,
    ),
    Row("EDA", _CHERY, "1 published car, without a check digit", Plant.RUSSIA, since=2021, disputed=True),
    Row("EBK", ("Sollers", "Xcite"), "1 published car", Plant.SOLLERS, since=2021, disputed=True),
    # Beside Russia
    Row("Y4K", (*_GEELY, "Zotye"), "2 published cars, with a check digit", Plant.BELGEE, check=_COMPUTED),
    Row(
        "Y6D",
        ("ZAZ", "Daewoo", "Chevrolet", "Chery", "Opel", "Lada", "Kia", "Mercedes-Benz", "JAC"),
        "published: ZAZ 1, Daewoo 1, Chery 1; adverts: Chevrolet, Opel",
        Plant.ZAZ,
        _AT_10,
    ),
    Row(
        "XWB",
        ("Daewoo", "Chevrolet", "Ravon"),
        "Wikipedia and OpenCars; the plant's models",
        Plant.ASAKA,
    ),
    # Makers of few cars share a code: the maker's own is at 12 to 14.
    Row("X89 X90", (), "published bodies on chassis of others"),
)

_CHINA: Final = (
    Row("HJR", _CHERY, "1 published Jetour; block H was given to China beside L"),
    Row("LVV LVT", _CHERY, "4 published cars; the lists"),
    Row("LGW", _GREAT_WALL, "1 published car; the lists"),
    Row("LB3 L6T", _GEELY, "2 published Geely; OpenCars"),
    Row(
        "LS4 LS5", ("Changan", "Suzuki", "Deepal", "Avatr", "Oshan"), "2 published Changan; the lists: Suzuki"
    ),
    Row("LRW", ("Tesla",), "vininfo; a stock list", Plant.TESLA_SHANGHAI, since=2019),
    Row("LSJ", ("MG", "Roewe", "Maxus"), "the lists"),
    Row(
        "LJ1",
        ("JAC", "NIO", "Moskvich", "Sollers"),
        "the lists; cars of the plant are sold under the others",
    ),
    Row("LGX LC0", ("BYD", "Denza"), "the lists"),
)

_EUROPE: Final = (
    Row("WVW WVG WV1 WV2", ("Volkswagen",), _VW, year=_AT_10),
    Row("WAU WA1 WUA TRU", ("Audi",), _VW, year=_AT_10),
    Row("TMB", ("Škoda",), _VW, year=_AT_10),
    Row("VSS", ("SEAT", "Cupra"), _VW + ", none of them a SEAT", year=_AT_10),
    Row("WP0 WP1", ("Porsche",), _BOOKS),
    Row("WBA WBS WBY", ("BMW", "Alpina"), _BOOKS + "; 9 published BMWs, some with 0 at 10"),
    Row("WMW", ("MINI", "BMW"), _BOOKS),
    Row("WDB WDC WDD WDF W1K W1N W1V", _MERCEDES_MAKES, _MERCEDES, year=_NOWHERE),
    Row("WME", ("smart", "Mercedes-Benz"), _MERCEDES, year=_NOWHERE),
    Row("WEB", ("Mercedes-Benz", "Setra"), _MERCEDES, Plant.EVOBUS, _NOWHERE),
    Row(
        "W0L",
        ("Opel", "Vauxhall", "Holden", "Chevrolet", "Buick", "Subaru"),
        "5 published cars agree",
        year=_AT_10,
    ),
    Row("W0V", ("Opel", "Vauxhall"), "vininfo; 1 published Vauxhall", year=_AT_10),
    Row("WF0", ("Ford", "Mazda"), "Ford's key of its European VINs; one published car agrees", year=_AT_11),
    Row("SFA VS6 TW2 UN1 MAJ", (), "the same key; several makers share these codes", year=_AT_11),
    Row("SAL", ("Land Rover",), _BOOKS + "; 6 published cars"),
    Row("SAJ", ("Jaguar",), _BOOKS + "; 3 published cars"),
    Row("SCA SCB", ("Rolls-Royce", "Bentley"), _BOOKS + "; 5 published cars"),
    Row("SB1", ("Toyota", "Daihatsu", "Suzuki"), _BOOKS),
    Row("SHH SHS JHM", ("Honda", "Acura"), _BOOKS + "; 3 published cars"),
    Row("SJN JN1 JN8", ("Nissan", "Infiniti", "Datsun"), _BOOKS + "; 6 published cars"),
    Row(
        "VF1",
        ("Renault", "Dacia", "Nissan", "Opel", "Vauxhall", "Mercedes-Benz", "Alpine"),
        "4 published cars contradict a year",
        year=_NOWHERE,
    ),
    Row("UU1", ("Dacia", "Renault", "Nissan", "Lada"), _BOOKS + "; recalls doubt the year", year=_NOWHERE),
    Row("VF3", ("Peugeot",), _BOOKS + "; 2 published cars"),
    Row("VF7", ("Citroën", "DS"), _BOOKS + "; 2 published cars"),
    Row("ZAR", ("Alfa Romeo",), _BOOKS + "; 3 published cars"),
    Row(
        "ZFA",
        ("Fiat", "Abarth", "Alfa Romeo", "Lancia", "Jeep"),
        _BOOKS + "; published: Fiat 3, Alfa Romeo 3",
    ),
    Row("ZFF", ("Ferrari",), _BOOKS),
    Row("ZHW", ("Lamborghini",), _BOOKS),
    Row("YV1 YV4", ("Volvo",), _BOOKS),
    Row("WMA", ("MAN", "Neoplan"), "the lists; build dates of recalls doubt a year at 10", year=_NOWHERE),
    Row(
        "TYB JL5 JL6", ("Fuso", "Mitsubishi"), "the lists; build dates of recalls doubt a year", year=_NOWHERE
    ),
    Row("XP7", ("Tesla",), "vininfo", Plant.TESLA_GRUNHEIDE, since=2022),
    Row("SFZ", ("Tesla", "Lotus"), "2 published Tesla", Plant.LOTUS_HETHEL),
)

_ASIA: Final = (
    Row("JMB JMY", ("Mitsubishi",), _BOOKS + "; 2 published cars"),
    Row("JMA", ("Mitsubishi",), "2 published cars; vininfo says Mazda", disputed=True),
    Row("JMZ", ("Mazda",), _BOOKS + "; recalls doubt the year, no car proves it", year=_NOWHERE),
    Row("JF1 JF2", ("Subaru", "Toyota", "Scion", "Saab"), _BOOKS + "; 6 published cars"),
    Row("JTD JTE JTM JTN", _TOYOTA_MAKES, _BOOKS),
    Row("JTH JTJ", ("Lexus", "Toyota"), _BOOKS + "; 4 published cars"),
    Row("JT2", ("Toyota", "Lexus"), "OpenCars; 178 published sales", light=True),
    Row("KMH", ("Hyundai", "Genesis", "Dodge"), _HYUNDAI, year=_AT_10),
    Row("KNA KND KNE", ("Kia", "Hyundai"), _HYUNDAI, year=_AT_10),
    Row(
        "KL1", ("Chevrolet", "Daewoo", "Opel", "Holden", "GMC", "Pontiac"), "the lists; 2 published Chevrolet"
    ),
)

_AMERICA: Final = (
    Row("1FA 1FM 1FT 3FA 3FM", ("Ford",), _US, light=True),
    Row("1FD 3FT", ("Ford",), _BOOKS + "; published cars, and lorries among them"),
    Row(
        "1ZV",
        ("Ford", "Mercury", "Mazda"),
        _BOOKS + "; 1 published Ford",
        Plant.AUTOALLIANCE,
        light=True,
    ),
    Row("5LM", ("Lincoln",), _US, light=True),
    Row("1G6 1GY 3GY", ("Cadillac",), _US, light=True),
    Row("1HG 2HG 2HJ 2HK 5FN 5J6 5J8 19U 4W5", ("Honda", "Acura"), _US, light=True),
    Row("1N4 5N1", ("Nissan", "Infiniti"), _US, light=True),
    Row("4T1 4T3 4T4 5TD 2T1 2T2 2T3 3TY", ("Toyota", "Lexus"), _US, light=True),
    Row("3VW 3VV 1VW", ("Volkswagen",), _US, light=True),
    Row("1C4 3C4 2B3", _CHRYSLER_MAKES, "the lists; the makes of the group share their codes", light=True),
    Row("1C6 3C6", ("RAM", "Jeep", "Dodge", "Chrysler"), "the lists; published: RAM 3, Jeep 1", light=True),
    Row("5NP 5NM 5XY 3KP KM8", _KIA_HYUNDAI, _HYUNDAI, year=_AT_10, light=True),
    Row("4S3 4S4", ("Subaru",), _US, light=True),
    Row("4US 5UX", ("BMW",), _US, light=True),
    Row("4JG", ("Mercedes-Benz",), _US, light=True),
    Row("5YJ 7SA", ("Tesla",), _US, light=True, since=2008),
    Row("1M8", ("MCI",), "OpenCars; 1 published bus; vininfo says Mercury", disputed=True),
    Row("8Y8", ("Jeep", "Chrysler", "Dodge"), "2 rows of a recall"),
)

CURATED: Final = (*_RUSSIA, *_CHINA, *_EUROPE, *_ASIA, *_AMERICA)

# Codes that are given, and of which no more is known than that: from published cars that begin with them.
GIVEN: Final = frozenset(
    {
        *("X1W", "X6D", "X9H", "XD2", "XUS", "Y39", "Y3B", "Y3H", "LNB", "19V", "4A3", "4A4", "7SY"),
        *("SDP", "SMZ", "SNT", "TAP"),
    }
)
