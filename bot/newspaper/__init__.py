"""Take a damaged newspaper page apart into its articles. The package is pure: text comes in, values go out.

sheet, boxes, order         lines with places and sizes (PDF, scan) → pieces in reading order
turning                     pages set vertically or lying on their side; large first letters
sizes                       what the printed sizes rule out
layout                      lines of text → pieces
furniture, noise            what is not part of an article, jump lines; what a scanner misread
piece_traits                what a piece shows by itself
line_patterns, edges        datelines, signatures, captions; how texts begin and end
shared_terms                the words that texts share
heading_words, heading_runs the words that headings use; headings compared with the headings around them
neighbours                  what stands before and after a piece
evidence                    all observations together
labels, certainty           the best path through the page, and how certain it is
assembly                    labels → articles and blocks
splitting                   all of it, for one page
doubt                       scanned pages that were not read at all
continuation                halves on two pages → one article
marking                     pages as HTML, marked as an editor would mark them
"""

from bot.newspaper.continuation import join_articles, join_halves
from bot.newspaper.marking import render_html
from bot.newspaper.splitting import split_page, split_sheet

__all__ = ["join_articles", "join_halves", "render_html", "split_page", "split_sheet"]
