"""A playbook to begin with: what is looked at on each kind of marking, and words that are said often."""

from itertools import chain
from typing import Final

from bpa_service.experts.domain import Expert
from bpa_service.playbook import queries, service
from bpa_service.playbook.models import Language, TemplateKind
from bpa_service.playbook.service import Question, Words
from service_kit.db import Session, database_now
from shared_schemas.words import Shot, Verdict

K: Final = TemplateKind
V: Final = Verdict


def _both(
    kind: TemplateKind,
    russian: tuple[str, str],
    english: tuple[str, str],
    *,
    shot: Shot | None = None,
    verdict: Verdict | None = None,
) -> tuple[Words, Words]:
    """The same words in each language of clients: title and text."""
    russian_words, english_words = (
        Words(kind=kind, title=title, text=text, shot=shot, verdict=verdict, language=language)
        for language, (title, text) in ((Language.RU, russian), (Language.EN, english))
    )
    return russian_words, english_words


# On which photos, in Russian and in English, whether there is no answer without it, and what is found if not so.
CHECKS: Final = (
    (
        Shot.VIN_STAMPED,
        "Глубина, шаг и наклон знаков ровные",
        "Depth, pitch and slant of the characters are even",
        True,
        (
            "Знаки неровные: глубина, шаг или наклон различаются.",
            "The characters are uneven in depth, pitch or slant.",
        ),
    ),
    (
        Shot.VIN_STAMPED,
        "Краска и металл вокруг номера без следов сварки и шлифовки",
        "Paint and metal around the number show no traces of welding or grinding",
        True,
        (
            "Вокруг номера следы сварки, шлифовки или свежей краски.",
            "Around the number there are traces of welding, grinding or fresh paint.",
        ),
    ),
    (
        Shot.VIN_STAMPED,
        "Шрифт такой, как у этого завода в эти годы",
        "The typeface is that of this plant in these years",
        False,
        (
            "Шрифт не такой, как у этого завода в эти годы.",
            "The typeface is not that of this plant in these years.",
        ),
    ),
    (
        Shot.VIN_PLATE,
        "Заклёпки заводские, табличку не снимали",
        "The rivets are the maker's, the plate was not taken off",
        True,
        (
            "Заклёпки не заводские, или табличку снимали.",
            "The rivets are not the maker's, or the plate was taken off.",
        ),
    ),
    (
        Shot.VIN_PLATE,
        "Номер на табличке тот же, что на кузове",
        "The number on the plate is the one on the body",
        True,
        ("Номер на табличке не тот, что на кузове.", "The number on the plate is not the one on the body."),
    ),
    (
        Shot.DOOR_STICKER,
        "Наклейка не переклеена, защитный рисунок цел",
        "The sticker was not moved, its security pattern is whole",
        False,
        (
            "Наклейка переклеена, или защитный рисунок нарушен.",
            "The sticker was moved, or its security pattern is broken.",
        ),
    ),
    (
        Shot.WINDSHIELD_VIN,
        "Номер под стеклом тот же, что на кузове",
        "The number behind the windshield is the one on the body",
        False,
        (
            "Номер под стеклом не тот, что на кузове.",
            "The number behind the windshield is not the one on the body.",
        ),
    ),
    (
        Shot.GLASS_MARKS,
        "Годы на стёклах не позже года машины",
        "The years on the glass are no later than that of the car",
        False,
        ("Стёкла новее машины.", "The glass is newer than the car."),
    ),
    (
        Shot.SEAT_BELT_TAG,
        "Дата на бирке ремня не позже даты выпуска",
        "The date on the belt's tag is no later than that of the car",
        False,
        ("Ремень новее машины.", "The belt is newer than the car."),
    ),
    (
        Shot.ODOMETER,
        "Пробег не меньше известных прежних показаний",
        "The mileage is no less than readings that are known from before",
        False,
        ("Пробег меньше прежних показаний.", "The mileage is less than readings from before."),
    ),
)
TEMPLATES: Final = (
    _both(
        K.QUESTION,
        ("Ближе", "Снимите ближе и без блика: номер во весь кадр."),
        ("Closer", "Closer and without glare, please: the number filling the picture."),
    ),
    _both(
        K.QUESTION,
        ("Протереть", "Протрите номер тряпкой и снимите ещё раз."),
        ("Wipe it", "Wipe the number with a cloth and take it again."),
        shot=Shot.VIN_STAMPED,
    ),
    _both(
        K.QUESTION,
        ("Свет сбоку", "Посветите фонариком сбоку и снимите ещё раз: {shot}."),
        ("Light from the side", "Light it from the side and take it again: {shot}."),
    ),
    _both(
        K.MESSAGE,
        ("Взяли в работу", "Смотрим {car}, ответ будет к обещанному времени."),
        ("We are on it", "We are looking at {car}; the answer comes when it was promised."),
    ),
    _both(
        K.FINDING,
        ("Шаг знаков", "Шаг знаков неровный, рядом видны следы обработки металла."),
        ("Pitch", "The pitch is uneven, and the metal beside it was worked on."),
    ),
    _both(
        K.SUMMARY,
        ("Признаков нет", "Номер {vin}: признаков изменения маркировки на снимках не видно."),
        ("No signs", "Number {vin}: the photos show no signs of altered markings."),
        verdict=V.CLEAN,
    ),
    _both(
        K.SUMMARY,
        ("Есть сомнения", "Номер {vin}: есть отклонения, по снимкам их не объяснить."),
        ("Doubts", "Number {vin}: something is off that the photos do not explain."),
        verdict=V.DOUBTS,
    ),
    _both(
        K.SUMMARY,
        ("Признаки изменения", "Номер {vin}: на снимках видны признаки изменения маркировки."),
        ("Signs of alteration", "Number {vin}: the photos show signs of altered markings."),
        verdict=V.FORGERY_SIGNS,
    ),
    _both(
        K.SUMMARY,
        ("Не разобрать", "Номер {vin}: по этим снимкам ничего сказать нельзя."),
        ("Not enough", "Number {vin}: these photos do not let us tell."),
        verdict=V.INSUFFICIENT_DATA,
    ),
    _both(
        K.ADVICE,
        (
            "Можно смотреть дальше",
            "На снимках против номера ничего не видно. Перед оплатой сверьте его на машине с документами.",
        ),
        (
            "Go on",
            "The photos show nothing against the number. Before you pay compare it on the car with the papers.",
        ),
        verdict=V.CLEAN,
    ),
    *(
        _both(
            K.ADVICE,
            ("Не платить", "Не вносите задаток, пока номер не проверят на месте."),
            ("Do not pay", "Pay no deposit before the number was looked at on the spot."),
            verdict=verdict,
        )
        for verdict in (V.DOUBTS, V.FORGERY_SIGNS, V.INSUFFICIENT_DATA)
    ),
)


async def ensure(session: Session, *, by: Expert) -> None:
    """Put it in place of an empty playbook; one that somebody has begun stays as it is."""
    now = await database_now(session)
    if not await queries.checks(session):
        for position, (shot, text, text_en, required, (odd_text, odd_text_en)) in enumerate(CHECKS):
            question = Question(
                shot=shot,
                text=text,
                text_en=text_en,
                odd_text=odd_text,
                odd_text_en=odd_text_en,
                required=required,
                position=10 * position,
            )
            await service.add_check(session, question, by=by, now=now)
    if not await queries.templates(session):
        for words in chain.from_iterable(TEMPLATES):
            await service.add_template(session, words, by=by, now=now)
