"""Whose a chat is: tied to an account by a link of its owner's, or to a new one, and untied again."""

from typing import Final

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts import service as account_service
from cabinet_service.consents import queries as consents
from cabinet_service.consents import service as consent_service
from cabinet_service.consents.documents import IN_FORCE, Document, wording
from cabinet_service.notifications import chats
from cabinet_service.telegram import texts
from cabinet_service.telegram.tables import updates
from cabinet_service.telegram.talk import Talk
from service_kit.chats.saying import Button, Saying, escape, shortened, with_link
from service_kit.chats.updates import NotFollowed
from service_kit.telegram.messenger import MAX_TEXT, NAME

# Where a consent came from is a network elsewhere; here we know of none.
NETWORK: Final = "telegram"
AGREE: Final = "agree"


async def start(talk: Talk, token: str) -> list[Saying]:
    """`/start`, with the token of a link or without."""
    if token:
        return await _follow(talk, token)
    if talk.client is not None:
        return [*talk.say("link.known"), *talk.say("help")]
    return [
        *talk.say("hello.consent"),
        consent(talk),
        *talk.say("hello.elsewhere", link=talk.place.profile),
    ]


async def _follow(talk: Talk, token: str) -> list[Saying]:
    client = await chats.follow(
        talk.session,
        updates,
        token,
        chat_id=talk.chat.chat_id,
        device=talk.heard.device,
        held_by=talk.client,
        now=talk.now,
    )
    if isinstance(client, NotFollowed):
        return talk.say(f"link.{client}", link=talk.place.profile)
    talk.client = client
    talk.chat.language = client.language
    return [*talk.say("hello.bound"), *talk.say("help")]


def consent(talk: Talk) -> Saying:
    """What one is asked to agree to, with a button to do so: whole, as the record will say that it was read."""
    version = IN_FORCE[Document.PERSONAL_DATA]
    text = wording(Document.PERSONAL_DATA, version, talk.language).text
    button = Button(talk.label("agree"), data=f"{AGREE}:{version}.{talk.language}")
    return Saying(html=escape(shortened(text, MAX_TEXT)), buttons=((button,),))


async def agree(talk: Talk, what: str) -> list[Saying]:
    """The button under a consent. Whoever has no account gets one now: before, nothing is kept of them."""
    version, _, language = what.partition(".")
    if version != str(IN_FORCE[Document.PERSONAL_DATA]):
        return [*talk.say("consent.changed"), consent(talk)]
    is_new = talk.client is None
    read_in = accounts.language(language)
    if is_new:
        account = await account_service.open_account(talk.session, language=read_in, how=NAME, now=talk.now)
        talk.client = await accounts.client(talk.session, account.id)
    assert talk.client is not None  # noqa: S101 - it was there, or was made just now
    if is_new:
        chat_id, device = talk.chat.chat_id, talk.heard.device
        await chats.tie(talk.session, updates, talk.client, chat_id=chat_id, device=device, now=talk.now)
    await consent_service.give(
        talk.session,
        talk.client.account_id,
        Document.PERSONAL_DATA,
        int(version),
        language=read_in,
        network=NETWORK,
        now=talk.now,
    )
    return talk.say("hello.agreed") if is_new else []


async def has_agreed(talk: Talk) -> bool:
    assert talk.client is not None  # noqa: S101 - asked of whoever is known
    held = await consents.last(talk.session, talk.client.account_id, Document.PERSONAL_DATA)
    return consents.is_in_force(held)


async def sign_in(talk: Talk, _rest: str) -> list[Saying]:
    """`/signin`: a link that signs in on the site, for whoever has this chat and perhaps no contact."""
    client = talk.client
    if client is None:
        return await start(talk, "")
    await talk.means.limits.hit("telegram_links_per_account", str(client.account_id))
    token = await updates.make_sign_in(talk.session, client.account_id, now=talk.now)
    # Behind the #, which is sent to nobody: what fetches a preview neither sees the token nor uses it.
    link = f"{talk.place.public_url}/sign-in/link#{token}"
    return [with_link(texts.html(talk.language, "signin"), talk.label("signin.open"), link)]


async def stop(talk: Talk) -> list[Saying]:
    """`/stop`: nothing comes here any more."""
    if talk.client is not None:
        await chats.untie(talk.session, updates, talk.client, talk.chat.chat_id)
    talk.begin_anew()
    return talk.say("stop", link=talk.place.profile)


async def choose_language(talk: Talk, chosen: str) -> list[Saying]:
    """Write in this language from now on, here and everywhere."""
    language = accounts.language(chosen)
    talk.chat.language = language
    if talk.client is not None:
        await account_service.change_account(talk.session, talk.client.account_id, {"language": language})
    return [Saying(html=texts.html(language, "language.set"), edits=_pressed(talk))]


def _pressed(talk: Talk) -> int | None:
    return talk.heard.press.message_id if talk.heard.press else None
