"""The words around the stories, in the language of an edition, for views and templates."""

from collections.abc import Sequence
from datetime import date
from functools import cache

from bot.locales import Catalogue, load_catalogue
from bot.models import LeftOutReason


class Wording:
    """One language's words. Templates use them as `words`."""

    def __init__(self, texts: Catalogue) -> None:
        self.tag = (
            texts.tag
        )  # for the lang attribute, by which browsers choose simplified or traditional fonts
        self._texts = texts

    @property
    def empty(self) -> str:
        return self._texts.gettext("Nothing new today. Until next time.")

    @property
    def silent_sources(self) -> str:
        return self._texts.gettext("The sources published nothing since the last edition.")

    @property
    def untitled(self) -> str:
        return self._texts.gettext("(untitled)")

    @property
    def other_section(self) -> str:
        # Translators: Heading of the stories without a section, below stories that have one.
        return self._texts.gettext("Other news")

    @property
    def comma(self) -> str:
        return self._texts.pgettext("between names", ", ")

    @property
    def also(self) -> str:
        # Translators: Before the names of the other sources of a story.
        return self._texts.gettext("Also: ")

    @property
    def update(self) -> str:
        # Translators: Marks a story that continues a story of an earlier edition.
        return self._texts.pgettext("mark of a story", "Update")

    @property
    def shortened(self) -> str:
        return self._texts.gettext("shortened")

    @property
    def whole(self) -> str:
        # Translators: The link to the whole story.
        return self._texts.gettext("the whole story")

    @property
    def more_stories(self) -> str:
        # Translators: Before the titles of stories without room.
        return self._texts.gettext("Also in the news: ")

    @property
    def test_mark(self) -> str:
        # Translators: Before the title of an edition that the operator sends to try the delivery.
        return self._texts.pgettext("mark of an edition", "Test")

    @property
    def on_the_web(self) -> str:
        return self._texts.gettext("On the web")

    @property
    def all_editions(self) -> str:
        return self._texts.gettext("All editions")

    @property
    def previous(self) -> str:
        return self._texts.gettext("Previous edition")

    def format_story_count(self, n: int) -> str:
        return self._texts.ngettext("{n} story", "{n} stories", n)

    def format_minutes(self, n: int) -> str:
        return self._texts.ngettext("about a minute to read", "about {n} minutes to read", n)

    def format_remaining(self, n: int) -> str:
        """Return the line about stories that did not fit into a mail."""
        return self._texts.ngettext("{n} more story", "{n} more stories", n)

    def format_page(self, n: int) -> str:
        # Translators: A page of a newspaper.
        return self._texts.gettext("p. {n}", n=n)

    def format_unread(self, names: str) -> str:
        return self._texts.gettext("Could not be read today: {names}", names=names)

    def format_left_out(self, reasons: Sequence[str]) -> str:
        """Return the line that says why an edition is empty or short."""
        return self._texts.gettext("Left out: {reasons}.", reasons=self.comma.join(reasons))

    def format_left_out_reason(self, reason: LeftOutReason, n: int) -> str:
        match reason:
            case LeftOutReason.OLD:
                return self._texts.ngettext("{n} too old", "{n} too old", n)
            case LeftOutReason.PRINTED:
                return self._texts.ngettext("{n} printed before", "{n} printed before", n)
            case LeftOutReason.UNCERTAIN:
                return self._texts.ngettext("{n} cut out uncertainly", "{n} cut out uncertainly", n)
            case LeftOutReason.SHORT:
                return self._texts.ngettext("{n} too short", "{n} too short", n)
            case LeftOutReason.UNTITLED:
                return self._texts.ngettext("{n} without a title", "{n} without a title", n)
            case LeftOutReason.OFF_TOPIC:
                return self._texts.ngettext("{n} outside your topics", "{n} outside your topics", n)
            case LeftOutReason.MINOR:
                return self._texts.ngettext("{n} less important", "{n} less important", n)

    def format_keywords(self, names: str) -> str:
        return self._texts.gettext("Keywords: {names}", names=names)

    def format_first_printing(self, day: date) -> str:
        # Translators: After the notes of an update.
        return self._texts.gettext("first printed on {date}", date=self.format_short_date(day))

    def format_missing_head(self, page: str) -> str:
        """Return the note about a missing beginning; `page` is where it is, as printed, "" if unknown."""
        if not page:
            return self._texts.gettext("beginning missing")
        return self._texts.gettext("beginning missing, from {page}", page=page)

    def format_missing_tail(self, page: str) -> str:
        if not page:
            return self._texts.gettext("end missing")
        return self._texts.gettext("end missing, continued on {page}", page=page)

    def split_addition(self) -> tuple[str, str]:
        """Return the words before and after the name of a source that adds to a story."""
        before, _, after = self._texts.gettext("{source} adds: ").partition("{source}")
        return before, after

    def join_names(self, names: Sequence[str], most: int) -> str:
        """Join at most `most` names in the way of the language, and count the others."""
        return self.comma.join(names[:most]) + self.format_unnamed(len(names) - most)

    def format_unnamed(self, n: int) -> str:
        """Return the end of a list of sources of which `n` are not named."""
        return self._texts.npgettext("sources", " and {n} more", " and {n} more", n) if n > 0 else ""

    def format_others(self, named: int, n: int) -> str:
        """Return the end of the list of stories without room, of which `n` are not `named`."""
        if n <= 0:
            return ""
        # Translators: Use {n} for those that are not named, or {total} for all of them.
        return self._texts.npgettext("stories", " and {n} more", " and {n} more", n, total=named + n)

    def format_short_date(self, day: date) -> str:
        # Translators: Patterns of dates: https://cldr.unicode.org/translation/date-time/date-time-patterns
        return self._format_date(day, self._texts.pgettext("date", "d MMMM"))

    def format_month(self, day: date) -> str:
        return self._format_date(day, self._texts.pgettext("date", "LLLL y"))

    def format_with_weekday(self, day: date, *, year: bool = False) -> str:
        if year:
            return self._format_date(day, self._texts.pgettext("date", "EEEE, d MMMM y"))
        return self._format_date(day, self._texts.pgettext("date", "EEEE, d MMMM"))

    def _format_date(self, day: date, pattern: str) -> str:
        return self._texts.format_date(day, pattern)


@cache
def find_wording(language: str) -> Wording:
    """Return the words in the language of a BCP 47 tag, or in English if the interface lacks it."""
    return Wording(load_catalogue("digest", language))
