"""What the bot says, a row a language; Telegram tells each user's own."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    help: str
    nothing: str  # /summary with nothing to summarize
    empty: str  # a text without a sentence
    bad_link: str
    unreachable: str
    no_article: str
    too_large: str
    busy: str
    failed: str
    untitled: str  # stands over the sentences of a text that has no title
    summary: str  # menu texts of the commands
    about: str


CHINESE = Answers(
    help=(
        "我把报纸和网页上的文章摘成它自己的几句话，一字不改。\n\n"
        "/summary 网址 — 摘这篇文章\n"
        "/summary 一段文字 — 摘这段文字\n"
        "或者用 /summary 回复一条消息。"
    ),
    nothing="请在 /summary 后面加上网址或文字，或者用它回复一条消息。",
    empty="这段文字里没有可以摘出的句子。",
    bad_link="这个网址我不能打开：只能读公开网站上的网页。",
    unreachable="这个网址现在打不开，请稍后再试。",
    no_article="这个网页里没有找到文章。",
    too_large="内容太长了，我读不下。",
    busy="我还在读您上一篇，请稍等。",
    failed="这一次没有读成，请稍后再试。",
    untitled="摘要",
    summary="摘一篇文章",
    about="怎么用",
)

ENGLISH = Answers(
    help=(
        "I condense articles to a few of their own sentences, word for word.\n\n"
        "/summary LINK – condense that article\n"
        "/summary TEXT – condense that text\n"
        "or reply to a message with /summary."
    ),
    nothing="Put a link or a text after /summary, or reply to a message with it.",
    empty="There is no sentence in this that could stand as a summary.",
    bad_link="I can't open that link: I read pages of public web sites only.",
    unreachable="That link does not answer now; please try again later.",
    no_article="I found no article on that page.",
    too_large="That is too much for me to read.",
    busy="I am still reading your last one, one moment please.",
    failed="That did not work this time; please try again later.",
    untitled="In short",
    summary="Condense an article",
    about="How to use me",
)

LANGUAGES = {"zh": CHINESE, "en": ENGLISH}


def choose_answers(language: str | None) -> Answers:
    """The row for a BCP 47 tag as Telegram gives it; Chinese where it gives none, English for a language without one.

    >>> answers("zh-hans") is CHINESE, answers("de") is ENGLISH
    (True, True)
    """
    if not language:
        return CHINESE
    return LANGUAGES.get(language.partition("-")[0], ENGLISH)
