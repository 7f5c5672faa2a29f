"""Digests for channels and groups: whoever adds the bot is asked; /connect and /here do it by hand.

Only present administrators may change what goes to a chat; that is asked each time. The bot never leaves a
chat by itself.
"""

import html
from contextlib import suppress
from dataclasses import replace

import structlog
from telegram import Bot, Chat, ChatFullInfo, ChatMember, Update
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.chat.administrators import may_change
from bot.chat.chat_user import ChatUser, get_private_user
from bot.chat.edition_browsing import EditionBrowsing
from bot.chat.edition_shelf import EditionShelf
from bot.chat.event import ChatEvent, HandlerTable
from bot.chat.messenger import Messenger
from bot.chat.screen import Screen, arrange_buttons, make_button
from bot.chat.subscribing import Subscribing
from bot.chat.subscription_screens import build_settings_screen
from bot.chat.subscriptions import ChatSubscriptions
from bot.chat.target import Target
from bot.chat.texts import choose_texts
from bot.chat.wish_wording import describe_schedule
from bot.render.plaintext import clean_line, clip_text
from bot.subscribers.subscriber import EventKind
from bot.subscribers.wishes import Wishes

log = structlog.get_logger("chat")

_MAX_TITLE_UNITS = 60
_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)


class Connecting:
    def __init__(
        self,
        subscriptions: ChatSubscriptions,
        subscribing: Subscribing,
        browsing: EditionBrowsing,
        shelf: EditionShelf,
        messenger: Messenger,
    ) -> None:
        self.subscriptions, self.subscribing = subscriptions, subscribing
        self.browsing, self.shelf, self.messenger = browsing, shelf, messenger

    @property
    def commands(self) -> HandlerTable:
        return {"connect": self._answer_connect, "here": self._answer_here}

    @property
    def actions(self) -> HandlerTable:
        return {
            "chan.choose": self._show_offer,
            "chan.silent": self._show_offer,
            "chan.preview": self._send_preview,
            "chan.confirm": self._connect,
        }

    # The bot's own standing in a chat

    async def follow_change(self, update: Update) -> None:
        """React to being added to a channel or group, and to losing or getting back the right to post."""
        change = update.my_chat_member
        if change is None or change.chat.type == ChatType.PRIVATE or change.from_user.is_bot:
            return
        user = ChatUser(
            user_id=change.from_user.id,
            chat_id=change.from_user.id,
            language=change.from_user.language_code or "",
        )
        event = await self._build_event(user)
        target = _build_target(change.chat)
        subscriber = await self.subscriptions.find_subscriber(target)
        could = _may_send(change.old_chat_member, change.chat)
        can = _may_send(change.new_chat_member, change.chat)
        if subscriber and could and not can:
            await self._pause_lost(event, target)
        elif subscriber and can and not could:
            await self.subscriptions.resume(user, target)
            text = event.texts.gettext("I may post in {title} again: the digest goes on.", title=target.title)
            await self._tell(event, Screen(html=html.escape(text)))
        elif can and not could:
            await self._offer_digests(event, target)

    async def _pause_lost(self, event: ChatEvent, target: Target) -> None:
        """Pause what goes to the chat, and tell whoever connected it, once."""
        user = event.user
        await self.subscriptions.pause(user, target, None)
        connector = await self._find_connector(target)
        person = replace(user, user_id=connector, chat_id=connector) if connector else user
        event = await self._build_event(person)
        text = event.texts.gettext(
            "I may not post in {title} any more, so the digest there is paused. "
            "Make me an administrator who may post, and it goes on.",
            title=target.title,
        )
        await self._tell(event, Screen(html=html.escape(text)))

    async def _find_connector(self, target: Target) -> int:
        """Return the number of the person who connected the chat, 0 where that is not known."""
        for line in reversed(await self.subscriptions.list_events(target)):
            _, _, number = line.who.partition(":")
            if line.what is EventKind.SUBSCRIBED and number.isdecimal():
                return int(number)
        return 0

    async def _tell(self, event: ChatEvent, screen: Screen) -> None:
        """Send a message in private; nothing can be done where the person has never written to the bot."""
        try:
            await event.send_screen(screen)
        except TelegramError as error:
            log.info("not told", error=error.message)

    async def _build_event(self, user: ChatUser) -> ChatEvent:
        language = await self.subscribing.choose_language(user) or user.language
        return ChatEvent(user=user, texts=choose_texts(language), messenger=self.messenger)

    # By hand

    async def _answer_connect(self, event: ChatEvent) -> None:
        """/connect @channel: offer the digests for it."""
        texts = event.texts
        if not event.arguments:
            text = texts.gettext(
                "Make me an administrator of your channel who may post, or send /connect @channel."
            )
            await event.send_screen(Screen(html=html.escape(text)))
            return
        chat = await self._find_chat(event.arguments.split()[0])
        if chat is None or chat.type == ChatType.PRIVATE:
            text = texts.gettext("I do not know this channel. Make me an administrator there first.")
        elif not await may_change(self.messenger.bot, target := _build_target(chat), event.user):
            text = texts.gettext("Only administrators of {title} can change this.", title=target.title)
        elif not await _has_right_to_send(self.messenger.bot, chat):
            text = texts.gettext(
                "I may not post in {title}. Make me an administrator who may post.", title=target.title
            )
        else:
            await self._offer_digests(event, target)
            return
        await event.send_screen(Screen(html=html.escape(text)))

    async def _find_chat(self, written: str) -> ChatFullInfo | None:
        name = written.removeprefix("https://t.me/")
        address = int(name) if name.lstrip("-").isdecimal() else f"@{name.removeprefix('@')}"
        with suppress(TelegramError):
            return await self.messenger.bot.get_chat(address)
        return None

    async def _answer_here(self, event: ChatEvent) -> None:
        """/here in a group or a topic of a forum: offer the digests for it, seen by who asked alone."""
        chat = event.message.chat if event.message else None
        if chat is None or chat.type not in _GROUPS:
            text = event.texts.gettext("Send /here in a group, in the topic that the digest shall come to.")
            await event.send_screen(Screen(html=html.escape(text)))
            return
        target = replace(_build_target(chat), topic=event.user.topic)
        if await may_change(self.messenger.bot, target, event.user):
            await self._show_offers(event, target)
        else:
            text = event.texts.gettext("Only administrators of {title} can change this.", title=target.title)
            await replace(event, is_quiet=True).show_screen(Screen(html=html.escape(text)))

    async def _offer_digests(self, event: ChatEvent, target: Target) -> None:
        with suppress(TelegramError):  # a person who has never written to the bot cannot be asked
            await self._show_offers(event, target)

    async def _show_offers(self, event: ChatEvent, target: Target) -> None:
        views = await self.subscriptions.list_views(target, event.user.language)
        buttons = [
            make_button(
                f"{'✓ ' if view.subscription else ''}{clip_text(clean_line(view.digest.title), 40)}",
                "sub.settings" if view.subscription else "chan.choose",
                target,
                view.digest.name,
                *(() if view.subscription else (False,)),
            )
            for view in views
        ]
        text = event.texts.gettext("Which digest shall come to {title}?", title=target.title)
        await replace(event, is_quiet=True).show_screen(
            Screen(html=html.escape(text), buttons=arrange_buttons(buttons, 1))
        )

    # Buttons

    async def _show_offer(self, event: ChatEvent) -> None:
        """Show what would be connected: when, with sound or not, with a preview."""
        target, name, is_silent = event.values
        if not (view := await self.subscribing.find_button_view(event)):
            return
        texts = event.texts
        lines = [
            f"<b>{html.escape(clean_line(view.digest.title))} → {html.escape(target.title)}</b>",
            html.escape(
                texts.gettext(
                    "{schedule}, {sound}. After connecting, everything can be changed.",
                    schedule=describe_schedule(view, texts),
                    sound=texts.gettext("without sound") if is_silent else texts.gettext("with sound"),
                )
            ),
        ]
        sound = texts.gettext("Sound on") if is_silent else texts.gettext("Sound off")
        buttons = (
            make_button(texts.gettext("Connect"), "chan.confirm", target, name, is_silent),
            make_button(sound, "chan.silent", target, name, not is_silent),
            make_button(texts.gettext("Preview"), "chan.preview", target, name),
        )
        await event.show_screen(Screen(html="\n".join(lines), buttons=(buttons,)))

    async def _send_preview(self, event: ChatEvent) -> None:
        """Send the present edition to the person, in private."""
        if not (view := await self.subscribing.find_button_view(event)):
            return
        edition = await self.shelf.find_latest(view.digest)
        event = replace(event, user=get_private_user(event.user), pressed=None, reply_to=None)
        if edition is None:
            text = event.texts.gettext("There is no edition yet that could be shown.")
            await event.send_screen(Screen(html=html.escape(text)))
        else:
            await self.browsing.send_edition(event, edition)

    async def _connect(self, event: ChatEvent) -> None:
        target, _, is_silent = event.values
        if not (view := await self.subscribing.find_button_view(event)):
            return
        if not await self._may_send(target):
            text = event.texts.gettext(
                "I may not post in {title}. Make me an administrator who may post.", title=target.title
            )
            await event.show_screen(Screen(html=html.escape(text)))
            return
        wishes = Wishes(silent=is_silent)
        user, digest = event.user, view.digest
        await self.subscriptions.subscribe(user, target, digest, wishes, event.texts.tag)
        await self.subscriptions.change_wishes(user, target, digest, replace(view.wishes, silent=is_silent))
        view = await self.subscriptions.find_view(digest, target, user.language)
        await event.show_screen(build_settings_screen(view, event.texts))

    async def _may_send(self, target: Target) -> bool:
        chat = await self._find_chat(str(target.chat_id))
        return chat is not None and await _has_right_to_send(self.messenger.bot, chat)


def _build_target(chat: Chat | ChatFullInfo) -> Target:
    return Target(chat_id=chat.id, title=clip_text(clean_line(chat.title or ""), _MAX_TITLE_UNITS))


async def _has_right_to_send(bot: Bot, chat: ChatFullInfo) -> bool:
    try:
        return _may_send(await bot.get_chat_member(chat.id, bot.id), chat)
    except TelegramError:
        return False


def _may_send(member: ChatMember, chat: Chat | ChatFullInfo) -> bool:
    """Return whether the bot, as this member, may post in the chat."""
    if member.status in (ChatMember.LEFT, ChatMember.BANNED):
        return False
    if chat.type == ChatType.CHANNEL:
        return bool(getattr(member, "can_post_messages", member.status == ChatMember.OWNER))
    return bool(getattr(member, "can_send_messages", True))
