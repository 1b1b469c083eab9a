"""Why something cannot be done with an inspection, in words that help."""

from http import HTTPStatus
from typing import Final

from cabinet_service.inspections.core.domain import OVER, Act, ActRefused, TaskState
from service_kit.http.problems import Problem
from shared_schemas.words import InspectionState


class InspectionIsOver(Problem):
    status = HTTPStatus.CONFLICT
    code = "inspection_is_over"
    en = "This inspection is over; nothing in it can be changed any more. You can order a new one."
    ru = "Эта проверка завершена, изменить в ней уже ничего нельзя. Можно заказать новую."


class NotSubmitted(Problem):
    status = HTTPStatus.CONFLICT
    code = "inspection_not_submitted"
    en = "This is still a draft: the experts see it once you send it."
    ru = "Это пока черновик: эксперты увидят его, когда вы его отправите."


class AlreadySubmitted(Problem):
    status = HTTPStatus.CONFLICT
    code = "inspection_already_submitted"
    en = "This inspection was sent already. You can still add photos and write to the experts."
    ru = "Эта проверка уже отправлена. Добавлять снимки и писать экспертам по-прежнему можно."


class AlreadyAnswered(Problem):
    status = HTTPStatus.CONFLICT
    code = "inspection_already_answered"
    en = "The answer is there already, so there is nothing to cancel. You can dispute it or close the inspection."
    ru = "Ответ уже дан, отменять нечего. Его можно оспорить, а проверку — закрыть."


class NotAnswered(Problem):
    status = HTTPStatus.CONFLICT
    code = "inspection_not_answered"
    en = "There is no final answer yet. If you no longer need one, you can cancel."
    ru = "Окончательного ответа ещё нет. Если он больше не нужен, проверку можно отменить."


class DisputeRuns(Problem):
    status = HTTPStatus.CONFLICT
    code = "dispute_runs"
    en = "The experts look at your objection. This has to wait for their answer, or you take the objection back."
    ru = "Эксперты разбирают ваше возражение. Дождитесь их ответа или отзовите возражение."


def problem_of(refusal: ActRefused) -> Problem:
    """The refusal as the client is told about it."""
    if refusal.state in OVER:
        return InspectionIsOver(state=refusal.state)
    if refusal.state is InspectionState.DRAFT:
        return NotSubmitted()
    match refusal.act:
        case Act.CANCEL:
            return AlreadyAnswered()
        case Act.DISPUTE | Act.CLOSE if refusal.state is InspectionState.DISPUTED:
            return DisputeRuns()
        case Act.DISPUTE | Act.CLOSE:
            return NotAnswered()
        case _:
            return AlreadySubmitted()


class InspectionIncomplete(Problem):
    status = HTTPStatus.CONFLICT
    code = "inspection_incomplete"
    en = (
        "The experts cannot start yet: a photo of the number is missing, or the number is not whole or wrong."
    )
    ru = "Экспертам пока не с чего начать: нет снимка номера, или сам номер неполный либо с ошибкой."


class EvidenceLost(Problem):
    status = HTTPStatus.CONFLICT
    code = "evidence_lost"
    en = "Some photos are no longer in our store, and we are told about it. Please send them again."
    ru = "Некоторых снимков больше нет в нашем хранилище, мы уже об этом знаем. Отправьте их ещё раз."


class UnknownEvidence(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "unknown_evidence"
    en = "These are not photos of this inspection: {evidence_ids}."
    ru = "Это не снимки этой проверки: {evidence_ids}."


class UnknownFinding(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "unknown_finding"
    en = "The answer has no such findings: {finding_ids}."
    ru = "Таких находок в ответе нет: {finding_ids}."


class AnswerChanged(Problem):
    """`version` is that of the newest answer."""

    status = HTTPStatus.CONFLICT
    code = "answer_changed"
    en = "The experts have changed the answer meanwhile. Read the new one first."
    ru = "За это время эксперты исправили ответ. Сначала прочитайте новый."


class UnknownInfoTask(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "unknown_info_task"
    en = "The experts did not ask for this in this inspection: {info_task_id}."
    ru = "В этой проверке эксперты такого не просили: {info_task_id}."


class InfoTaskAlreadyFulfilled(Problem):
    status = HTTPStatus.CONFLICT
    code = "info_task_already_fulfilled"
    en = "You have answered this already; the experts have it. More photos and messages are welcome."
    ru = "Вы на это уже ответили, эксперты всё получили. Можно прислать ещё снимки и сообщения."


class InfoTaskAlreadyDeclined(Problem):
    status = HTTPStatus.CONFLICT
    code = "info_task_already_declined"
    en = "You said that you cannot do this. If you can after all, send a photo or a message."
    ru = "Вы ответили, что не можете этого сделать. Если всё-таки получилось, пришлите снимок или сообщение."


class InfoTaskWithdrawn(Problem):
    status = HTTPStatus.CONFLICT
    code = "info_task_withdrawn"
    en = "The experts no longer need this."
    ru = "Экспертам это больше не нужно."


TASK_ENDED: Final[dict[TaskState, type[Problem]]] = {
    TaskState.FULFILLED: InfoTaskAlreadyFulfilled,
    TaskState.DECLINED: InfoTaskAlreadyDeclined,
    TaskState.WITHDRAWN: InfoTaskWithdrawn,
}


class InfoTaskNeedsPhoto(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "info_task_needs_photo"
    en = "A photo was asked for: send one, or say that you cannot."
    ru = "Здесь просят снимок: пришлите его или ответьте, что не можете."


class InfoTaskNeedsAnswer(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "info_task_needs_answer"
    en = "A question was asked: write an answer, or say that you cannot."
    ru = "Здесь задан вопрос: напишите ответ или укажите, что не можете ответить."


class ClockNotStarted(Problem):
    status = HTTPStatus.NOT_FOUND
    code = "clock_not_started"
    en = "The clock starts once the experts have the inspection."
    ru = "Отсчёт начнётся, когда проверку получат эксперты."
