"""The texts of the bot's answers, in the language that Telegram names for each user."""

from functools import cache

from bot.locales import Catalogue, load_catalogue

_DEFAULT_LANGUAGE = "zh"  # for users without a language in Telegram


class Answers:
    """The texts of one language. Telegram shows them without markup."""

    def __init__(self, texts: Catalogue) -> None:
        self.tag = texts.tag
        self._texts = texts

    @property
    def help(self) -> str:
        # Translators: /summary is a command and stays as it is.
        return self._texts.gettext(
            "I pick the key sentences of an article, word for word.\n\n"
            "/summary LINK – summarize that article\n"
            "/summary TEXT – summarize that text\n"
            "You can also reply to a message with /summary."
        )

    @property
    def nothing_given(self) -> str:
        return self._texts.gettext(
            "Please put a link or a text after /summary, or reply to a message with it."
        )

    @property
    def no_sentence(self) -> str:
        return self._texts.gettext("I found no complete sentence in this text.")

    @property
    def forbidden_link(self) -> str:
        return self._texts.gettext("I cannot open this link. I only read pages of public websites.")

    @property
    def unreachable(self) -> str:
        return self._texts.gettext("This page does not open at the moment. Please try again later.")

    @property
    def no_article(self) -> str:
        return self._texts.gettext("I found no article on this page.")

    @property
    def too_long(self) -> str:
        return self._texts.gettext("This is too long for me to read.")

    @property
    def busy(self) -> str:
        return self._texts.gettext("I am still reading what you sent before. One moment, please.")

    @property
    def failed(self) -> str:
        return self._texts.gettext("Sorry, that did not work. Please try again later.")

    @property
    def untitled(self) -> str:
        # Translators: Heading of the summary of a text that has no title.
        return self._texts.gettext("Summary")

    @property
    def summary_command(self) -> str:
        # Translators: What the menu says about the command /summary.
        return self._texts.gettext("Summarize an article")

    @property
    def help_command(self) -> str:
        # Translators: What the menu says about the command /help.
        return self._texts.gettext("How to use this bot")


@cache
def choose_answers(language: str | None) -> Answers:
    """Return the texts for a language tag from Telegram. An unsupported language gets English.

    >>> choose_answers("zh-hant").tag, choose_answers(None).tag, choose_answers("de").tag
    ('zh-Hant', 'zh-Hans', 'en')
    """
    return Answers(load_catalogue("chat", language or _DEFAULT_LANGUAGE))
