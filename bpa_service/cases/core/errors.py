"""What can go wrong with a case. Every act that is refused says why, and by whom it is in the way."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class CaseErased(Problem):
    status = HTTPStatus.CONFLICT
    code = "case_erased"
    en = "The client of this case had their data erased; nothing can be done with it any more."
    ru = "Клиент этого дела стёр свои данные, с делом больше ничего нельзя сделать."


class CaseHeld(Problem):
    status = HTTPStatus.CONFLICT
    code = "case_held"
    en = "{holder} has this case in hand."
    ru = "Это дело уже взял(а) {holder}."


class CaseHeldByOther(Problem):
    status = HTTPStatus.CONFLICT
    code = "case_held_by_other"
    en = "{holder} has this case in hand; only they can do this."
    ru = "Дело сейчас ведёт {holder}; сделать это может только ведущий."


class CaseNotHeld(Problem):
    status = HTTPStatus.CONFLICT
    code = "case_not_held"
    en = "Nobody has this case in hand. Claim it first."
    ru = "Дело никем не взято. Сначала возьмите его."


class WrongCaseState(Problem):
    status = HTTPStatus.CONFLICT
    code = "wrong_case_state"
    en = "This cannot be done with the case as it stands now."
    ru = "С делом в его нынешнем состоянии этого сделать нельзя."


class DecisionIncomplete(Problem):
    """`missing` holds the codes of `completeness.Missing`."""

    status = HTTPStatus.CONFLICT
    code = "decision_incomplete"
    en = "The decision cannot be given yet: something that it needs is still missing."
    ru = "Решение пока нельзя выдать: не хватает того, без чего его не дают."


class DecisionTooLarge(Problem):
    status = HTTPStatus.CONFLICT
    code = "decision_too_large"
    en = "The decision with its findings is {size} bytes long; {limit} is the most. Shorten it, or use fewer."
    ru = "Решение с находками занимает {size} байт, а помещается {limit}. Сократите его или число находок."


class FindingWithoutEvidence(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "finding_without_evidence"
    en = "A finding rests on a place on a photo, a vehicle record or a rule. Name at least one."
    ru = "Находка опирается на место на фото, запись о машине или правило. Укажите хотя бы одно."


class FindingReasonNeeded(Problem):
    status = HTTPStatus.CONFLICT
    code = "finding_reason_needed"
    en = "This finding speaks against the car. It is taken back with a reason only: withdraw it and say why."
    ru = "Эта находка — против машины. Снять её можно только с объяснением: отзовите её и скажите почему."


class DraftOutdated(Problem):
    status = HTTPStatus.CONFLICT
    code = "draft_outdated"
    en = "An answer was given meanwhile; this draft was begun before it."
    ru = "За это время выдан ответ, а этот черновик начат раньше него."


class UnknownEvidence(Problem):
    status = HTTPStatus.CONFLICT
    code = "unknown_evidence"
    en = "Some of these photos are not of this case."
    ru = "Некоторые из этих фото не относятся к делу."


class UnknownFinding(Problem):
    status = HTTPStatus.CONFLICT
    code = "unknown_finding"
    en = "Some of these findings are not of this case any more. Look at it again."
    ru = "Некоторых из этих находок в деле уже нет. Посмотрите на него ещё раз."


class InfoTaskOver(Problem):
    status = HTTPStatus.CONFLICT
    code = "info_task_over"
    en = "This question to the client is closed already."
    ru = "Этот вопрос клиенту уже закрыт."


class SecondOpinionOpen(Problem):
    status = HTTPStatus.CONFLICT
    code = "second_opinion_open"
    en = "A second opinion was asked for already and is not given yet."
    ru = "Второе мнение уже запрошено и ещё не получено."


class SecondOpinionNotAsked(Problem):
    status = HTTPStatus.CONFLICT
    code = "second_opinion_not_asked"
    en = "No second opinion is asked for."
    ru = "Второе мнение не запрошено."


class OwnSecondOpinion(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "own_second_opinion"
    en = "Who asks for a second opinion cannot give it."
    ru = "Второе мнение даёт не тот, кто его запросил."


class AuthorCannotAmend(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "author_cannot_amend"
    en = "The author of a decision never approves its amendment."
    ru = "Автор решения не может сам утвердить его исправление."


class OwnAnswerDisputed(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "own_answer_disputed"
    en = "The client disputes the answer that you gave. Somebody else looks at it again."
    ru = "Клиент оспаривает ответ, который дали вы. Разбирать его будет другой эксперт."


class DisputeOfSeniors(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "dispute_of_seniors"
    en = (
        "The client disputes the answer: a senior expert takes the case and replies. "
        "Only they or the shift lead end the dispute without a reply."
    )
    ru = (
        "Клиент оспаривает ответ: дело берёт и отвечает на возражение старший эксперт. "
        "Закончить разбор без ответа может только он или начальник смены."
    )


class ReceiverGaveAnswer(Problem):
    status = HTTPStatus.CONFLICT
    code = "receiver_gave_answer"
    en = "{receiver} gave the answer that is disputed: hand the case to somebody else."
    ru = "{receiver} — автор оспоренного ответа: передайте дело другому эксперту."


class ReceiverMayNotAmend(Problem):
    status = HTTPStatus.CONFLICT
    code = "receiver_may_not_amend"
    en = "The answer is disputed, and {receiver} may not amend it: hand the case to a senior expert."
    ru = "Ответ оспорен, а исправить его {receiver} не может: передайте дело старшему эксперту."


class NotAnExpert(Problem):
    status = HTTPStatus.CONFLICT
    code = "not_an_expert"
    en = "A case can only be given to an expert or a senior who can sign in."
    ru = "Дело можно передать только действующему эксперту или старшему эксперту."


class ReceiverOffShift(Problem):
    status = HTTPStatus.CONFLICT
    code = "receiver_off_shift"
    en = "{receiver} is not on shift: hand the case to somebody who is, or give it back to the queue."
    ru = "{receiver} не на смене: передайте дело тому, кто на смене, или верните в очередь."


class PreconditionRequired(Problem):
    status = HTTPStatus.PRECONDITION_REQUIRED
    code = "precondition_required"
    en = "Say which version of the case you have seen: send its ETag as If-Match."
    ru = "Укажите, какую версию дела вы видели: передайте её ETag в заголовке If-Match."


class VersionConflict(Problem):
    status = HTTPStatus.PRECONDITION_FAILED
    code = "version_conflict"
    en = (
        "The case has changed since you saw it: it is at version {version} now, last changed by {changed_by}."
    )
    ru = "Дело изменилось с тех пор, как вы его видели: сейчас версия {version}, изменил(а) {changed_by}."


class IncidentOpen(Problem):
    status = HTTPStatus.CONFLICT
    code = "incident_open"
    en = "An incident is open already; end it first."
    ru = "Инцидент уже объявлен; сначала завершите его."


class IncidentOver(Problem):
    status = HTTPStatus.CONFLICT
    code = "incident_over"
    en = "This incident has ended already."
    ru = "Этот инцидент уже завершён."
