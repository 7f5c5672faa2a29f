"""A damaged newspaper page → its articles. Pure: text in, values out.

sheet         lines with places and sizes (PDF) → pieces, by boxes (what stands together) and order (reading
order) sizes         what the printed sizes rule out layout        lines → pieces
furniture   what is no article, and jump lines noise         what a scanner surely misread looks         a
piece at first sight              wording     datelines, signatures, captions, headings edges         how
texts begin and end             topics      words that texts share words         what headings use which words
neighbours    what stands before and after        evidence    everything that speaks for something labels
the best path through the page      articles    labels → articles and blocks page          all of it, for one
page             continuation  halves on two pages → one article view          pages as HTML, marked as an
editor would
"""

from bot.newspaper.continuation import join_articles, join_halves
from bot.newspaper.marking import render_html
from bot.newspaper.splitting import split_page, split_sheet

__all__ = ["join_articles", "join_halves", "render_html", "split_page", "split_sheet"]
