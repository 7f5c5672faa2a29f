"""A damaged newspaper page → its articles. Pure: text in, values out.

layout     lines → pieces           wording   datelines, signatures, captions
furniture  what is no article       edges     how texts begin and end
evidence   what speaks for what     labels    the best path through the page
articles   labels → articles        page      all of it
"""

from bot.newspaper.page import split

__all__ = ["split"]
