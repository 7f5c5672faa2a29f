"""What Telegram's Bot API server refuses, in the order it looks and in the words it uses.

The parsing is Telegram's own: tdjson is the library the server is built on. Rich Messages it leaves to
Telegram's servers, so those are judged here by what the documentation lists; what is not listed is refused.
Lengths are counted in UTF-16 units, as Telegram's offsets are; the server counts code points, so this is the
stricter reading.
"""

import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from html import unescape
from html.parser import HTMLParser
from typing import Any

import tdjson

RAW_BYTES = 32_768
TEXT_UNITS = 4_096
SHOWN_ENTITIES = 100  # the rest of the markup is dropped without a word
CALLBACK_BYTES = 64
# Rich Messages: https://core.telegram.org/bots/api#rich-message-formatting-options
RICH_TEXT = 32_768
RICH_BLOCKS = 500
RICH_DEPTH = 16
RICH_VOID = {"hr", "br"}
RICH_STYLES = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "mark", "sub", "sup", "tg-spoiler"}
RICH_INLINE = RICH_STYLES | {"a", "code"}
RICH_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
RICH_BLOCK = RICH_HEADINGS | {"p", "pre", "footer", "ul", "ol", "li", "blockquote", "details", "summary"}
ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);)")

MODES = {
    "html": {"@type": "textParseModeHTML"},
    "markdown": {"@type": "textParseModeMarkdown", "version": 1},
    "markdownv2": {"@type": "textParseModeMarkdown", "version": 2},
}
KINDS = {
    "TextUrl": "text_link",
    "PreCode": "pre",
    "EmailAddress": "email",
    "PhoneNumber": "phone_number",
    "BotCommand": "bot_command",
    "BlockQuote": "blockquote",
    "ExpandableBlockQuote": "expandable_blockquote",
    "CustomEmoji": "custom_emoji",
    "MentionName": "text_mention",
}

Json = dict[str, Any]  # Any: these are the wire's own shapes


