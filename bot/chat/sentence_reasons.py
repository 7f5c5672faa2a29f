"""Why a sentence was chosen, in plain words: the names of the summarizer's features → a few reasons."""

from collections.abc import Sequence

from bot.locales import Catalogue
from summarizer import Sentence

_MIN_WEIGHT = 0.05  # of what a feature adds to a sentence's score; less explains nothing
_MAX_REASONS = 3

# Reason → the features that mean it. Features that speak against a sentence, or that no reader would
# understand, are left out.
_FEATURES_BY_REASON = {
    "start": "sentence_1 sentence_2 paragraph_1 early rather_early introduction ends_introduction "
    "sentence_1_of_long_text early_of_long_text rather_early_of_long_text sentence_1_of_parts "
    "rather_early_of_parts ends_introduction_of_long_text first_without_title",
    "paragraph": "begins_paragraph alone_in_paragraph begins_paragraph_of_long_text",
    "title": "like_title like_headings like_title_of_long_text",
    "central": "walk walk_of_long_text direction",
    "figures": "figure figures measure percent money total",
    "time": "date recent",
    "decision": "decision plan document official",
    "change": "change first event result become",
    "place": "place body name",
    "length": "length length_squared sentence_length clauses",
}
REASON_BY_FEATURE = {
    feature: reason for reason, features in _FEATURES_BY_REASON.items() for feature in features.split()
}


def list_reasons(sentence: Sentence, texts: Catalogue) -> list[str]:
    """Return what speaks most for the sentence, the strongest first; nothing where no single thing does."""
    weights: dict[str, float] = {}
    for feature, weight in sentence.reasons:
        if reason := REASON_BY_FEATURE.get(feature):
            weights[reason] = weights.get(reason, 0.0) + weight
    strongest = sorted(weights.items(), key=_get_weight, reverse=True)[:_MAX_REASONS]
    return [_describe_reason(reason, texts) for reason, weight in strongest if weight >= _MIN_WEIGHT]


def _get_weight(item: tuple[str, float]) -> float:
    return item[1]


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
