"""The text of a web page → its tree."""

import re
from typing import Any  # lxml ships no types

import lxml.html
from lxml import etree

from bot.errors import SourceError
from bot.phrases import Phrase
from bot.sources.html.prose import drop_control_characters

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def build_tree(text: str, url: str) -> Any:
    """Return the tree of the page at `url`, whose text is made safe to parse.

    Raises SourceError where it is empty.
    """
    try:
        return lxml.html.document_fromstring(drop_control_characters(_XML_DECLARATION.sub("", text)))
    except (etree.ParserError, ValueError) as error:
        raise SourceError(Phrase("{url}: the page is empty", url=url)) from error
