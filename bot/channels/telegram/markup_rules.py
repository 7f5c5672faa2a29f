"""What Telegram takes as HTML: https://core.telegram.org/bots/api#html-style. A theme may break it."""

from html import unescape
from html.parser import HTMLParser

from bot.models import Message
from bot.phrases import Phrase
from bot.render.plaintext import measure_utf16

_TAGS = frozenset(
    [
        "b",
        "strong",
        "i",
        "em",
        "u",
        "ins",
        "s",
        "strike",
        "del",
        "span",
        "tg-spoiler",
        "a",
        "tg-emoji",
        "tg-time",
        "code",
        "pre",
        "blockquote",
    ]
)
_ENTITIES = frozenset(["lt", "gt", "amp", "quot"])
_MAX_UNITS = 4096  # UTF-16 units after parsing


class _MarkupError(Exception):
    """Carries the Phrase that says what Telegram refuses."""

    def __init__(self, reason: Phrase) -> None:
        super().__init__(str(reason))
        self.reason = reason


def find_fault(message: Message) -> Phrase | None:
    """Return what Telegram would refuse in the plain parts of the message; None where it takes them."""
    for part in message.parts:
        reader = _Reader()
        try:
            reader.feed(part.html)
            reader.close()
            reader.check_end()
        except _MarkupError as error:
            return Phrase("telegram.html: {reason}", reason=error.reason)
    return None


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._open: list[str] = []
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise _MarkupError(Phrase("Telegram knows no tag <{tag}>", tag=tag))
        if tag == "span" and dict(attributes).get("class") != "tg-spoiler":
            raise _MarkupError(Phrase('Telegram takes <span> only with class="tg-spoiler"'))
        self._open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        raise _MarkupError(Phrase("Telegram knows no tag <{tag}/>", tag=tag))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            raise _MarkupError(Phrase("</{tag}> closes no open tag", tag=tag))

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_entityref(self, name: str) -> None:
        if name not in _ENTITIES:
            raise _MarkupError(Phrase("Telegram knows no entity &{name};", name=name))
        self._text.append(unescape(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self._text.append(unescape(f"&#{name};"))

    def handle_comment(self, data: str) -> None:  # noqa: ARG002
        raise _MarkupError(Phrase("Telegram takes no comments"))

    def handle_decl(self, decl: str) -> None:
        raise _MarkupError(Phrase("Telegram knows no tag <{tag}>", tag=f"!{decl.split()[0]}"))

    def check_end(self) -> None:
        """Refuse what is only known at the end: open tags, and a text of a length that is not taken."""
        if self._open:
            raise _MarkupError(Phrase("<{tag}> is not closed", tag=self._open[-1]))
        text = "".join(self._text).strip()
        if not text:
            raise _MarkupError(Phrase("the message is empty"))
        if measure_utf16(text) > _MAX_UNITS:
            raise _MarkupError(Phrase("the message has over {n} characters", n=_MAX_UNITS))
