"""Why a sentence was chosen, in plain words."""

from collections.abc import Sequence

from bot.locales import Catalogue
from bot.render.sentence_reasons import choose_reasons
from summarizer import Sentence


def list_reasons(sentence: Sentence, texts: Catalogue) -> list[str]:
    """Return what speaks most for the sentence, the strongest first; nothing where no single thing does."""
    return [_describe_reason(reason, texts) for reason in choose_reasons(sentence)]


def _describe_reason(reason: str, texts: Catalogue) -> str:
    return {
        "start": texts.pgettext("why", "near the beginning"),
        "paragraph": texts.pgettext("why", "opens a paragraph"),
        "title": texts.pgettext("why", "close to the title"),
        "central": texts.pgettext("why", "shares most with the rest of the text"),
        "figures": texts.pgettext("why", "has figures"),
        "time": texts.pgettext("why", "says when"),
        "decision": texts.pgettext("why", "reports a decision or plan"),
        "change": texts.pgettext("why", "reports what changed"),
        "place": texts.pgettext("why", "says who or where"),
        "length": texts.pgettext("why", "fits the length"),
    }[reason]


def join_reasons(reasons: Sequence[str], texts: Catalogue) -> str:
    return texts.pgettext("between reasons", ", ").join(reasons) or texts.pgettext(
        "why", "no single reason: the best of the rest"
    )
