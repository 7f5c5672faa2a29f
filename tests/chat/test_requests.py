"""What a person wants read: a link, a text, a file, or the message replied to."""

import pytest
from telegram import Message

from bot.chat.requests import FileRequest, LinkRequest, ReadRequest, TextRequest, find_request
from tests.chat.conftest import PROSE, message, replying

PAGE = "https://example.org/news/1"


def find(found: Message, mention: str = "") -> ReadRequest | None:
    pair = find_request(found, mention)
    return pair[0] if pair else None


@pytest.mark.parametrize(
    ("text", "link"),
    [
        (PAGE, PAGE),
        (f"/summary {PAGE}", PAGE),
        (f"/summary\n{PAGE}", PAGE),
        (f"/summary@zhaibao_bot {PAGE}", PAGE),
        (f"请看 {PAGE} 谢谢", PAGE),
        (f"（{PAGE}）。", PAGE),
        (f"{PAGE}?a=1&b=2", f"{PAGE}?a=1&b=2"),
        ("example.org/news/1", PAGE),
        ("http://localhost/admin", "http://localhost/admin"),
        (f"{PAGE} https://example.org/news/2", PAGE),
    ],
)
def test_a_link_is_followed(text: str, link: str) -> None:
    assert find(message(text)) == LinkRequest(url=link)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (PROSE, PROSE),
        (f"/summary {PROSE}", PROSE),
        (f"/summary\nA heading\n{PROSE}", f"A heading\n{PROSE}"),
        (f"/summary{PROSE}", PROSE),
        (f"{PROSE} {PAGE}", f"{PROSE} {PAGE}"),  # a text that holds a link
    ],
)
def test_a_text_is_taken_whole(text: str, rest: str) -> None:
    assert find(message(text)) == TextRequest(text=rest)


@pytest.mark.parametrize("text", ["/summary", "/summary ", "/summary@zhaibao_bot", "/summary \n "])
def test_a_bare_command_wants_nothing(text: str) -> None:
    assert find(message(text)) is None


def hide_link(shown: str, link: str) -> Message:
    return message(shown, entities=[{"type": "text_link", "offset": 0, "length": len(shown), "url": link}])


CAPTIONED = message("", caption=f"照片 {PAGE}", caption_entities=[{"type": "url", "offset": 3, "length": 26}])


@pytest.mark.parametrize(
    ("replied", "expected"),
    [
        (message(PAGE), LinkRequest(url=PAGE)),
        (message(PROSE), TextRequest(text=PROSE)),
        (hide_link("点这里", PAGE), LinkRequest(url=PAGE)),
        (hide_link(PROSE + PROSE, PAGE), LinkRequest(url=PAGE)),  # all of it is the link
        (CAPTIONED, LinkRequest(url=PAGE)),
        (message("", caption=PROSE), TextRequest(text=PROSE)),
        (message(""), None),
    ],
)
def test_a_reply_wants_what_it_answers_to(replied: Message, expected: ReadRequest | None) -> None:
    assert find(replying("/summary", replied)) == expected
    assert find(replying("@zhaibao_bot", replied), "@zhaibao_bot") == expected


def test_what_follows_the_command_goes_before_what_it_replies_to() -> None:
    assert find(replying(f"/summary {PAGE}", message(PROSE))) == LinkRequest(url=PAGE)


def test_a_document_is_known_by_its_type_where_its_name_says_nothing() -> None:
    document = {"file_id": "f", "file_unique_id": "u", "file_name": "paper", "mime_type": "application/pdf"}
    assert find(message("", document=document)) == FileRequest(file_id="f", name="paper.pdf", size=0)


def test_of_a_picture_the_largest_size_is_read() -> None:
    sizes = [
        {"file_id": name, "file_unique_id": name, "width": side, "height": side}
        for name, side in (("small", 90), ("large", 1280), ("middle", 320))
    ]
    request = find(message("", photo=sizes))
    assert isinstance(request, FileRequest)
    assert request.file_id == "large"


def test_a_persons_text_stands_in_no_representation() -> None:
    assert PROSE[:10] not in repr(find(message(PROSE)))
