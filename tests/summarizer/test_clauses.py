from summarizer.clauses import split_clauses
from summarizer.languages import get_language


def split(text: str, language: str = "zh") -> list[str]:
    return [text[start:end] for start, end in split_clauses(text, 0, len(text), get_language(language))]


def test_a_clause_ends_at_a_comma_and_the_last_keeps_the_full_stop() -> None:
    assert split("大桥今天通车，但引桥还没有修好。") == ["大桥今天通车", "但引桥还没有修好。"]


def test_quotations_and_brackets_are_not_split() -> None:
    text = "县里开展“修好桥，铺好路”活动（含两镇，三村），群众很满意。"
    assert split(text) == ["县里开展“修好桥，铺好路”活动（含两镇，三村）", "群众很满意。"]


def test_english_is_cut_before_conjunctions_alone() -> None:
    assert split("The bridge in Hill, Ohio, opened, and the crowd cheered.", "en") == [
        "The bridge in Hill, Ohio, opened",
        "and the crowd cheered.",
    ]
