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
from tests.fakes import run_here
from tests.real.bot_api_rules import judge

CHINESE, TRADITIONAL, ENGLISH = map(choose_answers, ("zh-Hans", "zh-Hant", "en"))
SETTINGS = TelegramSettings(token=Secret("123:abc"))
LIBRARY = (
    "县图书馆昨日起延长开放时间，阅览室每晚开放到二十二时，周末不休息，读者凭身份证即可入馆。"
    "馆长介绍，过去三个月有四千二百人次在晚间到馆，多数是备考的学生，阅览室常常坐满，这次还增加了六十个座位。"
    "公交公司把途经图书馆的三路车末班推迟到二十二时三十分。"
)
MENU = (
    "<html><body><ul>"
    + "".join(f"<li><a href=/{n}>栏目{n}</a></li>" for n in range(60))
    + "</ul></body></html>"
)


def told(fetcher: Fetcher, text: str, words: Answers = CHINESE) -> str:
    """What a reader sees of the answer, which Telegram must accept."""
    said = asyncio.run(Chat(SETTINGS, fetcher, run_here)._compose_answer(message(text), words))
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
    assert 1 <= sum(sentence in seen for sentence in sentences) <= len(sentences)


def test_hard_wrapped_lines_make_no_difference(fetcher_of: Callable[..., Fetcher]) -> None:
    wrapped = "\n".join(PROSE[start : start + 18] for start in range(0, len(PROSE), 18))
    assert told(fetcher_of(), f"/summary {wrapped}") == told(fetcher_of(), f"/summary {PROSE}")


def test_a_newspaper_page_is_answered_article_by_article(fetcher_of: Callable[..., Fetcher]) -> None:
    articles = (
        f"{title}\n本报临溪1月14日讯 {text}\n"
        for title, text in (("老船厂重新开工", PROSE), ("县图书馆夜间开放", LIBRARY))
    )
    page = "临溪日报\n第1版 要闻\n\n" + "\n".join(articles)
    seen = told(fetcher_of(), f"/summary {page}")
    assert seen.index("老船厂重新开工") < seen.index("县图书馆夜间开放")
    assert "临溪日报" not in seen


def test_a_feeds_address_lists_its_newest_items_first(fetcher_of: Callable[..., Fetcher]) -> None:
    items = "".join(
        f"<item><title>第{day}条 &lt;b&gt;</title><link>https://example.org/{day}</link><guid>{day}</guid>"
        f"<pubDate>{day:02} Jan 2026 08:00:00 GMT</pubDate></item>"
        for day in range(1, 15)
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>临溪在线</title>{items}</channel></rss>'
    seen = told(fetcher_of(feed=feed), "/summary https://example.org/feed").split("\n")
    assert seen[0] == "临溪在线"
    assert [line.split()[1] for line in seen[1:]] == [f"第{day}条" for day in range(14, 4, -1)]


def test_labels_are_in_the_askers_language(fetcher_of: Callable[..., Fetcher]) -> None:
    assert "Keywords" in told(fetcher_of(), f"/summary {PROSE}", ENGLISH)
    assert "关键词" in told(fetcher_of(), f"/summary {PROSE}", CHINESE)


def test_markup_in_a_text_stays_text(fetcher_of: Callable[..., Fetcher]) -> None:
    text = (
        "三号桥 <b>明日</b> 通车 & 免费，<script>alert(1)</script> 车程缩短为十五分钟，城西居民出行更方便。"
    )
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
