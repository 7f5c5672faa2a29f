"""What a person wants condensed: a link, a text, or the message replied to."""

import pytest
from telegram import Message

from bot.chat.conversation import find_request
from tests.chat.conftest import PROSE, message, replying

PAGE = "https://example.org/news/1"


@pytest.mark.parametrize(
    ("text", "link"),
    [
        (f"/summary {PAGE}", PAGE),
        (f"/summary\n{PAGE}", PAGE),
        (f"/summary@zhaibao_bot {PAGE}", PAGE),
        (f"/summary 请看 {PAGE} 谢谢", PAGE),
        (f"/summary （{PAGE}）。", PAGE),
        (f"/summary {PAGE}?a=1&b=2", f"{PAGE}?a=1&b=2"),
        ("/summary example.org/news/1", PAGE),
        ("/summary http://localhost/admin", "http://localhost/admin"),
        (f"/summary {PAGE} https://example.org/news/2", PAGE),
    ],
)
def test_a_link_after_the_command_is_followed(text: str, link: str) -> None:
    assert find_request(message(text)) == (link, "")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (f"/summary {PROSE}", PROSE),
        (f"/summary\n{PROSE}", PROSE),
        (f"/summary\nA heading\n{PROSE}", f"A heading\n{PROSE}"),
        (f"/summary{PROSE}", PROSE),
        (f"/summary {PROSE} {PAGE}", f"{PROSE} {PAGE}"),  # a text that holds a link
    ],
)
def test_a_text_after_the_command_is_taken_whole(text: str, rest: str) -> None:
    assert find_request(message(text)) == ("", rest)


@pytest.mark.parametrize("text", ["/summary", "/summary ", "/summary@zhaibao_bot", "/summary \n "])
def test_a_bare_command_wants_nothing(text: str) -> None:
    assert find_request(message(text)) == ("", "")


def hidden(shown: str, link: str, **more: object) -> Message:
    entity = {"type": "text_link", "offset": 0, "length": len(shown), "url": link}
    return message(shown, entities=[entity], **more)


@pytest.mark.parametrize(
    ("replied", "expected"),
    [
        (message(PAGE), (PAGE, "")),
        (message(PROSE), ("", PROSE)),
        (hidden("点这里", PAGE), (PAGE, "")),
        (hidden(PROSE + PROSE, PAGE), (PAGE, "")),  # all of it is the link
        (
            message(
                "", caption=f"照片 {PAGE}", caption_entities=[{"type": "url", "offset": 3, "length": 26}]
            ),
            (PAGE, ""),
        ),
        (message("", caption=PROSE), ("", PROSE)),
        (message(""), ("", "")),
    ],
)
def test_a_reply_wants_what_it_answers_to(replied: Message, expected: tuple[str, str]) -> None:
    assert find_request(replying("/summary", replied)) == expected


def test_a_word_behind_which_a_link_hides_is_followed() -> None:
    entities = [
        {"type": "bot_command", "offset": 0, "length": 8},
        {"type": "text_link", "offset": 9, "length": 2, "url": PAGE},
    ]
    assert find_request(message("/summary 这篇", entities=entities)) == (PAGE, "")


def test_what_follows_the_command_goes_before_what_it_replies_to() -> None:
    assert find_request(replying(f"/summary {PAGE}", message(PROSE))) == (PAGE, "")
