import pytest

from summarizer import LANGUAGES, detect_language
from summarizer.languages import get_language

SAMPLES = [
    ("zh", "清河大桥今天通车，两岸群众过河不再绕行。"),
    ("zh", "清河大橋今天通車，兩岸民眾過河不再繞行。"),
    ("zh", "他用 Python 和 PostgreSQL 写了一个程序。"),
    ("zh", "品牌「の」字随处可见，这是一种流行的写法，许多商店都这样做。"),
    ("ja", "橋が今日開通し、両岸の住民は遠回りをしなくてよい。"),
    ("ko", "다리가 오늘 개통되었다."),
    ("en", "The bridge opened today and nobody has to go the long way round."),
    ("vi", "Cây cầu đã được thông xe và người dân không phải đi đường vòng."),
    ("fr", "Le pont est ouvert et les gens ne font plus le tour."),
    ("ru", "Мост открыли сегодня."),
    ("", "12345 !!!"),
    ("", ""),
]


@pytest.mark.parametrize(("tag", "text"), SAMPLES)
def test_the_language_is_told_from_the_text(tag: str, text: str) -> None:
    assert detect_language(text) == tag


@pytest.mark.parametrize(
    ("tag", "row"), [("zh-Hant-TW", "zh"), ("en_GB", "en"), ("vi", ""), ("", ""), ("JA", "ja")]
)
def test_a_tag_finds_its_row(tag: str, row: str) -> None:
    assert get_language(tag).units == LANGUAGES[row].units
    assert get_language(tag).tag == (row or tag)
