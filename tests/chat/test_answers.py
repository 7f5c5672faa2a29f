"""What the bot says to /summary: key sentences, or one kind sentence."""

import asyncio
from collections.abc import Callable

import httpx
import pytest

from bot.channels.telegram.settings import TelegramSettings
from bot.chat.answers import Answers, choose_answers
from bot.chat.conversation import Chat
from bot.fetch import Fetcher
from bot.settings import Secret
from tests.chat.conftest import ARTICLE, PROSE, message
from tests.real.bot_api_rules import judge

CHINESE, TRADITIONAL, ENGLISH = map(choose_answers, ("zh-Hans", "zh-Hant", "en"))
SETTINGS = TelegramSettings(token=Secret("123:abc"))
MENU = "<html><body><ul>" + "".join(f"<li><a href=/{n}>栏目{n}</a></li>" for n in range(60)) + "</ul></body></html>"


def told(fetcher: Fetcher, text: str, words: Answers = CHINESE) -> str:
    """What a reader sees of the answer, which Telegram must accept."""
    said = asyncio.run(Chat(SETTINGS, fetcher)._compose_answer(message(text), words))
    seen, _ = judge(said, "HTML")
    return seen


def test_a_link_is_answered_by_its_articles_own_sentences(fetcher_of: Callable[..., Fetcher]) -> None:
    seen = told(fetcher_of(boat=ARTICLE), "/summary https://example.org/boat")
    assert seen.startswith("老船厂重新开工")
    assert any(sentence in seen for sentence in PROSE.split("。") if sentence)


def test_a_text_is_answered_by_its_own_sentences(fetcher_of: Callable[..., Fetcher]) -> None:
    sentences = [sentence for sentence in PROSE.split("。") if sentence]
    seen = told(fetcher_of(), f"/summary {PROSE}")
    assert seen.startswith("摘要\n")
    assert 1 <= sum(sentence in seen for sentence in sentences) <= 3


def test_markup_in_a_text_stays_text(fetcher_of: Callable[..., Fetcher]) -> None:
    text = "三号桥 <b>明日</b> 通车 & 免费，<script>alert(1)</script> 车程缩短为十五分钟，城西居民出行更方便。"
    assert "<b>明日</b> 通车 & 免费，<script>alert(1)</script>" in told(fetcher_of(), f"/summary {text}")


@pytest.mark.parametrize("words", [CHINESE, ENGLISH])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/summary", "nothing_given"),
        ("/summary ……", "no_sentence"),
        ("/summary http://127.0.0.1/admin", "forbidden_link"),
        ("/summary http://[::1]/admin", "forbidden_link"),
        ("/summary http://169.254.169.254/latest/meta-data", "forbidden_link"),
        ("/summary https://example.org:8080/x", "forbidden_link"),
        ("/summary https://user:secret@example.org/x", "forbidden_link"),
        ("/summary ftp://example.org/x", "forbidden_link"),
        ("/summary https://example.org/away", "unreachable"),
        ("/summary https://example.org/missing", "unreachable"),
        ("/summary https://example.org/broken", "unreachable"),
        ("/summary https://example.org/menu", "no_article"),
        ("/summary https://example.org/huge", "too_long"),
    ],
)
def test_what_cannot_be_read_gets_one_kind_sentence(
    fetcher_of: Callable[..., Fetcher], text: str, expected: str, words: Answers
) -> None:
    web = fetcher_of(away=httpx.ConnectError("refused"), broken=500, menu=MENU, huge="x" * 10_000_001)
    assert told(web, text, words) == getattr(words, expected)


@pytest.mark.parametrize("answers", [CHINESE, TRADITIONAL, ENGLISH])
def test_every_text_is_one_that_telegram_takes(answers: Answers) -> None:
    for name, value in vars(Answers).items():
        if isinstance(value, property):
            text = getattr(answers, name)
            assert text.strip() == text != ""
            judge(text, "")
    assert len(answers.summary_command) <= 256
    assert len(answers.help_command) <= 256


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        *(("zh-hans", CHINESE), ("zh", CHINESE), (None, CHINESE), ("", CHINESE)),
        *(("zh-hant", TRADITIONAL), ("zh-TW", TRADITIONAL), ("en-GB", ENGLISH), ("de", ENGLISH)),
    ],
)
def test_each_user_is_answered_in_their_language(tag: str | None, words: Answers) -> None:
    assert choose_answers(tag).help == words.help
