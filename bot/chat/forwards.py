"""Several forwarded posts that arrive at once → one answer: stories, with doubles marked."""

import asyncio
import html
from collections.abc import Awaitable, Callable

from telegram import Message

from bot.chat.answer_form import USUAL_LENGTH, build_stories_screen
from bot.chat.asking import Asking
from bot.chat.event import ChatEvent
from bot.chat.excuses import READ_ERRORS
from bot.chat.request_limits import LimitReached, QueueFull
from bot.chat.requests import ReadRequest, find_request
from bot.chat.screen import Screen
from bot.chat.texts import format_span
from bot.editorial.stories import group_events
from bot.models import Article
from bot.workers.limits import WorkItem

_GATHER_SECONDS = 1.0  # after a forwarded post, for the next one; Telegram sends them some 20 ms apart
_MAX_POSTS = 30  # in one answer: Telegram forwards at most 100 at once

_Sleep = Callable[[float], Awaitable[None]]
_Posts = list[tuple[ReadRequest, Message]]


class ForwardCollector:
    """Gathers the posts that one person forwards at once, and answers them together."""

    def __init__(self, asking: Asking, sleep: _Sleep = asyncio.sleep) -> None:
        self._asking, self._sleep = asking, sleep
        self._posts: dict[tuple[int, int], _Posts] = {}  # by chat and user

    async def add_forward(self, event: ChatEvent) -> None:
        """Add a post; whoever adds the last one answers."""
        pair = find_request(event.message) if event.message else None
        if pair is None:
            return
        key = (event.user.chat_id, event.user.user_id)
        posts = self._posts.setdefault(key, [])
        posts.append(pair)
        count = len(posts)
        await self._sleep(_GATHER_SECONDS)
        if len(posts) != count or self._posts.get(key) is not posts:
            return  # a later post answers
        del self._posts[key]
        if len(posts) == 1:
            await self._asking.answer_request(event, *pair)
        else:
            await self._answer_posts(event, posts[:_MAX_POSTS])

    async def _answer_posts(self, event: ChatEvent, posts: _Posts) -> None:
        if not await self._asking.permissions.may_ask(event.user.user_id, event.messenger.bot):
            return
        texts = event.texts
        try:
            async with self._asking.limits.wait_for_turn(event.user.user_id):
                articles = await self._read_posts(event, posts)
                item = WorkItem(name="forwarded posts")
                stories = await self._asking.reader.workers(item, group_events, articles)
                groups = [story.articles for story in stories]
                leads = [group[0] for group in groups]
                condensed = await self._asking.condense_articles(leads, USUAL_LENGTH)
            screen = build_stories_screen(groups, condensed, len(posts), texts)
        except QueueFull:
            screen = Screen(html=html.escape(texts.gettext("I am still reading what you sent before.")))
        except LimitReached as error:
            text = texts.gettext(
                "You have asked a lot. Please send this again in {span}.", span=format_span(error.wait, texts)
            )
            screen = Screen(html=html.escape(text))
        await event.send_screen(screen)

    async def _read_posts(self, event: ChatEvent, posts: _Posts) -> tuple[Article, ...]:
        articles: list[Article] = []
        for request, _ in posts:
            try:
                content = await self._asking.reader.read_request(request, event.messenger.bot)
            except READ_ERRORS:
                continue  # the answer counts it
            articles += content.articles
        return tuple(articles)
