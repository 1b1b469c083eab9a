"""What can go wrong with signing in and with accounts.

None of these tells whether an account exists: a code is asked for and checked the same way for everyone.
"""

from http import HTTPStatus

from service_kit.http.problems import Problem


class ContactNotUnderstood(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "contact_not_understood"
    en = "This is neither an e-mail address nor the number of a mobile phone."
    ru = "Это не похоже ни на адрес почты, ни на номер мобильного телефона."


class MixedLetters(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "contact_mixes_alphabets"
    en = "Latin and Cyrillic letters stand side by side behind the @. Please type the address anew."
    ru = "После @ стоят рядом русские и латинские буквы. Наберите, пожалуйста, адрес заново."


class ChannelNotOffered(Problem):
    status = HTTPStatus.BAD_REQUEST
    code = "channel_not_offered"
    en = "Codes cannot be sent this way here. Please use another contact."
    ru = "Сюда код отправить нельзя. Укажите, пожалуйста, другой контакт."


class CodeWrong(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "code_wrong"
    en = "That code does not fit. Tries left: {tries_left}."
    ru = "Код не подошёл. Осталось попыток: {tries_left}."


class CodeTriesExhausted(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "code_tries_exhausted"
    en = "The code was wrong too often. Get a new one."
    ru = "Код слишком много раз ввели неверно. Пришлите новый."


class CodeExpired(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "code_expired"
    en = "The code is out of date. Get a new one."
    ru = "Код устарел. Пришлите новый."


class CodeUsed(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "code_used"
    en = "This code was used already. Get a new one."
    ru = "Этот код уже использован. Пришлите новый."


class ContactIsYours(Problem):
    status = HTTPStatus.CONFLICT
    code = "contact_is_yours"
    en = "This contact is yours already."
    ru = "Этот контакт у вас уже есть."


class ContactTaken(Problem):
    status = HTTPStatus.CONFLICT
    code = "contact_taken"
    en = "Somebody signs in to another account with this contact. Use another one, or sign in with it."
    ru = "С этим контактом входят в другой аккаунт. Укажите другой контакт или войдите с этим."


class TooManyContacts(Problem):
    status = HTTPStatus.CONFLICT
    code = "too_many_contacts"
    en = "An account has {most} contacts at most."
    ru = "Контактов у аккаунта может быть не больше {most}."


class LastWayIn(Problem):
    status = HTTPStatus.CONFLICT
    code = "last_way_in"
    en = "There is no other way into this account. Please add another contact first."
    ru = "Другого способа войти в этот аккаунт нет. Сначала добавьте ещё один контакт."


class SignInAgain(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "sign_in_again"
    en = (
        "So that nobody does this for you, please sign in anew first: "
        "you did so more than {minutes} minutes ago."
    )
    ru = (
        "Чтобы никто не сделал это за вас, сначала войдите заново: "
        "с прошлого входа прошло больше {minutes} минут."
    )


class LastAdmin(Problem):
    status = HTTPStatus.CONFLICT
    code = "last_admin"
    en = "You are the last administrator of {company}. Please hand over to a colleague first."
    ru = "Вы — последний администратор компании «{company}». Сначала передайте дела коллеге."


class NoSuchCompany(Problem):
    status = HTTPStatus.NOT_FOUND
    code = "no_such_company"
    en = "There is no company {company_id}."
    ru = "Компании {company_id} нет."


class NoSuchBranch(Problem):
    status = HTTPStatus.NOT_FOUND
    code = "no_such_branch"
    en = "The company has no branch {branch_id}."
    ru = "У компании нет филиала {branch_id}."


class AgentNeedsBranch(Problem):
    status = HTTPStatus.BAD_REQUEST
    code = "agent_needs_branch"
    en = "An agent works for one branch: say which."
    ru = "Агент работает в одном филиале: укажите, в каком."
