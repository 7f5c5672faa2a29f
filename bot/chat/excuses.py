"""Why a request could not be answered, and the one thing that the person can do about it."""

from bot.chat.reading import FileTooLarge, UnreadableFile
from bot.chat.requests import FileRequest, LinkRequest, ReadRequest
from bot.errors import (
    BadStatus,
    FetchError,
    ForbiddenAddress,
    InputError,
    LimitExceeded,
    SourceError,
    TooLarge,
)
from bot.locales import Catalogue

READ_ERRORS = (FetchError, SourceError, InputError, ValueError, UnreadableFile, FileTooLarge)
_NOT_ALLOWED_STATUSES = frozenset({401, 402, 403, 407, 451})
_GONE_STATUSES = frozenset({404, 410})


def is_worth_retrying(error: Exception) -> bool:
    """Return whether the same request may succeed in a moment."""
    if isinstance(error, BadStatus):
        return error.status not in _NOT_ALLOWED_STATUSES | _GONE_STATUSES
    return isinstance(error, FetchError) and not isinstance(error, ForbiddenAddress | TooLarge)


def choose_excuse(error: Exception, request: ReadRequest, texts: Catalogue) -> str:
    """Return what happened and what to do, as plain text."""
    match error:
        case UnreadableFile():
            return texts.gettext(
                "I cannot read this type of file. Send txt, md, html, pdf, docx, epub, eml or a picture."
            )
        case FileTooLarge():
            return texts.gettext("This file is larger than 20 MB. Send the text or a smaller file.")
        case ForbiddenAddress():
            return texts.gettext("I only read public websites. Paste the article here instead.")
        case TooLarge() | LimitExceeded() | ValueError():
            return texts.gettext("This is too long for me. Send a part of it.")
        case BadStatus() if error.status in _GONE_STATUSES:
            return texts.gettext("This page does not exist. Check the link.")
        case BadStatus() if error.status in _NOT_ALLOWED_STATUSES or "browser" in str(error.reason):
            return texts.gettext("This website does not let me read it. Paste the article here instead.")
        case FetchError():
            return texts.gettext("This page does not open at the moment.")
        case _:
            return _choose_unread_excuse(error, request, texts)


def _choose_unread_excuse(error: Exception, request: ReadRequest, texts: Catalogue) -> str:
    if isinstance(request, LinkRequest):
        return texts.gettext("I found no article on this page. Paste the article here instead.")
    if isinstance(request, FileRequest) and "zhaibao[ocr]" in str(error):
        return texts.gettext("I cannot read pictures here. Send the text instead.")
    if isinstance(request, FileRequest):
        return texts.gettext("I found no text in this file. Send a sharper picture or the text itself.")
    return texts.gettext("I found no complete sentence in this text. Send the whole article.")