class Refusal(Exception):
    """An answer with ok=false: its HTTP status, description and parameters."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad_request(text: str, **parameters: int) -> Refusal:
    return Refusal(400, f"Bad Request: {text}", **parameters)


def too_many(seconds: int) -> Refusal:
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


class Standing(StrEnum):
    """What the bot may do in a chat."""

    MEMBER = "member"
    ADMINISTRATOR = "administrator"
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    STRANGER = "stranger"  # the person never pressed /start
    KICKED = "kicked"
    LEFT = "left"
    MUTED = "muted"


@dataclass(kw_only=True)
class Chat:
    """A chat as the double knows it; a test may change its standing at any time."""

    id: int
    kind: str = "private"  # private, group, supergroup, channel
    title: str = "Reader"
    username: str = ""
    standing: Standing = Standing.MEMBER
    moved_to: int | None = None
    topics: set[int] = field(default_factory=set)
    closed_topics: set[int] = field(default_factory=set)

    @property
    def json(self) -> Json:
        naming = {"first_name": self.title} if self.kind == "private" else {"title": self.title}
        named = {"username": self.username} if self.username else {}
        forum = {"is_forum": True} if self.topics or self.closed_topics else {}
        return {"id": self.id, "type": self.kind, **naming, **named, **forum}

    @property
    def noun(self) -> str:
        return f"{self.kind} chat"


def check_chat(chat: Chat, topic: int | None) -> None:
    """Raise the Refusal that sending to `chat` earns, if any."""
    if chat.moved_to is not None:
        raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to)
    refused = {
        Standing.BLOCKED: Refusal(403, "Forbidden: bot was blocked by the user"),
        Standing.DEACTIVATED: Refusal(403, "Forbidden: user is deactivated"),
        Standing.STRANGER: Refusal(403, "Forbidden: bot can't initiate conversation with a user"),
        Standing.KICKED: Refusal(403, f"Forbidden: bot was kicked from the {chat.noun}"),
        Standing.LEFT: Refusal(403, f"Forbidden: bot is not a member of the {chat.noun}"),
        Standing.MUTED: bad_request("not enough rights to send text messages to the chat"),
    }.get(chat.standing)
    if refused is not None:
        raise refused
    if chat.kind == "channel" and chat.standing is not Standing.ADMINISTRATOR:
        raise bad_request("need administrator rights in the channel chat")
    if topic is not None and topic in chat.closed_topics:
        raise bad_request("TOPIC_CLOSED")
    if topic is not None and topic not in chat.topics:
        raise bad_request("message thread not found")


def judge(text: str, parse_mode: str) -> tuple[str, tuple[Json, ...]]:
    """Return the text a reader sees and its entities in Bot API form, or raise the Refusal it earns."""
    if len(text.encode()) > RAW_BYTES:
        raise bad_request("text is too long")
    if not text:
        raise bad_request("message text is empty")
    visible, entities = parsed(text, parse_mode)
    visible, entities = trimmed(visible, entities)
    if not visible:
        raise bad_request("text must be non-empty")
    if units(visible) > TEXT_UNITS:
        raise bad_request("message is too long")
    return visible, entities[:SHOWN_ENTITIES]


def judge_rich(rich: Json) -> str:
    """Return the text a reader sees, a line a block, or raise the Refusal it earns."""
    html = rich.get("html")
    if not isinstance(html, str) or not html:
        raise bad_request("rich message must be non-empty")
    if (loose := ENTITY.search(html)) is not None:
        raise bad_request(f"can't parse rich message: unsupported entity at offset {loose.start()}")
    reader = RichReader()
    reader.feed(html)
    reader.close()
    if reader.open:
        raise bad_request(
            f"can't parse rich message: can't find end tag corresponding to start tag {reader.open[-1]}"
        )
    text = "\n".join(" ".join(line.split()) for line in "".join(reader.said).split("\n") if line.strip())
    if not text:
        raise bad_request("rich message must be non-empty")
    if len(text) > RICH_TEXT or reader.blocks > RICH_BLOCKS:
        raise bad_request("rich message is too long")
    return text


class RichReader(HTMLParser):
    """Keeps what is said and refuses what is not listed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.said: list[str] = []
        self.blocks = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in RICH_INLINE | RICH_BLOCK | RICH_VOID:
            raise bad_request(f"can't parse rich message: unsupported start tag {tag}")
        if tag in RICH_BLOCK and set(self.open) & RICH_INLINE:
            raise bad_request(f"can't parse rich message: block {tag} inside of inline markup")
        if tag in RICH_BLOCK | RICH_VOID:
            self.blocks += 1
            self.said.append("\n")
        if tag == "a" and not dict(attributes).get("href"):
            raise bad_request("can't parse rich message: a link without an address")
        if tag not in RICH_VOID:
            self.open.append(tag)
        if len(self.open) > RICH_DEPTH:
            raise bad_request("can't parse rich message: nested too deep")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise bad_request(f"can't parse rich message: unexpected end tag {tag}")
        if tag in RICH_BLOCK:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        self.said.append(re.sub(r"\s+", " ", data))  # lines are white space in HTML

    def handle_entityref(self, name: str) -> None:
        self.said.append(unescape(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self.said.append(unescape(f"&#{name};"))

    def handle_comment(self, data: str) -> None:  # noqa: ARG002
        raise bad_request("can't parse rich message: a comment")


def parsed(text: str, parse_mode: str) -> tuple[str, tuple[Json, ...]]:
    if not parse_mode:
        return text, ()
    mode = MODES.get(parse_mode.lower())
    if mode is None:
        raise bad_request("unsupported parse_mode")
    answer = td({"@type": "parseTextEntities", "text": text, "parse_mode": mode})
    if answer["@type"] == "error":
        message = answer["message"]
        raise bad_request(message[:1].lower() + message[1:])
    return answer["text"], tuple(map(entity, answer["entities"]))


def trimmed(visible: str, entities: tuple[Json, ...]) -> tuple[str, tuple[Json, ...]]:
    """Drop white space at both ends, as the server does, and what of the entities lay in it."""
    bare = visible.strip()
    shift = units(visible) - units(visible.lstrip())
    size = units(bare)
    kept = []
    for one in entities:
        start = max(one["offset"] - shift, 0)
        end = min(one["offset"] - shift + one["length"], size)
        if end > start:
            kept.append({**one, "offset": start, "length": end - start})
    return bare, tuple(kept)


def linked(text: str) -> tuple[Json, ...]:
    """Return what the server makes a link, command or tag of by itself."""
    return tuple(map(entity, td({"@type": "getTextEntities", "text": text})["entities"]))


def entity(found: Json) -> Json:
    """Turn tdjson's entity into the Bot API's: textEntityTypeTextUrl → text_link."""
    kind = found["type"]["@type"].removeprefix("textEntityType")
    extra = {key: found["type"][key] for key in ("url", "language") if key in found["type"]}
    return {
        "type": KINDS.get(kind, kind.lower()),
        "offset": found["offset"],
        "length": found["length"],
        **extra,
    }


def check_markup(markup: Json) -> None:
    for row in markup.get("inline_keyboard", ()):
        for button in row:
            if not button.get("text"):
                raise bad_request("can't parse inline keyboard button: text buttons must be non-empty")
            actions = [key for key in ("url", "callback_data", "web_app", "copy_text") if button.get(key)]
            if not actions:
                raise bad_request("can't parse inline keyboard button: text buttons are unallowed")
            if len(button.get("callback_data", "").encode()) > CALLBACK_BYTES:
                raise bad_request("BUTTON_DATA_INVALID")


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def td(request: Json) -> Json:
    answer: Json = json.loads(tdjson.td_execute(json.dumps(request).encode()) or b"{}")
    return answer


td({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})
