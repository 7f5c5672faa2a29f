"""Reading editions in the chat: the present one, earlier ones, and search: /today, /digests, /search."""

import html
from collections.abc import Sequence

from bot.chat.chat_user import get_private_user
from bot.chat.edition_shelf import EditionShelf
from bot.chat.event import ChatEvent, HandlerTable
from bot.chat.pending_inputs import PendingInputs
from bot.chat.screen import Screen, arrange_buttons, make_button
from bot.chat.subscriptions import ChatSubscriptions
from bot.chat.target import get_own_target
from bot.errors import InputError
from bot.locales import Catalogue
from bot.models import Digest, Edition
from bot.render.plaintext import clean_line, clip_text, validate_web_address
from bot.store.search import SearchHit

_MAX_TITLE_UNITS = 120


class EditionBrowsing:
    def __init__(self, subscriptions: ChatSubscriptions, shelf: EditionShelf, inputs: PendingInputs) -> None:
        self.subscriptions, self.shelf, self.inputs = subscriptions, shelf, inputs

    @property
    def commands(self) -> HandlerTable:
        return {"today": self._answer_today, "digests": self._answer_digests, "search": self._answer_search}

    @property
    def actions(self) -> HandlerTable:
        return {
            "read.today": self._show_latest,
            "read.edition": self._show_edition,
            "read.typed_search": self._take_search,
        }

    async def _answer_today(self, event: ChatEvent) -> None:
        """Send the present edition of each digest that the person gets; of the first one to a stranger."""
        for digest in await self._list_digests(event):
            await self._send_latest(event, digest)

    async def _show_latest(self, event: ChatEvent) -> None:
        digest = self.subscriptions.find_digest(event.values[0])
        if digest:
            await self._send_latest(event, digest)

    async def _send_latest(self, event: ChatEvent, digest: Digest) -> None:
        edition = await self.shelf.find_latest(digest)
        if edition is None:
            title = clean_line(digest.title)
            text = event.texts.gettext("{title} has not come out yet. It comes by itself.", title=title)
            await event.send_screen(Screen(html=html.escape(text)))
            return
        await self.send_edition(event, edition)

    async def send_edition(self, event: ChatEvent, edition: Edition) -> None:
        """Send the messages of an edition; from the second on they make no sound."""
        message, user = await self.shelf.render(edition), get_private_user(event.user)
        for number, part in enumerate(message.parts):
            await event.messenger.send_screen(user, Screen(html=part.html), quietly=number > 0)

    async def _answer_digests(self, event: ChatEvent) -> None:
        """List earlier editions, each with a button."""
        digests = await self._list_digests(event)
        editions = await self.shelf.list_editions([digest.name for digest in digests])
        await event.send_screen(_build_list_screen(editions, event.texts))

    async def _show_edition(self, event: ChatEvent) -> None:
        name, created_at = event.values
        for edition in await self.shelf.list_editions([name], 50):
            if edition.created_at == created_at:
                await self.send_edition(event, edition)
                return
        await event.send_screen(Screen(html=html.escape(event.texts.gettext("This edition is gone."))))

    async def _answer_search(self, event: ChatEvent) -> None:
        if event.arguments:
            await self._search(event, event.arguments)
            return
        self.inputs.expect_input(event.user.chat_id, event.user.user_id, "read.typed_search")
        text = event.texts.gettext("What are you looking for? Type a word or a phrase.")
        await event.send_screen(Screen(html=html.escape(text)))

    async def _take_search(self, event: ChatEvent) -> None:
        await self._search(event, event.values[0])

    async def _search(self, event: ChatEvent, words: str) -> None:
        names = list(self.subscriptions.digests)
        try:
            hits = await self.shelf.search(words, names)
        except InputError:
            hits = []
        await event.send_screen(_build_hits_screen(words, hits, event.texts))

    async def _list_digests(self, event: ChatEvent) -> list[Digest]:
        """Return the digests that the person gets; the first one where there is none."""
        views = await self.subscriptions.list_views(get_own_target(event.user), event.user.language)
        return [view.digest for view in views if view.subscription] or [view.digest for view in views[:1]]


def _build_list_screen(editions: Sequence[Edition], texts: Catalogue) -> Screen:
    if not editions:
        return Screen(html=html.escape(texts.gettext("Nothing has come out yet.")))
    has_several = len({edition.digest for edition in editions}) > 1
    buttons = [
        make_button(
            f"{_format_day(edition, texts)} {clean_line(edition.title) if has_several else ''}".strip(),
            "read.edition",
            edition.digest,
            edition.created_at,
        )
        for edition in editions
    ]
    text = texts.gettext("Which digest shall I send?")
    return Screen(html=html.escape(text), buttons=arrange_buttons(buttons, 1 if has_several else 3))


def _build_hits_screen(words: str, hits: Sequence[SearchHit], texts: Catalogue) -> Screen:
    if not hits:
        text = texts.gettext("Nothing that was published matches {words}. Try another word.", words=words)
        return Screen(html=html.escape(text))
    lines = [
        html.escape(
            texts.ngettext("{n} article, the newest first:", "{n} articles, the newest first:", len(hits))
        )
    ]
    lines += [_render_hit(hit, texts) for hit in hits]
    return Screen(html="\n".join(lines))


def _render_hit(hit: SearchHit, texts: Catalogue) -> str:
    title = html.escape(clip_text(clean_line(hit.article.title), _MAX_TITLE_UNITS))
    address = validate_web_address(hit.article.url)
    shown = f'<a href="{html.escape(address)}">{title}</a>' if address else title
    day = texts.format_date(hit.printings[-1].day, texts.pgettext("date", "d MMMM"))
    return f"• {shown} · {html.escape(day)}"


def _format_day(edition: Edition, texts: Catalogue) -> str:
    return texts.format_date(edition.day, texts.pgettext("date", "d MMMM"))
