"""A damaged newspaper page → its articles. Pure: text in, values out.

layout     lines → pieces           wording   datelines, signatures, captions, headings
furniture  what is no article       edges     how texts begin and end
evidence   what speaks for what     labels    the best path through the page
articles   labels → articles        page      all of it
continuation  halves on two pages   view      a page as HTML
"""

from bot.newspaper.continuation import join
from bot.newspaper.page import split
from bot.newspaper.view import as_html

__all__ = ["as_html", "join", "split"]
