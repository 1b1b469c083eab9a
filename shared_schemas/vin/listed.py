"""Codes of which at least two of three lists (vininfo, Wikipedia, OpenCars) name one of these makes.

No car was looked at for them. The makes of one concern stand together where its plants build several.
"""

from typing import Final

from shared_schemas.vin.codes import Row

_SOURCE: Final = "at least two of vininfo, Wikipedia's list and OpenCars"

_GM: Final = (
    "Chevrolet",
    "GMC",
    "Buick",
    "Pontiac",
    "Oldsmobile",
    "Cadillac",
    "Saturn",
    "Hummer",
    "Opel",
    "Saab",
)
_GM_ABROAD: Final = (*_GM, "Daewoo", "Holden", "Vauxhall", "Suzuki", "Isuzu", "Ravon")
_CHRYSLER: Final = ("Chrysler", "Dodge", "Jeep", "RAM", "Plymouth", "Eagle", "Lancia", "Fiat", "Volkswagen")
_FORD: Final = ("Ford", "Lincoln", "Mercury", "Mazda")
_HONDA: Final = ("Honda", "Acura")
_TOYOTA: Final = ("Toyota", "Lexus", "Scion", "Daihatsu", "Subaru", "Suzuki", "Pontiac")
_NISSAN: Final = ("Nissan", "Infiniti", "Datsun", "Mercury", "Renault", "Mitsubishi", "Opel")
_FIAT: Final = ("Fiat", "Abarth", "Alfa Romeo", "Lancia", "Jeep", "Ford", "RAM")
_PSA: Final = ("Peugeot", "Citroën", "DS", "Opel", "Vauxhall", "Toyota", "Fiat")
_SUZUKI: Final = ("Suzuki", "Subaru", "Fiat", "Opel", "Nissan", "Mazda", "Maruti")
_MERCEDES: Final = ("Mercedes-Benz", "Dodge", "Freightliner", "Maybach", "smart", "Nissan", "Infiniti")

