"""What is stored about a person: /export sends it, /forget deletes it."""

import html
import json
from datetime import UTC, date, datetime

from bot.chat.event import ChatEvent, HandlerTable
from bot.chat.screen import Screen, make_button
from bot.chat.subscriptions import ChatSubscriptions

_FILE_NAME = "zhaibao.json"


class OwnData:
    def __init__(self, subscriptions: ChatSubscriptions) -> None:
        self.subscriptions = subscriptions

    @property
    def commands(self) -> HandlerTable:
        return {"export": self._answer_export, "forget": self._answer_forget}

    @property
    def actions(self) -> HandlerTable:
        return {"data.forget": self._forget, "data.keep": self._keep}

    async def _answer_export(self, event: ChatEvent) -> None:
        document = await self.subscriptions.export(event.user)
        if document is None:
            await event.send_screen(_build_unknown_screen(event))
            return
        content = json.dumps(document, ensure_ascii=False, indent=2, default=_encode_value).encode()
        caption = event.texts.gettext("All that is stored about you")
        await event.messenger.send_file(event.user, _FILE_NAME, content, caption)

    async def _answer_forget(self, event: ChatEvent) -> None:
        """Ask once: what is deleted cannot be brought back."""
        texts = event.texts
        text = texts.gettext(
            "This deletes your subscriptions, your settings and their history. It cannot be undone."
        )
        buttons = (
            make_button(texts.gettext("Delete everything"), "data.forget"),
            make_button(texts.gettext("Keep it"), "data.keep"),
        )
        await event.send_screen(Screen(html=html.escape(text), buttons=(buttons,)))

    async def _forget(self, event: ChatEvent) -> None:
        outcome = await self.subscriptions.forget(event.user)
        if not outcome.is_known:
            await event.show_screen(_build_unknown_screen(event))
            return
        text = event.texts.gettext("Deleted. Nothing here names you any more. /start begins anew.")
        await event.show_screen(Screen(html=html.escape(text)))

    async def _keep(self, event: ChatEvent) -> None:
        await event.show_screen(Screen(html=html.escape(event.texts.gettext("Everything stays as it is."))))


def _build_unknown_screen(event: ChatEvent) -> Screen:
    return Screen(html=html.escape(event.texts.gettext("Nothing is stored about you.")))


def _encode_value(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")
