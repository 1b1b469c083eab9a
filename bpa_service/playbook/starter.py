"""A playbook to begin with: what is looked at on each kind of marking, and words that are said often."""

from typing import Final

from bpa_service.experts.domain import Expert
from bpa_service.playbook import queries, service
from bpa_service.playbook.models import TemplateKind
from bpa_service.playbook.service import Question, Words
from service_kit.db import Session, database_now
from shared_schemas.words import Shot

CHECKS: Final = (
    (Shot.VIN_STAMPED, "Глубина, шаг и наклон знаков ровные", True),
    (Shot.VIN_STAMPED, "Краска и металл вокруг номера без следов сварки и шлифовки", True),
    (Shot.VIN_STAMPED, "Шрифт такой, как у этого завода в эти годы", False),
    (Shot.VIN_PLATE, "Заклёпки заводские, табличку не снимали", True),
    (Shot.VIN_PLATE, "Номер на табличке тот же, что на кузове", True),
    (Shot.DOOR_STICKER, "Наклейка не переклеена, защитный рисунок цел", False),
    (Shot.WINDSHIELD_VIN, "Номер под стеклом тот же, что на кузове", False),
    (Shot.GLASS_MARKS, "Годы на стёклах не позже года машины", False),
    (Shot.SEAT_BELT_TAG, "Дата на бирке ремня не позже даты выпуска", False),
    (Shot.ODOMETER, "Пробег не меньше известных прежних показаний", False),
)
TEMPLATES: Final = (
    (TemplateKind.QUESTION, "Ближе", "Снимите ближе и без блика: номер во весь кадр.", None),
    (TemplateKind.QUESTION, "Протереть", "Протрите номер тряпкой и снимите ещё раз.", Shot.VIN_STAMPED),
    (TemplateKind.QUESTION, "Свет сбоку", "Посветите фонариком сбоку и снимите ещё раз: {shot}.", None),
    (TemplateKind.MESSAGE, "Взяли в работу", "Смотрим {car}, ответ будет к обещанному времени.", None),
    (TemplateKind.FINDING, "Шаг знаков", "Шаг знаков неровный: знаки набиты не заводским клеймом.", None),
    (TemplateKind.SUMMARY, "Следов нет", "Номер {vin}: следов изменения на снимках не видно.", None),
    (TemplateKind.ADVICE, "Не платить", "Не вносите задаток, пока номер не проверят на месте.", None),
)


async def ensure(session: Session, *, by: Expert) -> None:
    """Put it in place of an empty playbook; one that somebody has begun stays as it is."""
    now = await database_now(session)
    if not await queries.checks(session):
        for position, (shot, text, required) in enumerate(CHECKS):
            question = Question(shot=shot, text=text, required=required, position=10 * position)
            await service.add_check(session, question, by=by, now=now)
    if not await queries.templates(session):
        for kind, title, text, shot in TEMPLATES:
            words = Words(kind=kind, title=title, text=text, shot=shot)
            await service.add_template(session, words, by=by, now=now)
