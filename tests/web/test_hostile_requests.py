"""Requests that no browser sends: every answer is a page or a refusal, never an error of ours.

ZHAIBAO_REQUESTS=10000 is the long form.
"""

import os
import random
from collections import Counter

from tests.web.conftest import Pages

REQUESTS = int(os.environ.get("ZHAIBAO_REQUESTS", "400"))
PATHS = (
    "/",
    "/search",
    "/subscribe",
    "/d/",
    "/a/",
    "/c/",
    "/p/",
    "/u/",
    "/style.css",
    "/sitemap.xml",
    "/robots.txt",
)
METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH")
PIECES = (
    "daily", "world", "2026-11-20", "..", "%2e%2e%2f", "%00", "%ff", "<script>", "'", "\"", "feed.xml", "0",
    "-1", "9" * 40, "a" * 500, "%E4%B8%B4", "export", "newest", "?d=daily", "?q=%22", "#", ";", "{{7*7}}",
    "%0d%0aX:1",
)  # fmt: skip
BODIES = (
    b"",
    b"token=&address=a@b.example",
    b"\xff\xfe",
    b"a=1&" * 2000,
    b"{}",
    b"List-Unsubscribe=One-Click",
)
TYPES = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json",
    "",
    "\xe9",
)


def test_hostile_requests_get_no_error_of_ours(pages: Pages) -> None:
    chance = random.Random(7)  # the same requests in every run
    statuses: Counter[int] = Counter()
    for _ in range(REQUESTS):
        path = chance.choice(PATHS) + "/".join(chance.choices(PIECES, k=chance.randrange(4)))
        answer = pages.browser.request(
            chance.choice(METHODS),
            path.replace("//", "/"),
            content=chance.choice(BODIES),
            headers={
                b"content-type": chance.choice(TYPES).encode("latin-1"),
                b"cookie": f"form={chance.choice(PIECES)}; signed=x".encode(),
                b"accept-language": chance.choice(("", "zh", "*;q=0", "x" * 900, "en,,;q=1")).encode(),
                b"x-forwarded-for": chance.choice(PIECES).encode(),
            },
        )
        statuses[answer.status_code] += 1
        assert "7*7" not in answer.text or "49" not in answer.text
        assert "<script>" not in answer.text
    assert max(statuses) < 500, statuses
    assert len(statuses) >= 4
