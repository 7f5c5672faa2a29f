"""What a message asks to be read: a link, a text or a file. Pure: nothing is fetched."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from telegram import Message, MessageEntity, MessageOriginChannel, MessageOriginHiddenUser, PhotoSize

MAX_FILE_BYTES = 20_000_000  # a bot can fetch no larger one
_COMMAND = re.compile(r"\A/[A-Za-z0-9_]+(@[A-Za-z0-9_]+)?")
_BARE_LINK = re.compile(r"[a-z]+://\S+")  # also one that Telegram does not mark as a link: http://localhost
_CLOSING = "。，、；：！？…）】」』》”’"
_FEW_CHARACTERS = 80  # beside a link; with more, it is a text that contains a link
_SUFFIXES = {  # of a file without a usable name
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "message/rfc822": ".eml",
    "image/png": ".png",
    "image/jpeg": ".jpg",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkRequest:
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TextRequest:
    """`text` stands in no representation, so that it gets into no log."""

    text: str = field(repr=False)
    source: str = ""  # the channel or person that a forwarded post is from
    url: str = ""  # of a forwarded post of a public channel


@dataclass(frozen=True, kw_only=True, slots=True)
class FileRequest:
    file_id: str
    name: str  # its suffix says what it is
    size: int

    @property
    def suffix(self) -> str:
        return PurePath(self.name).suffix.lower()


ReadRequest = LinkRequest | TextRequest | FileRequest


def find_request(message: Message, mention: str = "") -> tuple[ReadRequest, Message] | None:
    """Return what a message asks to be read, and the message that it stands in.

    It stands behind the command or the `mention` ("@name") of the message itself; otherwise in the message
    that it replies to.
    """
    for place in (message, message.reply_to_message):
        if place and (request := _find_own_request(place, mention)):
            return request, place
    return None


def is_forwarded(message: Message) -> bool:
    """Return whether a message is a forwarded post, which may be one of several."""
    return message.forward_origin is not None


def _find_own_request(message: Message, mention: str = "") -> ReadRequest | None:
    if file := _find_file(message):
        return file
    text = _COMMAND.sub("", message.text or message.caption or "").strip()
    if mention:
        text = re.sub(rf"{re.escape(mention)}\b", "", text, flags=re.IGNORECASE).strip()
    return _find_link_or_text(message, text)


def _find_link_or_text(message: Message, text: str) -> ReadRequest | None:
    """Return a link where `text` is little more than that: a link with a word or two around it means the
    page.
    """
    if not text:
        return None
    for shown, link in _list_links(message):
        if len(text) - len(shown) <= _FEW_CHARACTERS:
            return LinkRequest(url=link)
    if _BARE_LINK.fullmatch(text):
        return LinkRequest(url=text)
    source, url = _find_origin(message)
    return TextRequest(text=text, source=source, url=url)


def _list_links(message: Message) -> Iterator[tuple[str, str]]:
    """Yield each link that Telegram marked: its text and its address."""
    for entity, shown in {**message.parse_entities(), **message.parse_caption_entities()}.items():
        if entity.type in (MessageEntity.URL, MessageEntity.TEXT_LINK):
            link = entity.url or shown.rstrip(_CLOSING)  # Telegram includes these marks
            yield shown, link if "://" in link else f"https://{link}"


def _find_origin(message: Message) -> tuple[str, str]:
    """Return the name and the address of what was forwarded; "" if there is none."""
    origin = message.forward_origin
    if isinstance(origin, MessageOriginChannel):
        username = origin.chat.username
        url = f"https://t.me/{username}/{origin.message_id}" if username else ""
        return origin.chat.title or "", url
    if isinstance(origin, MessageOriginHiddenUser):
        return origin.sender_user_name, ""
    return "", ""


def _find_file(message: Message) -> FileRequest | None:
    if document := message.document:
        name = PurePath(document.file_name or "document").name
        suffix = _SUFFIXES.get(document.mime_type or "")
        if suffix and not PurePath(name).suffix:
            name += suffix
        return FileRequest(file_id=document.file_id, name=name, size=document.file_size or 0)
    if message.photo:
        largest = max(message.photo, key=_count_pixels)
        return FileRequest(file_id=largest.file_id, name="photo.jpg", size=largest.file_size or 0)
    return None


def _count_pixels(photo: PhotoSize) -> int:
    return photo.width * photo.height
