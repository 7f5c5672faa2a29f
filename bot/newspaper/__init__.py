"""A damaged newspaper page → its articles. Pure: text in, values out.

sheet         lines with places and sizes (PDF) → pieces, by boxes (what stands together) and order (reading order)
sizes         what the printed sizes rule out
layout        lines → pieces                      furniture   what is no article, and jump lines
noise         what a scanner surely misread
looks         a piece at first sight              wording     datelines, signatures, captions, headings
edges         how texts begin and end             topics      words that texts share
words         what headings use which words
neighbours    what stands before and after        evidence    everything that speaks for something
labels        the best path through the page      articles    labels → articles and blocks
page          all of it, for one page             continuation  halves on two pages → one article
view          pages as HTML, marked as an editor would
"""

from bot.newspaper.continuation import join, whole
from bot.newspaper.page import split, split_sheet
from bot.newspaper.view import as_html

__all__ = ["as_html", "join", "split", "split_sheet", "whole"]
