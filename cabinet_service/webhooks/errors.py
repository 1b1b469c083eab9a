"""Why an address is not taken, and what cannot be done with one."""

from http import HTTPStatus

from service_kit.http.problems import Problem


class NotAWebhookAddress(Problem):
    status = HTTPStatus.BAD_REQUEST
    code = "webhook_address_not_understood"
    en = "This is no address that can be sent to: https://, a host, and no name, password or # in it."
    ru = "На такой адрес отправить нельзя: нужны https:// и имя сервера, без логина, пароля и знака #."


class WebhookAddressTooLong(Problem):
    status = HTTPStatus.BAD_REQUEST
    code = "webhook_address_too_long"
    en = "Written as it is sent, this address has more than {most} characters. Please name a shorter one."
    ru = "В том виде, в каком адрес отправляется, в нём больше {most} символов. Укажите адрес короче."


class WebhookPortRefused(Problem):
    status = HTTPStatus.BAD_REQUEST
    code = "webhook_port_refused"
    en = "Notices are sent to the ports 443 and 8443 alone."
    ru = "Уведомления отправляются только на порты 443 и 8443."


class WebhookAddressInside(Problem):
    status = HTTPStatus.BAD_REQUEST
    code = "webhook_address_inside"
    en = "This address is not one of the public internet."
    ru = "Этот адрес не из открытого интернета."


class WebhookAddressOurs(Problem):
    status = HTTPStatus.BAD_REQUEST
    code = "webhook_address_ours"
    en = "This is our own address. Please name that of your server."
    ru = "Это наш собственный адрес. Укажите адрес вашего сервера."


class TooManyWebhooks(Problem):
    status = HTTPStatus.CONFLICT
    code = "too_many_webhooks"
    en = "A company has {most} addresses at most. Please remove one that is not needed."
    ru = "У компании может быть не больше {most} адресов. Удалите тот, который не нужен."


class DeliveryUnderWay(Problem):
    status = HTTPStatus.CONFLICT
    code = "webhook_delivery_pending"
    en = "This notice is in line already and will be sent without you doing anything."
    ru = "Это уведомление уже стоит в очереди и уйдёт само."


class WebhookDisabled(Problem):
    status = HTTPStatus.CONFLICT
    code = "webhook_disabled"
    en = "This address is turned off. Turn it on first."
    ru = "Этот адрес выключен. Сначала включите его."
