"""Why a sentence was chosen: the summarizer's features → a few reasons that subscribers understand."""

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


def choose_reasons(sentence: Sentence) -> list[str]:
    """Return what speaks most for the sentence, the strongest first; nothing where no single thing does."""
    weights: dict[str, float] = {}
    for feature, weight in sentence.reasons:
        if reason := REASON_BY_FEATURE.get(feature):
            weights[reason] = weights.get(reason, 0.0) + weight
    strongest = sorted(weights.items(), key=_get_weight, reverse=True)[:_MAX_REASONS]
    return [reason for reason, weight in strongest if weight >= _MIN_WEIGHT]


def _get_weight(item: tuple[str, float]) -> float:
    return item[1]
