"""The texts of the pages, in the language of the subscriber or the browser."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

from bot.locales import load_catalogue

_MONDAY = date(2026, 11, 30)
_DEFAULT_LANGUAGE = "zh"  # of browsers that name none

WebWords = Mapping[str, str]


@cache
def build_words(language: str) -> WebWords:
    """Return the texts by their names; `tag` is the language they are in.

    >>> build_words("en")["subscribe"], build_words("de-AT")["tag"]
    ('Subscribe', 'en')
    """
    texts = load_catalogue("web", language or _DEFAULT_LANGUAGE)
    return {
        "tag": texts.tag,
        "all_editions": texts.gettext("All editions"),
        "search": texts.gettext("Search"),
        "search_for": texts.gettext("Words, a “phrase”, a name"),
        "nothing_matches": texts.gettext("No edition has printed this. Try fewer or other words."),
        "printed_in": texts.gettext("printed in"),
        "subscribe": texts.gettext("Subscribe"),
        "previous": texts.gettext("Earlier"),
        "next": texts.gettext("Later"),
        "no_edition": texts.gettext("No edition has come out yet. It comes by itself."),
        "not_found": texts.gettext("There is nothing here"),
        "not_found_text": texts.gettext("The link is cut or out of date. The digest is one tap away."),
        "to_digest": texts.gettext("To the digest"),
        "too_many": texts.gettext("Too many requests"),
        "too_many_text": texts.gettext("Please wait an hour and try again."),
        "too_large": texts.gettext("This is too large"),
        "too_large_text": texts.gettext("Send less, and try again."),
        "in_article": texts.gettext("In the article"),
        "original": texts.gettext("The original"),
        "marked": texts.gettext("Marked: what the digest printed. A tap on a sentence says why."),
        "only_sentences": texts.gettext(
            "Only what stands around the sentences is shown; the original has the rest."
        ),
        "head_missing": texts.gettext("The beginning is missing on the page."),
        "tail_missing": texts.gettext("The end is missing on the page."),
        "why": texts.gettext("Why this sentence"),
        "why_start": texts.pgettext("why", "near the beginning"),
        "why_paragraph": texts.pgettext("why", "opens a paragraph"),
        "why_title": texts.pgettext("why", "says what the title says"),
        "why_central": texts.pgettext("why", "shares most with the rest of the text"),
        "why_figures": texts.pgettext("why", "has figures"),
        "why_time": texts.pgettext("why", "says when"),
        "why_decision": texts.pgettext("why", "reports a decision or plan"),
        "why_change": texts.pgettext("why", "reports what changed"),
        "why_place": texts.pgettext("why", "says who or where"),
        "why_length": texts.pgettext("why", "fits the length"),
        "why_best": texts.pgettext("why", "no single reason: the best of the rest"),
        "mail_address": texts.gettext("Mail address"),
        "which_digests": texts.gettext("Digests"),
        "see_last": texts.gettext("see the last edition"),
        "time_wished": texts.gettext("Hour (empty: the usual one)"),
        "send_form": texts.gettext("Send me the link"),
        "form_hint": texts.gettext("You get a mail with a link. Nothing else is sent before you confirm."),
        "lost_hint": texts.gettext("Lost your settings? Enter your address here: the mail leads to them."),
        "wrong_address": texts.gettext("This is no mail address that we can write to. Please check it."),
        "wrong_form": texts.gettext("The form is out of date. Please send it once more."),
        "no_mail": texts.gettext("This digest is not sent by mail."),
        "choose_digest": texts.gettext("Choose at least one digest."),
        "look_in_mail": texts.gettext("Look into your mailbox"),
        "look_in_mail_text": texts.gettext("A mail is on its way. Its link is valid for 48 hours."),
        "confirm": texts.gettext("Confirm"),
        "confirm_question": texts.gettext("Send the digest to this address?"),
        "confirm_button": texts.gettext("Yes, subscribe"),
        "expired": texts.gettext("This link is out of date"),
        "expired_text": texts.gettext("Please fill in the form once more; a new mail comes at once."),
        "confirmed": texts.gettext("Subscribed"),
        "next_at": texts.gettext("The next edition comes"),
        "send_now": texts.gettext("Send me the latest edition now"),
        "sent_now": texts.gettext("The latest edition is on its way."),
        "nothing_now": texts.gettext("There is no edition to send yet, or you have it already."),
        "settings": texts.gettext("Settings"),
        "saved": texts.gettext("Saved."),
        "not_saved": texts.gettext("Not saved:"),
        "times": texts.gettext("Hours"),
        "times_hint": texts.gettext("as in 07:30 18:00; empty: as the digest"),
        "weekdays": texts.gettext("Days (none: as the digest)"),
        "topics": texts.gettext("Topics"),
        "topics_hint": texts.gettext(
            "as in hospital +harbour !advertisement; ! leaves out, + must be in it; empty: everything"
        ),
        "length": texts.gettext("Length"),
        "length_default": texts.gettext("as the digest"),
        "length_short": texts.gettext("short"),
        "length_medium": texts.gettext("medium"),
        "length_long": texts.gettext("long"),
        "stories": texts.gettext("Stories at most (0: as the digest)"),
        "language": texts.gettext("Language of these pages"),
        "save": texts.gettext("Save"),
        "pause": texts.gettext("Pause"),
        "pause_until": texts.gettext("until"),
        "paused": texts.gettext("Paused"),
        "resume": texts.gettext("Resume"),
        "leave": texts.gettext("Unsubscribe"),
        "leave_question": texts.gettext("Stop sending the digest to you?"),
        "left": texts.gettext("Unsubscribed"),
        "left_text": texts.gettext("Nothing comes any more."),
        "undo": texts.gettext("Undo"),
        "weekly": texts.gettext("Once a week instead"),
        "subscribe_again": texts.gettext("Subscribe"),
        "export": texts.gettext("All that is stored about you (JSON)"),
        "forget": texts.gettext("Delete all that is stored about me"),
        "forget_question": texts.gettext(
            "This deletes your address, wishes and history, and cannot be undone."
        ),
        "forgotten": texts.gettext("Deleted"),
        "forgotten_text": texts.gettext("Your address stands nowhere any more."),
        "new_link": texts.gettext("Make a new link to this page"),
        "new_link_text": texts.gettext("The former link leads nowhere any more. Keep this one:"),
        "signup_subject": texts.gettext("Please confirm your subscription"),
        "signup_text": texts.gettext("Somebody, probably you, asked for this digest at this address:"),
        "signup_link": texts.gettext("Confirm the subscription"),
        "signup_ignore": texts.gettext("If it was not you, do nothing: nothing more is sent."),
        "known_subject": texts.gettext("The link to your settings"),
        "known_text": texts.gettext(
            "Here are your subscriptions, hours and topics, and the way to unsubscribe:"
        ),
        "known_link": texts.gettext("My settings"),
        "subscriptions": texts.gettext("Your subscriptions"),
        "address_label": texts.gettext("Address"),
        **{
            f"day_{number}": texts.format_date(_MONDAY + timedelta(days=number), "EEE") for number in range(7)
        },
        "powered": texts.gettext("Every sentence stands word for word in its article."),
    }
