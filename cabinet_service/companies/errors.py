"""Why something cannot be done with a company, and what becomes of an invitation."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class BranchNameTaken(Problem):
    status = HTTPStatus.CONFLICT
    code = "branch_name_taken"
    en = "There is a branch “{name}” already. Please choose another name."
    ru = "Филиал «{name}» уже есть. Выберите другое название."


class BranchHasMembers(Problem):
    status = HTTPStatus.CONFLICT
    code = "branch_has_members"
    en = "{members} of your people work in this branch. Please move them to another one first."
    ru = "В этом филиале работают люди ({members}). Сначала переведите их в другой."


class BranchClosed(Problem):
    status = HTTPStatus.CONFLICT
    code = "branch_closed"
    en = "The branch “{name}” is closed: nothing is ordered for it any more. What you have entered is kept."
    ru = "Филиал «{name}» закрыт: для него больше не заказывают. Всё, что вы ввели, сохранено."


class TooManyOfCompany(Problem):
    status = HTTPStatus.CONFLICT
    code = "too_many_of_company"
    en = "There can be no more than {most} of these."
    ru = "Их может быть не больше {most}."


class CompanyTermsOutdated(Problem):
    status = HTTPStatus.CONFLICT
    code = "company_terms_outdated"
    en = "The terms for companies have changed meanwhile: version {version} is in force. Please read it."
    ru = "Условия для компаний тем временем изменились: действует версия {version}. Прочитайте её."


class CompanyTermsRequired(Problem):
    status = HTTPStatus.CONFLICT
    code = "company_terms_required"
    en = (
        "An administrator of {company} has to agree to the terms for companies first, "
        "on the page of the company. What you have entered is kept."
    )
    ru = (
        "Сначала администратор компании «{company}» должен согласиться с условиями для компаний на её странице. "
        "Всё, что вы ввели, сохранено."
    )


class LimitReached(Problem):
    status = HTTPStatus.CONFLICT
    code = "company_limit_reached"
    en = (
        "{name} may order {limit} checks a month, and all of them are used. "
        "An administrator can raise the limit. What you have entered is kept."
    )
    ru = (
        "Лимит «{name}» на месяц — {limit} проверок, и он исчерпан. Поднять его может администратор. "
        "Всё, что вы ввели, сохранено."
    )


class InvitationUnknown(Problem):
    status = HTTPStatus.NOT_FOUND
    code = "invitation_unknown"
    en = "There is no such invitation. Most likely a part of the link was lost: please ask for it again."
    ru = "Такого приглашения нет. Скорее всего, часть ссылки потерялась: попросите прислать её ещё раз."


class InvitationExpired(Problem):
    status = HTTPStatus.GONE
    code = "invitation_expired"
    en = "This invitation to {company} is out of date. Whoever sent it to you can make a new one."
    ru = "Срок этого приглашения в «{company}» вышел. Тот, кто его прислал, может сделать новое."


class InvitationWithdrawn(Problem):
    status = HTTPStatus.GONE
    code = "invitation_withdrawn"
    en = "This invitation to {company} was withdrawn."
    ru = "Это приглашение в «{company}» отозвано."


class InvitationUsed(Problem):
    status = HTTPStatus.GONE
    code = "invitation_used"
    en = "Somebody has used this invitation to {company} already: it works once."
    ru = "Этим приглашением в «{company}» уже воспользовались: оно действует один раз."


class InvitationForAnother(Problem):
    status = HTTPStatus.FORBIDDEN
    code = "invitation_for_another"
    en = (
        "This invitation is for {contact}. Sign in with that contact, or add it to your account; "
        "it stays valid until then."
    )
    ru = (
        "Это приглашение — для {contact}. Войдите с этим контактом или добавьте его к своему аккаунту; "
        "до тех пор приглашение действует."
    )


class AlreadyMember(Problem):
    status = HTTPStatus.CONFLICT
    code = "already_member"
    en = "You are a member of {company} already, and need no invitation. Somebody else can still use it."
    ru = "Вы уже состоите в «{company}», приглашение вам не нужно. Им может воспользоваться кто-то другой."


class NameNeeded(Problem):
    status = HTTPStatus.CONFLICT
    code = "name_needed"
    en = "Please say your name first: your colleagues see by it who has ordered a check."
    ru = "Сначала скажите, как вас зовут: по имени коллеги видят, кто заказал проверку."
