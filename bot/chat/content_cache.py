"""What requests led to, for a few minutes: a button under an answer then needs no second fetch.

Pages of the web are public. Texts and files that a person sent are kept only as long as `[telegram]
keep_minutes` says, by default not at all: Telegram gives them again with the button.
"""

from collections import OrderedDict
from collections.abc import Callable

from bot.chat.reading import ReadContent
from bot.chat.requests import FileRequest, LinkRequest, ReadRequest, TextRequest

_LINK_SECONDS = 600.0
_MAX_CHARACTERS = 10_000_000  # of all articles together


class ContentCache:
    def __init__(self, keep_minutes: int, clock: Callable[[], float]) -> None:
        self._own_seconds, self._clock = keep_minutes * 60.0, clock
        self._contents: OrderedDict[ReadRequest, tuple[float, ReadContent]] = OrderedDict()
        self._characters = 0

    def find_content(self, request: ReadRequest) -> ReadContent | None:
        self._drop_expired()
        entry = self._contents.get(request)
        return entry[1] if entry else None

    def add_content(self, request: ReadRequest, content: ReadContent) -> None:
        seconds = _LINK_SECONDS if isinstance(request, LinkRequest) else self._own_seconds
        if not seconds or request in self._contents:
            return
        self._drop_expired()
        self._contents[request] = (self._clock() + seconds, content)
        self._characters += _count_characters(request, content)
        while self._characters > _MAX_CHARACTERS:
            self._drop_request(next(iter(self._contents)))

    def _drop_expired(self) -> None:
        now = self._clock()
        for request in [request for request, (ends_at, _) in self._contents.items() if ends_at <= now]:
            self._drop_request(request)

    def _drop_request(self, request: ReadRequest) -> None:
        _, content = self._contents.pop(request)
        self._characters -= _count_characters(request, content)


def _count_characters(request: ReadRequest, content: ReadContent) -> int:
    match request:
        case TextRequest(text=text):
            own = len(text)
        case LinkRequest(url=text) | FileRequest(file_id=text):
            own = len(text)
    return own + sum(len(article.text) for article in content.articles)
