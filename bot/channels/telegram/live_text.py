"""Keeps words of an article from becoming links by themselves: @name, #tag, $AAPL, /command, README.md.

Telegram's server looks for such words in every text. An invisible WORD JOINER inside one stops it; the text
looks the same. What stands in a link of ours is left alone: there the server looks for nothing.
"""

import re

_WORD_JOINER = "\u2060"
_MARKUP = re.compile(r"<(?P<tag>/?\w*)[^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-z]+);")  # of a reference # is no tag
_LIVE = re.compile(
    r"@(?=\w)"  # a mention, or the middle of a mail address
    r"|\#(?=\w)"
    r"|\$(?=[A-Z1])"
    r"|(?<![\w/<>])/(?=[A-Za-z0-9_])"  # a command; in and/or it is none
    r"|(?<=[\w\)-])\.(?=[^\W\d_])"  # a domain: README.md, ASP.NET
    r"|(?<=\d)\.(?=\d{1,3}\.\d)"  # an address of four numbers
    r"|:(?=//)"
)


def quiet_text(html: str) -> str:
    """Return a message in Telegram's HTML in which no word becomes a link, mention or command by itself.

    >>> quiet_text("见 README.md，@someone").replace("\u2060", "|")
    '见 README.|md，@|someone'
    """
    pieces = []
    end, is_link = 0, False
    for match in _MARKUP.finditer(html):
        text = html[end : match.start()]
        pieces += [text if is_link else _LIVE.sub(_add_joiner, text), match[0]]
        is_link = match["tag"] == "a" or (is_link and match["tag"] != "/a")
        end = match.end()
    return "".join([*pieces, _LIVE.sub(_add_joiner, html[end:])])


def _add_joiner(match: re.Match[str]) -> str:
    return match[0] + _WORD_JOINER