_ROWS: Final = (
    # North America
    ("1G1 1G2 1G3 1G4 1GC 1GN 1GM 1GK 1GD 1GT 1GJ 2G1 2G2 2G3 2G4 2GC 2GN 2GK 2GT 3GC 3GN 3GK 3GT 3GD", _GM),
    ("1GA 1GB 1GH 1G8 3G1 3G2 3G5 3G7 5GA 5GR 5GT 5GZ 5Y2 1Y1 2CK 2CN 2GG", _GM_ABROAD),
    ("1A4 1A8 1C3 1C8 2A4 2A8 2C3 2C4 2C8 3A4 3A8 3C3 3C8 4C3", _CHRYSLER),
    ("1B3 1D3 2B4 2B5 2B7 2B8 2D3 2D4 2D6 2D7 2D8 3B7 3D3 3D7 1J4 1J8 988 1P3 1P4 2P3 2P4 3P3", _CHRYSLER),
    ("1FB 1FC 2FA 2FB 2FC 2FM 2FT 1LN 1L1 2LM 2LN 3LN 1ME 3ME 1YV 3MZ", _FORD),
    ("2HH 2HN JH4 3CZ 4S6", _HONDA),
    ("1NX 3TM 5TF", _TOYOTA),
    ("5N3 JNK JNR JNX 4N2 1N6", _NISSAN),
    ("2HM", ("Hyundai", "Genesis")),
    ("5YM", ("BMW",)),
    ("1V1", ("Volkswagen",)),
    ("2S3 5Z6", (*_SUZUKI, "Chevrolet")),
    ("1HD", ("Harley-Davidson", "Buell")),
    ("1FU 1FV 2FU 2FV", ("Freightliner", "Sterling", "Western Star")),
    ("1M1 1M2 1M3 1M4", ("Mack",)),
    ("1XK 6F5", ("Kenworth",)),
    ("1XP", ("Peterbilt",)),
    ("2FZ", ("Sterling",)),
    ("2WK 2WL 2WM", ("Western Star",)),
    ("4V1 4V2 4V3 4V4 4V5 4V6", ("Volvo", "White")),
    # Europe
    ("WMX", _MERCEDES),
    ("WD3 WD4 WDA WDZ VSA NLE MBR 9BM", _MERCEDES),
    ("WDP WDY", _MERCEDES),
    ("WBX", ("BMW", "MINI")),
    ("WAP", ("Alpina", "BMW")),
    ("WV3", ("Volkswagen", "MAN")),
    ("WJM ZCF VF5 8AT 93Z", ("Iveco", "Magirus", "Fiat")),
    ("WAG", ("Neoplan", "MAN")),
    ("VSX SED SKF", _GM_ABROAD),
    ("VS7 935 8BC SDB 8AD 936", _PSA),
    ("VF2 VNV 8A1 93Y 9FB MEE", ("Renault", "Dacia", "Nissan", "Opel", "Vauxhall")),
    ("KNM", ("Renault", "Samsung", "Nissan")),
    ("VF6", ("Renault", "Volvo")),
    ("VF8", ("Matra", "Talbot", "Simca", "Renault")),
    ("VSK VWA MNT MDH 6F4 94D", (*_NISSAN, "Chevrolet")),
    ("VNK NMT 6T1 AHT 8AJ 9BR", (*_TOYOTA, "Volkswagen")),
    ("MR0 MHF MBJ TW1 LTV LVG LFM", _TOYOTA),
    ("TMA NLH 9BH AC5 ADD", ("Hyundai", "Genesis")),
    ("MAL", ("Hyundai", "Kia")),
    ("U5Y U6Y", ("Kia", "Hyundai")),
    ("TSM MA3 8AK VSE", _SUZUKI),
    ("TMT", ("Tatra",)),
    ("VBK", ("KTM", "Husqvarna", "GasGas")),
    ("YS2 YS4 9BS VLU XLE", ("Scania",)),
    ("YS3 YK1 YTN", ("Saab", "Opel", "Porsche", "NEVS")),
    ("YV2 YV3 9BV", ("Volvo", "Renault")),
    ("XLB", ("Volvo", "Mitsubishi")),
    ("XMC", ("Mitsubishi", "Volvo", "smart")),
    ("XLR", ("DAF",)),
    ("SAR SAX", ("Rover", "MG", "Land Rover", "Honda", "Sterling")),
    ("SCC", ("Lotus", "Opel", "Vauxhall")),
    ("SCE", ("DeLorean",)),
    ("SCF", ("Aston Martin",)),
    ("SBM", ("McLaren",)),
    ("SEY", ("LDV", "Maxus")),
    ("SFD", ("Alexander Dennis", "Dennis")),
    ("SMT", ("Triumph",)),
    ("SUP", ("Daewoo", "FSO", "Chevrolet", "Polonez")),
    ("SUF", _FIAT),
    ("UU6", ("Daewoo", "Chevrolet")),
    ("NM0", ("Ford",)),
    ("NM4", (*_FIAT, "Tofaş", "Opel", "Peugeot", "Citroën")),
    ("ZLA", ("Lancia", "Fiat", "Chrysler")),
    ("ZAM", ("Maserati",)),
    ("ZDF", ("Ferrari", "Dino")),
    ("ZCG", ("Cagiva", "MV Agusta", "Husqvarna")),
    ("ZD3", ("Betamotor",)),
    ("ZD4", ("Aprilia",)),
    ("ZDM", ("Ducati",)),
    ("ZAP", ("Piaggio", "Vespa", "Gilera", "Aprilia", "Derbi", "Moto Guzzi")),
    ("ZGU", ("Moto Guzzi",)),
    # Asia, Africa, Oceania, South America
    (
        "JA3 JA4 MMB MMC MMT 6MM",
        ("Mitsubishi", "Chrysler", "Dodge", "Eagle", "Plymouth", "Fiat", "RAM", "Volvo"),
    ),
    ("1Z3 1Z7", ("Mitsubishi", "Dodge")),
    ("JT6 JT8", ("Lexus", "Toyota")),
    ("JTK JTL", ("Scion", "Toyota")),
    ("JS1 JS2 JS3 JSA", (*_SUZUKI, "Chevrolet", "Geo")),
    ("JKA JKB", ("Kawasaki",)),
    ("JM1 JM3", ("Mazda",)),
    ("YCM MM8", ("Mazda", "Ford")),
    ("JH2", _HONDA),
    ("1HF", _HONDA),
    ("93H MHR MRH NLA LUC LHG MAK MLH 9C2", _HONDA),
    ("JYA JYE JYM", ("Yamaha",)),
    ("KPA KPT", ("SsangYong", "KGM", "Daewoo", "Mercedes-Benz")),
    ("KLA KL7 MMM", _GM_ABROAD),
    ("6G1 6H8", (*_GM_ABROAD, "HSV")),
    ("6FP 8AF 9BF AFA MNB PE1", _FORD),
    ("8AG 8GG 9BG", _GM_ABROAD),
    ("9BW 8AW AAV VWV", ("Volkswagen", "SEAT", "Audi", "Ford")),
    ("LFV LSV", ("Volkswagen", "Audi", "Škoda", "Jetta")),
    ("93U 93V 99A", ("Audi", "Volkswagen")),
    ("9BD 8AP ZFC", _FIAT),
    ("MP1 MPA", ("Isuzu", "Chevrolet", "Mazda")),
    ("LBE", ("Hyundai",)),
    ("LBV", ("BMW",)),
    ("LE4", ("Mercedes-Benz", "Beijing")),
    ("LVS", ("Ford", "Mazda", "Changan")),
    ("LFP LH1", ("FAW", "Mazda", "Haima", "Hongqi", "Bestune", "Besturn")),
    ("LGB", ("Dongfeng", "Nissan", "Infiniti", "Venucia")),
    ("LGH LGJ", ("Dongfeng", "Qoros", "Voyah")),
    ("LDC", ("Peugeot", "Citroën", "Dongfeng", "DS")),
    ("LSG", (*_GM_ABROAD, "Baojun", "Wuling")),
    ("LZW", ("Wuling", "Baojun", "Chevrolet")),
    ("LLV", ("Lifan",)),
    ("LZM", ("MAN",)),
    ("LZY", ("Yutong",)),
    ("LZG", ("Shacman", "Shaanxi")),
    ("MA1", ("Mahindra", "SsangYong")),
    ("MAT", ("Tata",)),
    ("PL1", ("Proton",)),
)

LISTED: Final = tuple(Row(codes, makes, _SOURCE) for codes, makes in _ROWS)
