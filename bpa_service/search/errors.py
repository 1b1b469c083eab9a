"""What can go wrong with a question, and with one that is kept."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class TooManyViews(Problem):
    """`most` is how many views somebody may keep."""

    status = HTTPStatus.CONFLICT
    code = "too_many_search_views"
    en = "You have {most} saved searches already. Delete one first."
    ru = "У вас уже {most} сохранённых поисков. Сначала удалите один."


class OthersView(Problem):
    """`owner` is whose view it is."""

    status = HTTPStatus.FORBIDDEN
    code = "others_search_view"
    en = "This search is {owner}'s. Only they, a shift lead or an administrator may change it."
    ru = "Этот поиск сохранил(а) {owner}. Изменить его могут только автор, старший смены или администратор."
