"""Every update of Telegram → the handler that answers it.

In a private chat whatever is sent is a request. In groups only what is addressed to the bot is heard: a
command, a reply to one of its messages, or its name.
"""

import asyncio
import html
import re
import traceback
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from weakref import WeakValueDictionary

import structlog
from telegram import CallbackQuery, Message, MessageEntity, Update
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.chat.callback_table import Refusal
from bot.chat.chat_user import ChatUser, find_chat_user
from bot.chat.event import ChatEvent, HandleEvent, HandlerTable
from bot.chat.messenger import MessagePlace, Messenger
from bot.chat.pending_inputs import MAX_INPUT_CHARACTERS, PendingInputs
from bot.chat.requests import LinkRequest, find_request, is_forwarded
from bot.chat.screen import Action, Screen
from bot.chat.texts import choose_texts, format_failure, format_help

log = structlog.get_logger("chat")

_GROUP_COMMANDS = ("summary", "help", "start")  # what is answered where all of a group see it
_COMMAND = re.compile(r"\A/(?P<name>[A-Za-z0-9_]+)(?:@(?P<bot>[A-Za-z0-9_]+))?(?P<rest>.*)\Z", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Handlers:
    """What the parts of the conversation answer.

    `present` shows a person's present state. `ask` and `collect_forward` answer what was sent, each in a task
    of its own, because reading takes long. `choose_language` gives the language a subscriber has chosen, ""
    where none has.
    """

    commands: HandlerTable
    actions: HandlerTable
    present: HandleEvent
    ask: HandleEvent
    collect_forward: HandleEvent
    locate: HandleEvent
    choose_language: Callable[[ChatUser], Awaitable[str]]


class Router:
    """`start_task` runs what takes long."""

    def __init__(
        self,
        messenger: Messenger,
        handlers: Handlers,
        inputs: PendingInputs,
        start_task: Callable[[Awaitable[None]], object],
    ) -> None:
        self.messenger, self.handlers, self.inputs = messenger, handlers, inputs
        self._start_task = start_task
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()  # by chat

    async def route_update(self, update: Update) -> None:
        """Answer a message or a button; other updates have handlers of their own.

        What happens in one chat is answered in its order; nothing is awaited before the chat's turn is taken.
        """
        user = find_chat_user(update)
        if user is None:
            return
        query = update.callback_query
        if query and not user.chat_id:
            user = self._complete_chat(user, query)
        action = self._answer_query(user, query) if query else None
        if query and action is None:
            return
        async with self._get_turn(user.chat_id or user.user_id):
            event = await self._build_event(user)
            try:
                if query and action:
                    await self._route_button(event, query, action)
                elif update.message:
                    await self._route_message(replace(event, message=update.message), update.message)
            except TelegramError as error:
                log.warning("answer", error=error.message)
            except Exception as error:
                log_bug(error)
                with suppress(TelegramError):
                    await self._tell_failure(event)

    async def _build_event(self, user: ChatUser) -> ChatEvent:
        language = await self.handlers.choose_language(user) or user.language
        return ChatEvent(user=user, texts=choose_texts(language), messenger=self.messenger)

    async def _tell_failure(self, event: ChatEvent) -> None:
        if event.user.chat_id:
            await event.send_screen(Screen(html=html.escape(format_failure(event.texts))))

    def _get_turn(self, chat_id: int) -> asyncio.Lock:
        """Return the lock of a chat: its commands and buttons are answered one after the other."""
        turn = self._turns.get(chat_id) or asyncio.Lock()
        self._turns[chat_id] = turn
        return turn

    # Messages

    async def _route_message(self, event: ChatEvent, message: Message) -> None:
        user = event.user
        text = message.text or message.caption or ""
        if command := _COMMAND.match(text):
            self.inputs.take_input(user.chat_id, user.user_id)
            await self._route_command(event, command)
        elif not user.is_private:
            if self._is_addressed(message):
                self._start(self.handlers.ask, replace(event, reply_to=message.message_id))
        elif message.location:
            await self.handlers.locate(event)
        elif action := self._take_input(event, message):
            await self.handlers.actions[action.name](replace(event, values=(*action.values, text)))
        elif is_forwarded(message) and find_request(message):
            self._start(self.handlers.collect_forward, event)
        elif find_request(message):
            self._start(self.handlers.ask, event)
        elif _is_content(message):
            await event.send_screen(Screen(html=html.escape(format_help(event.texts))))

    async def _route_command(self, event: ChatEvent, command: re.Match[str]) -> None:
        username = self.messenger.bot.username
        if command["bot"] and command["bot"].lower() != username.lower():
            return
        event = replace(event, arguments=command["rest"].strip())
        if not event.user.is_private and event.message:
            is_quiet = command["name"].lower() not in _GROUP_COMMANDS
            event = replace(event, reply_to=event.message.message_id, is_quiet=is_quiet)
        name = command["name"].lower()
        if name == "summary":  # reading takes long
            self._start(self.handlers.ask, event)
            return
        handle = self.handlers.commands.get(name)
        if handle is None:
            if event.user.is_private:
                await event.send_screen(Screen(html=html.escape(format_help(event.texts))))
            return
        await handle(event)

    def _take_input(self, event: ChatEvent, message: Message) -> Action | None:
        """Return the action that the message's text is for; None where it is a request of its own."""
        action = self.inputs.take_input(event.user.chat_id, event.user.user_id)
        text = message.text or ""
        if not action or not text or len(text) > MAX_INPUT_CHARACTERS:
            return None
        pair = find_request(message)
        return None if pair and isinstance(pair[0], LinkRequest) else action

    def _is_addressed(self, message: Message) -> bool:
        """Return whether a message of a group names the bot or replies to it."""
        replied = message.reply_to_message
        bot = self.messenger.bot
        if replied and replied.from_user and replied.from_user.id == bot.id:
            return True
        mentions = {
            **message.parse_entities([MessageEntity.MENTION]),
            **message.parse_caption_entities([MessageEntity.MENTION]),
        }
        return any(mention.lower() == f"@{bot.username}".lower() for mention in mentions.values())

    def _start(self, handle: HandleEvent, event: ChatEvent) -> None:
        self._start_task(self._run_guarded(handle, event))

    async def _run_guarded(self, handle: HandleEvent, event: ChatEvent) -> None:
        """Run a handler of its own task: a bug is answered with one sentence."""
        try:
            await handle(event)
        except TelegramError as error:
            log.warning("answer", error=error.message)
        except Exception as error:
            log_bug(error)
            with suppress(TelegramError):
                await self._tell_failure(event)

    # Buttons

    def _complete_chat(self, user: ChatUser, query: CallbackQuery) -> ChatUser:
        """Return the user with the chat of a button whose message Telegram does not name (Bot API 10.5)."""
        chat_id = self.messenger.table.find_chat(query.data or "")
        kind = ChatType.PRIVATE if chat_id == user.user_id else user.chat_kind
        return replace(user, chat_id=chat_id, chat_kind=kind)

    def _answer_query(self, user: ChatUser, query: CallbackQuery) -> Action | Refusal | None:
        """Let the button's clock stop at once; return what the button does, None where it is another's."""
        action = self.messenger.table.find_action(query.data or "", user.chat_id, user.user_id)
        if action is Refusal.NOT_YOURS:
            text = choose_texts(user.language).gettext("This button is for somebody else.")
            self._start_task(_answer_query(query, text))
            return None
        self._start_task(_answer_query(query))
        return action

    async def _route_button(self, event: ChatEvent, query: CallbackQuery, action: Action | Refusal) -> None:
        user = event.user
        self.inputs.take_input(user.chat_id, user.user_id)
        message = query.message if isinstance(query.message, Message) else None
        event = replace(event, message=message, pressed=_find_place(query))
        if isinstance(action, Refusal):
            group = (query.data or "").partition(".")[0]
            handle = self.handlers.actions.get(f"{group}.old", self.handlers.present)
        else:
            handle = self.handlers.actions[action.name]
            event = replace(event, values=action.values)
        if _is_reading(handle, self.handlers.actions):
            self._start(handle, event)
        else:
            await handle(event)


def _is_reading(handle: HandleEvent, actions: Mapping[str, HandleEvent]) -> bool:
    """Return whether an action reads something, which takes long: those below an answer."""
    return any(handle == action for name, action in actions.items() if name.startswith("answer."))


def _find_place(query: CallbackQuery) -> MessagePlace | None:
    """Return the message of the button; None where Telegram names none (Bot API 10.5)."""
    if isinstance(query.message, Message) and (
        number := query.message.api_kwargs.get("ephemeral_message_id")
    ):
        return MessagePlace(chat_id=query.message.chat.id, ephemeral_id=int(number))
    if query.message:
        return MessagePlace(chat_id=query.message.chat.id, message_id=query.message.message_id)
    return MessagePlace(inline_id=query.inline_message_id) if query.inline_message_id else None


def _is_content(message: Message) -> bool:
    """Return whether a message holds something a person sent, as opposed to a note about the chat."""
    return bool(
        message.text
        or message.caption
        or message.sticker
        or message.voice
        or message.video
        or message.audio
        or message.animation
        or message.contact
        or message.poll
        or message.video_note
    )


def log_bug(error: Exception) -> None:
    """Log where a bug is. Its message may hold what a person wrote, so that it is not logged."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    log.error("answer", error=type(error).__name__, place=place)


async def _answer_query(query: CallbackQuery, text: str = "") -> None:
    """Let the button's clock stop; after some seconds Telegram takes no answer any more."""
    try:
        await query.answer(text or None)
    except TelegramError as error:
        log.info("button", error=error.message)
