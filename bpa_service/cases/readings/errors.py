"""Why a reading is not taken."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class ReadingImpossible(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "reading_impossible"
    en = (
        "No number on a car is like this ({count} characters): it has 1 to {most} letters and digits, "
        "and ? for an illegible one."
    )
    ru = (
        "Такого номера на машине не бывает (знаков: {count}): в нём от 1 до {most} букв и цифр, "
        "а вместо неразборчивого знака — ?"
    )


class ProposalOutdated(Problem):
    status = HTTPStatus.CONFLICT
    code = "proposal_outdated"
    en = "The reader does not propose this number for the photo any more. Look at it again."
    ru = "Программа больше не предлагает этот номер для снимка. Посмотрите на него ещё раз."


class ReadingVersionRequired(Problem):
    status = HTTPStatus.PRECONDITION_REQUIRED
    code = "reading_version_required"
    en = 'Say which version of the reading you have seen: send its ETag as If-Match, "0" for none.'
    ru = 'Укажите, какую версию прочтения вы видели: передайте её ETag в If-Match, "0", если не было никакой.'


class ReadingChanged(Problem):
    """`text` is what counts now, or null if it was taken back."""

    status = HTTPStatus.PRECONDITION_FAILED
    code = "reading_changed"
    en = "{changed_by} has said of this photo meanwhile: {said}. Look at it again."
    ru = "{changed_by} за это время указал(а) на этом снимке: {said}. Посмотрите ещё раз."
