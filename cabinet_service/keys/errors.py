"""Why a key is not made."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class KeyNameTaken(Problem):
    status = HTTPStatus.CONFLICT
    code = "key_name_taken"
    en = "A key called {name} works already. Renew that one, or choose another name."
    ru = "Ключ «{name}» уже действует. Обновите его или выберите другое название."


class TooManyKeysOfCompany(Problem):
    status = HTTPStatus.CONFLICT
    code = "too_many_company_keys"
    en = "The company has {most} keys that work, and can have no more. Please end one that is not needed."
    ru = "У компании уже {most} действующих ключей, больше нельзя. Отзовите тот, который не нужен."


class ScopeOfWholeCompany(Problem):
    status = HTTPStatus.BAD_REQUEST
    code = "scope_of_whole_company"
    en = "The scope {scope} is of the whole company. A key of one branch cannot have it."
    ru = "Право {scope} касается всей компании. У ключа одного филиала его быть не может."
